import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { localMonth } from "../lib/china-time.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { apiRoute, Nullable } from "../web/api.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { type Budget, readBudget } from "./budget.queries.ts";
import { describeBudget } from "./budget-view.ts";
import { MOST_SEGMENTS, setBudget } from "./set-budget.ts";
import { findVillage } from "./village.queries.ts";
import { visitVillage } from "./visit-village.ts";

const BudgetAnswer = Type.Object({
  month: Type.String({ description: "2026-10, the village's calendar month" }),
  monthlySegments: Nullable(Type.Integer({ description: "null: no limit" })),
  used: Type.Integer({ description: "segments that broadcasts have reserved in this month" }),
});
const answer = ({ month, limit, used }: Budget) => ({ month: month.slice(0, 7), monthlySegments: limit, used });
const VillageParams = Type.Object({ code: Type.String() });

/** What a village may send in a month: read by everybody who writes notices, set by those above. */
export function budgetRoutes(app: FastifyInstance, deps: PageDeps): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/budget",
    access: "budget.read",
    summary: "The month's segments: the limit and what is used",
    params: VillageParams,
    answer: BudgetAnswer,
    async handle(work, { params }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      return ok(answer(await readBudget(work.tx, village.id, localMonth(work.now))));
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/budget",
    access: "budget.set",
    summary: "Set how many segments the village's broadcasts may take in a month",
    params: VillageParams,
    body: Type.Object(
      { monthlySegments: Nullable(Type.Integer({ minimum: 0, maximum: MOST_SEGMENTS })) },
      { additionalProperties: false },
    ),
    answer: BudgetAnswer,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const set = await setBudget(work, village, body.monthlySegments);
      return set.ok ? ok(answer(set.value)) : set;
    },
  });

  pageRoute(app, deps, { url: "/v/:code/budget", access: "budget.read", show: showBudget });
  pageForm(app, deps, {
    url: "/v/:code/budget",
    access: "budget.set",
    page: showBudget,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const limit = readLimit(fields.monthlySegments ?? "");
      if (!limit.ok) return limit;
      const set = await setBudget(work, village.value, limit.value);
      return set.ok ? ok(`/v/${params.code}/budget?done=budget_set`) : set;
    },
  });
}

function readLimit(text: string): Outcome<number | null> {
  const typed = text.trim();
  if (typed === "") return ok(null);
  if (/^\d{1,9}$/.test(typed)) return ok(Number(typed));
  return invalid({ field: "monthlySegments", message: "每月条数要写整数，比如 3000；不限就留空" });
}

async function showBudget({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const budget = await readBudget(work.tx, village.value.id, localMonth(work.now));
  const { limit, used } = budget;
  return ok({
    view: "budget",
    title: limit === null ? `本月发了 ${used} 条，没有限额` : `本月还能发 ${Math.max(0, limit - used)} 条`,
    tab: "more",
    village: village.value,
    data: {
      budget: describeBudget(budget),
      set: may(work.actor.role, "budget.set"),
      form: problem?.fields ?? { monthlySegments: limit === null ? "" : String(limit) },
    },
  });
}
