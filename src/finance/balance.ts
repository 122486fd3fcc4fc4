import { sayAmount } from "./amount.ts";
import { type Entry, type EntryKind, monthBefore, type Sheet, sayMonth } from "./sheet.ts";

export type Sums = {
  income: number;
  expense: number;
  /** Opening balance + incomes − expenses. */
  computed: number;
};

/** In whole 分, so that no order of the entries and no rounding can change it. */
export function sumUp(opening: number, entries: readonly Pick<Entry, "kind" | "amount">[]): Sums {
  const of = (kind: EntryKind) => entries.reduce((sum, one) => sum + (one.kind === kind ? one.amount : 0), 0);
  const [income, expense] = [of("income"), of("expense")];
  return { income, expense, computed: opening + income - expense };
}

/** What lies before a sheet: the last posted month, if there is any. */
export type Before = { month: string; closing: number } | null;

export type Problem =
  | { code: "does_not_continue"; field: "opening"; message: string }
  | { code: "does_not_balance"; field: "closing"; message: string; difference: number | null };

/**
 * Why a sheet may not be shown to anybody yet. It must begin with what the month before ended with (the very first
 * begins where the bank book does), and end with what the bank book says.
 */
export function checkSheet(
  sheet: Pick<Sheet, "month" | "opening" | "closing">,
  entries: readonly Pick<Entry, "kind" | "amount">[],
  before: Before,
): Problem[] {
  const problems: Problem[] = [];
  const stop = (message: string) => problems.push({ code: "does_not_continue", field: "opening", message });
  const last = monthBefore(sheet.month);
  if (before && before.month !== last) {
    stop(`${sayMonth(last)}的账还没有公布，上一张是${sayMonth(before.month)}的。请先把中间的月份补上`);
  } else if (sheet.opening === null) {
    stop("请填上月结余");
  } else if (before && sheet.opening !== before.closing) {
    stop(
      `上月结余写的是 ${sayAmount(sheet.opening)} 元，${sayMonth(last)}公布的月末结余是 ${sayAmount(before.closing)} 元，` +
        `差 ${sayAmount(Math.abs(sheet.opening - before.closing))} 元。请改成一样的；要是${sayMonth(last)}的错了，先给它做一张更正表`,
    );
  }
  if (sheet.closing === null) {
    const message = "请照存折和现金填月末结余，好和算出来的对一对";
    problems.push({ code: "does_not_balance", field: "closing", message, difference: null });
  } else if (sheet.opening !== null) {
    const { computed } = sumUp(sheet.opening, entries);
    const difference = computed - sheet.closing;
    if (difference !== 0) {
      const message = `账不平：算出来的月末结余是 ${sayAmount(computed)} 元，填的是 ${sayAmount(sheet.closing)} 元，差 ${sayAmount(Math.abs(difference))} 元`;
      problems.push({ code: "does_not_balance", field: "closing", message, difference });
    }
  }
  return problems;
}
