import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { type InboundId, isUuid } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import { findVillage, type Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { apiRoute } from "../web/api.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { attachStranger, dismissStranger } from "./decide-stranger.ts";
import { listStrangers, type StrangersText } from "./strangers.queries.ts";

const PAGE = 50;
type Deps = PageDeps & { sealer: Sealer };
type Act = (work: Work, village: Village, id: string, said: Fields) => Promise<Outcome<InboundId>>;

/** Phones that no roster knows: what they wrote, and a person's word of whose they are. */
export function strangerRoutes(app: FastifyInstance, deps: Deps): void {
  const show = (visit: Visit) => showStrangers(visit, deps.sealer);
  const access = "inbound.attach";
  pageRoute(app, deps, { url: "/v/:code/strangers", access: "inbound.unregistered", show });

  const decision = (url: string, done: string, summary: string, fields: readonly string[], act: Act) => {
    pageForm(app, deps, {
      url: `/v/:code/strangers/:id/${url}`,
      access,
      page: show,
      async act(work, params, said) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const decided = await act(work, village.value, params.id ?? "", said);
        return decided.ok ? ok(`/v/${params.code}/strangers?done=${done}`) : decided;
      },
    });
    const text = Type.String({ minLength: 1, maxLength: 500 });
    apiRoute(app, deps, {
      method: "POST",
      url: `/inbound/:id/${url}`,
      access,
      summary,
      params: Type.Object({ id: Type.String() }),
      body: Type.Object(Object.fromEntries(["village", ...fields].map((name) => [name, text])), {
        additionalProperties: false,
      }),
      answer: Type.Object({ id: Type.String() }),
      async handle(work, { params, body }) {
        const said = body as Fields;
        const village = await findVillage(work.tx, said.village ?? "");
        if (!village) return refusal("not_found", "没有这个村");
        const decided = await act(work, village, params.id, said);
        return decided.ok ? ok({ id: decided.value }) : decided;
      },
    });
  };
  decision(
    "attachment",
    "attached",
    "Write the phone of this text into the roster, and understand again what it wrote",
    ["household", "name"],
    (work, village, id, said) =>
      attachStranger(work, deps.sealer, village.id, id, { household: said.household ?? "", name: said.name ?? "" }),
  );
  decision(
    "dismissal",
    "dismissed",
    "The phone belongs to nobody here, for this reason",
    ["reason"],
    (work, village, id, said) => dismissStranger(work, village.id, id, said.reason ?? ""),
  );
}

async function showStrangers({ work, params, query }: Visit, sealer: Sealer): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const before = query.before && isUuid(query.before) ? (query.before as InboundId) : null;
  const dismissed = query.show === "dismissed";
  const rows = await listStrangers(work.tx, { dismissed, limit: PAGE + 1, before });
  const phones = groupByPhone(rows.slice(0, PAGE), sealer);
  return ok({
    view: "strangers",
    title: dismissed ? "看过的，不是本村的号码" : "名册上没有的号码发来的",
    tab: "more",
    village: village.value,
    data: {
      dismissed,
      phones,
      older: rows.length > PAGE ? (rows[PAGE - 1]?.id ?? null) : null,
      // The form that came back, by its text.
      tried: params.id ?? null,
      decide: !dismissed && may(work.actor.role, "inbound.attach"),
    },
  });
}

/** One card per phone, whoever wrote last on top; its forms carry the id of its newest text. */
function groupByPhone(rows: readonly StrangersText[], sealer: Sealer) {
  const phones = new Map<
    string,
    { id: InboundId; phone: string; why: string | null; texts: { at: Date; body: string }[] }
  >();
  for (const row of rows) {
    const key = row.fromHash.toString("hex");
    const known = phones.get(key) ?? {
      id: row.id,
      phone: maskPhone(sealer.openPhone(row.fromPhone)),
      why: row.dismissedWhy,
      texts: [],
    };
    known.texts.unshift({ at: row.receivedAt, body: row.body });
    phones.set(key, known);
  }
  return [...phones.values()];
}
