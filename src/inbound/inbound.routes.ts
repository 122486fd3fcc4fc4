import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import { type InboundId, isUuid } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import type { WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { type InboundLine, listInbound, listUnregistered } from "./letters.queries.ts";
import { MEANINGS } from "./meaning.ts";

const InboundView = Type.Object({
  id: Type.String(),
  receivedAt: Type.String(),
  from: Type.String({ description: "masked" }),
  body: Type.String(),
  meaning: Nullable(OneOf(MEANINGS)),
  rule: Nullable(Type.String()),
  why: Nullable(Type.String()),
  detail: Type.Unsafe<Record<string, unknown> | null>({ type: ["object", "null"], additionalProperties: true }),
  suggestionId: Nullable(Type.String()),
});

export function inboundRoutes(app: FastifyInstance, deps: WorkDeps & { sealer: Sealer }): void {
  const describe = (line: InboundLine) => ({
    id: line.id,
    receivedAt: isoLocal(line.receivedAt),
    from: maskPhone(deps.sealer.openPhone(line.fromPhone)),
    body: line.body,
    meaning: line.meaning,
    rule: line.rule,
    why: line.why,
    detail: line.detail,
    suggestionId: line.suggestionId,
  });
  const before = (cursor: string | undefined) => (cursor && isUuid(cursor) ? (cursor as InboundId) : null);

  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/inbound",
    access: "inbound.read",
    summary: "Every text that came, with what it was taken to mean",
    params: Type.Object({ code: Type.String() }),
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: pageOf(InboundView),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const rows = await listInbound(work.tx, village.id, limit + 1, before(query.cursor));
      return ok(page(rows, limit, (row) => row.id, describe));
    },
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/inbound",
    access: "inbound.unregistered",
    summary: "Texts from phones that no roster knows",
    query: Type.Object({ ...PageQuery, unregistered: Type.Literal("true") }, { additionalProperties: false }),
    answer: pageOf(InboundView),
    async handle(work, { query }) {
      const limit = readLimit(query.limit);
      const rows = await listUnregistered(work.tx, limit + 1, before(query.cursor));
      return ok(page(rows, limit, (row) => row.id, describe));
    },
  });
}
