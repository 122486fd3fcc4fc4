import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { sayCount } from "../lib/spans.ts";
import { CLOCK_NAMES } from "../village/promises.ts";
import { apiRoute, OneOf } from "../web/api.ts";
import { type Page, type PageDeps, pageRoute, type Visit } from "../web/page.ts";
import { caseClocks, describeClock } from "./clocks.ts";
import { findCase } from "./find-case.ts";
import { listOrders } from "./supervision.queries.ts";

const ClocksAnswer = Type.Object({
  clocks: Type.Array(
    Type.Object({
      name: OneOf(CLOCK_NAMES),
      title: Type.String(),
      from: Type.String(),
      until: Type.String(),
      state: OneOf(["running", "kept", "late"] as const),
      why: Type.String({ description: "why this date, in words" }),
      days: Type.Array(Type.Object({ date: Type.String(), counts: Type.Boolean(), words: Type.String() })),
    }),
  ),
});

/** "Why this date?": each clock of a case, day by day. */
export function clockRoutes(app: FastifyInstance, deps: PageDeps): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/suggestions/:id/clocks",
    access: "suggestion.read",
    summary: "Every date of a case, and why it is this one, day by day",
    params: Type.Object({ id: Type.String() }),
    answer: ClocksAnswer,
    async handle(work, { params }) {
      const found = await findCase(work, params.id);
      if (!found.ok) return found;
      const { suggestion, village } = found.value;
      const clocks = caseClocks(suggestion, await listOrders(work.tx, suggestion.id), village, work.now);
      return ok({
        clocks: clocks.map(({ name, title, from, until, state, why, days }) => ({
          name,
          title,
          from: isoLocal(from),
          until: isoLocal(until),
          state,
          why,
          days: days.map((one) => ({ date: one.date, counts: one.count !== null, words: sayCount(one) })),
        })),
      });
    },
  });
  pageRoute(app, deps, { url: "/v/:code/cases/:id/dates", access: "suggestion.read", show: showDates });
}

async function showDates({ work, params }: Visit): Promise<Outcome<Page>> {
  const found = await findCase(work, params.id ?? "", params.code ?? "");
  if (!found.ok) return found;
  const { suggestion, village } = found.value;
  const clocks = caseClocks(suggestion, await listOrders(work.tx, suggestion.id), village, work.now);
  return ok({
    view: "case-dates",
    title: `编号 ${suggestion.number} 的日子是怎么定的`,
    tab: "cases",
    village,
    data: { id: suggestion.id, clocks: clocks.map((clock) => describeClock(clock, work.now)) },
  });
}
