import { localMonth } from "../lib/china-time.ts";
import type { SystemWork } from "../queue/work.ts";
import { readBudget } from "../village/budget.queries.ts";
import { type BudgetView, describeBudget, isOver } from "../village/budget-view.ts";
import { countAudience } from "./audience/audience.queries.ts";
import type { Broadcast } from "./broadcast.queries.ts";
import { allSegments } from "./cost.ts";

export type BudgetAnswer = { over: boolean; sentence: string };

/**
 * Whether the month in which it leaves has room for it as things stand. Other notices may take the rest before it
 * leaves, so only the launch reserves; this says it early, to people who can still do something about it.
 */
export async function askBudget(work: SystemWork, broadcast: Broadcast, recipients?: number): Promise<BudgetAnswer> {
  const { villageId } = broadcast;
  const month = payingMonth(work, broadcast);
  const budget = await readBudget(work.tx, villageId, month);
  const { personalSegments, segmentsPerMessage } = broadcast;
  const need = personalSegments ?? segmentsPerMessage * (recipients ?? (await countNow(work, broadcast)));
  const over = isOver(budget, need) && broadcast.kind !== "emergency" && !broadcast.overBudget;
  const left = Math.max(0, (budget.limit ?? 0) - budget.used);
  return {
    over,
    sentence: `${Number(month.slice(5, 7))}月的短信额度只剩 ${left} 条，这条通知要 ${need} 条，要乡镇同意才能发`,
  };
}

/** The month's budget with this notice's share: what it took, or what it would take now. */
export async function showBudgetOf(work: SystemWork, broadcast: Broadcast): Promise<BudgetView | null> {
  const { villageId, budgetMonth, reservedSegments } = broadcast;
  if (budgetMonth !== null) {
    const budget = await readBudget(work.tx, villageId, budgetMonth);
    return describeBudget({ ...budget, used: budget.used - reservedSegments }, reservedSegments, true);
  }
  if (broadcast.state === "canceled") return null;
  const taken = allSegments(broadcast);
  return describeBudget(await readBudget(work.tx, villageId, payingMonth(work, broadcast)), taken);
}

/** The month in which it will leave, as far as anybody knows now. */
const payingMonth = ({ now }: SystemWork, { sendAt }: Broadcast): string =>
  localMonth(sendAt !== null && sendAt > now ? sendAt : now);

async function countNow(work: SystemWork, broadcast: Broadcast): Promise<number> {
  const { villageId, audience, columnId, kind } = broadcast;
  return (await countAudience(work.tx, { villageId, audience, columnId, emergency: kind === "emergency" })).recipients;
}
