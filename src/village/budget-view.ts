import { type BarPart, type DoorKind, stateBar } from "../web/charts.ts";
import type { Budget } from "./budget.queries.ts";

/** The month's budget as people compare it: a bar, its numbers in words, and one sentence. */
export type BudgetView = {
  bar: string;
  legend: { kind: DoorKind; words: string; n: number }[];
  sentence: string;
  over: boolean;
};

export const isOver = ({ limit, used }: Budget, need: number): boolean => limit !== null && used + need > limit;

/** `taken`: what one notice would take, or took where it `hasLeft`. Null where the village has no limit: there is nothing to compare. */
export function describeBudget({ month, limit, used }: Budget, taken = 0, hasLeft = false): BudgetView | null {
  if (limit === null) return null;
  const whole = Math.max(limit, used + taken);
  const over = Math.max(0, used + taken - limit);
  const left = whole - used - taken;
  const inside = Math.max(0, taken - over);
  const parts: (BarPart & { words: string })[] = [
    { kind: "delivered", words: "已用", n: used },
    { kind: "under-way", words: hasLeft ? "这条用了" : "这条要用", n: inside },
    { kind: "lost", words: "这条超出", n: Math.min(taken, over) },
    { kind: "waiting", words: "还剩", n: left },
  ];
  const shown = parts.filter((part) => part.n > 0);
  const monthWords = `${Number(month.slice(5, 7))}月`;
  return {
    bar: stateBar(shown),
    legend: shown,
    sentence: `${monthWords}额度 ${limit} 条，已用 ${used} 条${taken > 0 ? `，这条通知${hasLeft ? "用了" : "要"} ${taken} 条` : ""}`,
    over: over > 0,
  };
}
