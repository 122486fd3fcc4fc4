import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import type { WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, OneOf, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { assignMany } from "./assign-suggestion.ts";
import { CaseView, describeLine, SummaryView, viewCase } from "./case-json.ts";
import { CATEGORIES } from "./category.ts";
import { listLedger } from "./ledger.queries.ts";
import { readNarrowing } from "./ledger-filter.ts";
import { listPublications } from "./publication.queries.ts";
import { recordOral } from "./record-oral.ts";
import { HEARD_WORDS, NATURES, SUGGESTION_STATES } from "./suggestion.ts";

const IdParams = Type.Object({ id: Type.String() });
const strict = { additionalProperties: false } as const;
const Word = Type.Optional(Type.String({ maxLength: 100 }));
const Yes = Type.Optional(OneOf(["true", "false"]));
const Day = Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }));

export function suggestionRoutes(app: FastifyInstance, deps: WorkDeps & { sealer: Sealer }): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/suggestions",
    access: "suggestion.read",
    summary: "The ledger: whoever waits longest against the promise first",
    params: Type.Object({ code: Type.String() }),
    query: Type.Object(
      {
        ...PageQuery,
        state: Type.Optional(OneOf(SUGGESTION_STATES)),
        overdue: Yes,
        owner: Type.Optional(Type.String({ maxLength: 40, description: "an account's id, or `none`" })),
        category: Type.Optional(OneOf([...CATEGORIES, "none"])),
        nature: Type.Optional(OneOf(NATURES)),
        group: Word,
        escalated: Yes,
        urgent: Yes,
        since: Day,
        until: Day,
        q: Word,
        number: Type.Optional(Type.String({ pattern: "^\\d{1,9}$" })),
      },
      strict,
    ),
    answer: pageOf(SummaryView),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const offset = Number(/^\d{1,7}$/.exec(query.cursor ?? "")?.[0] ?? 0);
      const rows = await listLedger(work.tx, village.id, {
        states: query.state ? [query.state] : null,
        overdue: query.overdue === "true",
        narrow: readNarrowing(query),
        sealed: true,
        now: work.now,
        limit: limit + 1,
        offset,
      });
      return ok(
        page(
          rows,
          limit,
          () => String(offset + limit),
          (row) => describeLine(row, deps.sealer, work.now),
        ),
      );
    },
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/suggestions/:id",
    access: "suggestion.read",
    summary: "One case with everything that happened to it",
    params: IdParams,
    answer: CaseView,
    handle: (work, { params }) => viewCase(work, params.id, deps.sealer),
  });

  const VillageParams = Type.Object({ code: Type.String() });
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/suggestions",
    access: "suggestion.record",
    status: 201,
    summary: "Write down what somebody without a phone said: the same number and clock as a text",
    params: VillageParams,
    body: Type.Object(
      {
        who: Type.String({ maxLength: 100, description: "a name or a household's number" }),
        villager: Type.Optional(Type.String({ maxLength: 40, description: "his id, where several could be meant" })),
        text: Type.String({ maxLength: 5000 }),
        heard: Type.String({ maxLength: 20, description: Object.keys(HEARD_WORDS).join(", ") }),
      },
      strict,
    ),
    answer: CaseView,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const recorded = await recordOral(work, village, body);
      return recorded.ok ? await viewCase(work, recorded.value, deps.sealer) : recorded;
    },
  });

  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/suggestions/assignment",
    access: "suggestion.assign",
    summary: "Give several cases to one person; each stands by itself, and those that cannot be given say why",
    params: VillageParams,
    body: Type.Object(
      {
        ids: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 100 }),
        to: Type.String({ minLength: 1, maxLength: 100 }),
      },
      strict,
    ),
    answer: Type.Object({
      assigned: Type.Array(Type.String()),
      refused: Type.Array(Type.Object({ id: Type.String(), message: Type.String() })),
    }),
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const bulk = await assignMany(work, village.id, body.ids, body.to);
      if (!bulk.ok) return bulk;
      const { assigned, refused } = bulk.value;
      return ok({
        assigned: assigned.map((one) => one.id),
        refused: refused.map(({ id, message }) => ({ id, message })),
      });
    },
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/publications",
    access: "suggestion.read",
    summary: "What the village has published of its ledger, newest first",
    params: VillageParams,
    answer: Type.Object({
      items: Type.Array(
        Type.Object({
          number: Type.Integer(),
          question: Type.String(),
          answer: Type.String(),
          publishedAt: Type.String(),
        }),
      ),
    }),
    async handle(work, { params }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const items = await listPublications(work.tx, village.id, 200);
      return ok({
        items: items.map(({ number, question, answer, publishedAt }) => ({
          number,
          question,
          answer,
          publishedAt: isoLocal(publishedAt),
        })),
      });
    },
  });
}
