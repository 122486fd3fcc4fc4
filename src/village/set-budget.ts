import { audit } from "../db/audit.queries.ts";
import { localMonth } from "../lib/china-time.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { type Budget, readBudget, updateLimit } from "./budget.queries.ts";
import type { Village } from "./village.queries.ts";

export const MOST_SEGMENTS = 100_000_000;

/** Sets what a village may send in a month; what has gone already stays counted, so a low limit holds at once. */
export async function setBudget(work: Work, village: Village, limit: number | null): Promise<Outcome<Budget>> {
  if (limit !== null && !(Number.isInteger(limit) && limit >= 0 && limit <= MOST_SEGMENTS)) {
    return invalid({ field: "monthlySegments", message: "每月条数要写整数，比如 3000；不限就留空" });
  }
  await updateLimit(work.tx, village.id, limit);
  const budget = await readBudget(work.tx, village.id, localMonth(work.now));
  await audit(work, {
    chain: village.id,
    action: "village.set_budget",
    subject: "village",
    subjectId: village.id,
    detail: { limit },
  });
  return ok(budget);
}
