import type { FastifyInstance } from "fastify";
import { type InboundId, isUuid } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageRoute, type Visit } from "../web/page.ts";
import { type InboundLine, listInbound } from "./letters.queries.ts";
import { MEANING_WORDS } from "./meaning.ts";

const PAGE = 50;

/** Every text that came, with what it was taken to mean and why. */
export function letterRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  const show = async ({ work, params, query }: Visit): Promise<Outcome<Page>> => {
    const village = await visitVillage(work, params);
    if (!village.ok) return village;
    const before = query.before && isUuid(query.before) ? (query.before as InboundId) : null;
    const rows = await listInbound(work.tx, village.value.id, PAGE + 1, before);
    return ok({
      view: "letters",
      title: "村民发来的短信",
      tab: "more",
      village: village.value,
      data: {
        older: rows.length > PAGE ? (rows[PAGE - 1]?.id ?? null) : null,
        items: rows.slice(0, PAGE).map((row) => describe(row, deps.sealer)),
      },
    });
  };
  pageRoute(app, deps, { url: "/v/:code/letters", access: "inbound.read", show });
}

const describe = (row: InboundLine, sealer: Sealer) => ({
  at: row.receivedAt,
  who: row.villager ?? row.staff ?? "不认识的号码",
  household: row.household,
  phone: maskPhone(sealer.openPhone(row.fromPhone)),
  body: row.body,
  meaning: row.meaning === null ? "还没读懂" : MEANING_WORDS[row.meaning],
  why: row.why,
  unanswered: row.detail?.unanswered === true,
  caseId: row.suggestionId,
  caseNumber: row.suggestionNumber,
});
