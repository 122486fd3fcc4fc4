import { localDate } from "../lib/china-time.ts";
import { daysBetween, type IsoDay } from "../lib/iso-day.ts";
import { type LightKind, lightColumn } from "../web/lights.ts";
import { AUDIENCE_WORDS, CLASS_WORDS } from "./catalogue.ts";
import { sayIsoDay } from "./due-date.ts";
import { isPressing, STATUS_LOOKS, STATUSES, type Status, sayStatus } from "./obligation.ts";
import { CADENCE_WORDS } from "./period.ts";
import type { Entry } from "./read-calendar.ts";
import { LEVEL_WORDS, type RuleSource } from "./rules.ts";

/** An entry in words, for every list. */
export function describeEntry(entry: Entry, now: Date) {
  const { item, label, row } = entry;
  const today = localDate(now);
  const event = row?.title != null;
  return {
    item: item.code,
    period: entry.period,
    /** `7月财务收支明细`, or what happened. */
    title: event ? label : `${label}${item.title}`,
    about: event ? item.title : CLASS_WORDS[item.class],
    due: sayDueDay(entry.dueOn, today),
    words: sayStatus(entry, entry, today),
    ...STATUS_LOOKS[entry.status],
    month: Number(entry.dueOn.slice(5, 7)),
  };
}
export type EntryWords = ReturnType<typeof describeEntry>;

const sayDueDay = (day: IsoDay, today: IsoDay): string =>
  `最晚${day.slice(0, 4) === today.slice(0, 4) ? "" : `${day.slice(0, 4)}年`}${sayIsoDay(day)}`;

/** What an item asks for and who says so. */
export const describeItem = (item: Entry["item"]) => ({
  code: item.code,
  title: item.title,
  class: CLASS_WORDS[item.class],
  cadence: CADENCE_WORDS[item.cadence],
  audience: AUDIENCE_WORDS[item.audience],
  lawRef: item.lawRef,
  note: item.note,
  overseer: item.overseer,
  active: item.active,
  source: saySource(item.source),
});

/** `默认目录`, or `乡镇定的（张督导，2026年3月1日起）`. */
export const saySource = (source: RuleSource | null): string => {
  if (source === null) return "默认目录";
  const [year, month, day] = source.fromOn.split("-").map(Number);
  return `${LEVEL_WORDS[source.level]}（${source.by}录入，${year}年${month}月${day}日起）`;
};

/** `超期没公开 1 项，快到期 2 项`, the worst first. */
export function sayCounts(statuses: readonly Status[]): string {
  const counts = STATUSES.map((status) => [status, statuses.filter((one) => one === status).length] as const);
  const said = counts.filter(([, n]) => n > 0).map(([status, n]) => `${STATUS_LOOKS[status].word} ${n} 项`);
  return said.length === 0 ? "没有要公开的" : said.join("，");
}

/** The year as twelve stacks of lights, with the same in words for who does not see them. */
export function yearStrip(entries: readonly Entry[], year: number, today: IsoDay) {
  const months = Array.from({ length: 12 }, (_, i) =>
    entries
      .filter((one) => one.dueOn.startsWith(`${year}-${String(i + 1).padStart(2, "0")}`))
      .toSorted((a, b) => STATUSES.indexOf(b.status) - STATUSES.indexOf(a.status)),
  );
  const rows = Math.max(...months.map((month) => Math.ceil(month.length / 2)));
  return months.map((month, i) => {
    const words = `${i + 1}月到期：${sayCounts(month.map((one) => one.status))}`;
    const kinds = month.map((one): LightKind => STATUS_LOOKS[one.status].tone);
    return {
      month: i + 1,
      now: today.startsWith(`${year}-${String(i + 1).padStart(2, "0")}`),
      svg: lightColumn(kinds, rows, words),
      words,
    };
  });
}

/** What must be done now, the latest first; then what comes within so many days. */
export function sortEntries(entries: readonly Entry[], today: IsoDay, aheadDays: number) {
  const undone = entries.filter((one) => one.boardPostedOn === null);
  return {
    pressing: undone.filter((one) => isPressing(one.status)),
    ahead: undone.filter((one) => !isPressing(one.status) && daysBetween(today, one.dueOn) <= aheadDays),
    done: entries.filter((one) => one.boardPostedOn !== null).toReversed(),
  };
}

export function sayTitle(entries: readonly Pick<Entry, "status">[]): string {
  const overdue = entries.filter((one) => one.status === "overdue").length;
  const soon = entries.filter((one) => one.status === "soon" || one.status === "half").length;
  if (overdue > 0) return `有 ${overdue} 项超期没公开${soon > 0 ? `，${soon} 项快到期` : ""}`;
  if (soon > 0) return `有 ${soon} 项快到期`;
  return entries.some((one) => one.status !== "later") ? "该公开的都公开了" : "眼下没有到期要公开的";
}
