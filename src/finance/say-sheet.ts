import { countSegments } from "../message/segments.ts";
import { sayShort } from "./amount.ts";
import { sumUp } from "./balance.ts";
import { hideNames, hideNumbers } from "./hide.ts";
import { CATEGORIES, type EntryKind, type EntryWords, isRelief, KIND_WORDS, monthBefore } from "./sheet.ts";

/** What is longer is told in sums and its largest entries; the rest hangs on the board. */
export const MOST_NOTICE_SEGMENTS = 3;

/** One line of what everybody reads: relief is one line a month, whoever got it. */
export type PublicLine = { day: string | null; kind: EntryKind; purpose: string; amount: number; entries: number };

/** The entries as they may leave the board: no person's number, no villager's name, and nobody who was helped. */
export function publicLines(entries: readonly EntryWords[], names: readonly string[]): PublicLine[] {
  const lines: PublicLine[] = [];
  const relief = new Map<string, PublicLine>();
  for (const { day, kind, purpose, amount, category } of entries) {
    const known = relief.get(category);
    if (known) {
      known.amount += amount;
      known.entries++;
      known.day = null;
    } else if (isRelief(category)) {
      const line = { day, kind, purpose: CATEGORIES[category].words, amount, entries: 1 };
      relief.set(category, line);
      lines.push(line);
    } else lines.push({ day, kind, purpose: hideNames(hideNumbers(purpose), names), amount, entries: 1 });
  }
  return lines;
}

export type Told = { month: string; opening: number; correction: boolean };

/**
 * The month's money in one text, as 禄丰县彩云镇 sends it (reference/domain.md 1.4): what was left, each income with its
 * source, each expense with its purpose, what is left. `all` says whether every entry is in it.
 */
export function saySheet(
  sheet: Told,
  lines: readonly PublicLine[],
  signature: string,
): { body: string; segments: number; all: boolean } {
  const bySize = lines.toSorted((a, b) => b.amount - a.amount);
  for (let shown = lines.length; ; shown--) {
    const body = write(sheet, lines, new Set(bySize.slice(0, shown)));
    const { segments } = countSegments(signature + body);
    if (segments <= MOST_NOTICE_SEGMENTS || shown === 0) return { body, segments, all: shown === lines.length };
  }
}

function write(sheet: Told, lines: readonly PublicLine[], shown: ReadonlySet<PublicLine>): string {
  const { income, expense, computed } = sumUp(sheet.opening, lines);
  const month = Number(sheet.month.slice(5));
  const side = (kind: EntryKind, sum: number): string => {
    const own = lines.filter((line) => line.kind === kind);
    const count = (some: readonly PublicLine[]) => some.reduce((sum, line) => sum + line.entries, 0);
    if (own.length === 0) return `没有${KIND_WORDS[kind]}。`;
    const told = own.filter((line) => shown.has(line));
    const left = count(own) - count(told);
    const words = told.map((line) => `${line.purpose}${sayShort(line.amount)}元`);
    const head = `${KIND_WORDS[kind]}${sayShort(sum)}元`;
    if (told.length === 0) return `${head}，共${left}笔。`;
    return `${head}：${words.join("，")}${left > 0 ? `，其余${left}笔` : ""}。`;
  };
  const name = `${sheet.correction ? "更正" : ""}${month}月村集体的账`;
  const last = Number(monthBefore(sheet.month).slice(5));
  return (
    `${name}：${last}月底结余${sayShort(sheet.opening)}元。${side("income", income)}${side("expense", expense)}` +
    `${month}月底结余${sayShort(computed)}元。明细见公开栏，看不明白请回短信问。`
  );
}
