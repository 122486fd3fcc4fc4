import { fromLocal, localTime } from "../../lib/china-time.ts";
import { DAY } from "../../lib/clock.ts";

/** When a notice comes again: on days of the week or on one day of the month, at a minute of the village's clock. */
export type Rhythm = {
  /** 0 is Sunday; null for a monthly one. */
  weekdays: number[] | null;
  /** 1 to 31, beyond the month's end its last day; null for a weekly one. */
  monthDay: number | null;
  /** Of the day. */
  minute: number;
};

export const WEEKDAY_NAMES = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"] as const;

/** The first occurrence after a moment. At most 62 days are looked at: no month is without one. */
export function nextOccurrence({ weekdays, monthDay, minute }: Rhythm, after: Date): Date {
  const start = localTime(after);
  for (let days = 0; days <= 62; days++) {
    const day = localTime(new Date(fromLocal(start.year, start.month, start.day).getTime() + days * DAY));
    const last = new Date(Date.UTC(day.year, day.month, 0)).getUTCDate();
    const fits = monthDay === null ? weekdays?.includes(day.weekday) : day.day === Math.min(monthDay, last);
    const at = fromLocal(day.year, day.month, day.day, 0, minute);
    if (fits && at > after) return at;
  }
  throw new Error("a rhythm without an occurrence");
}

/** How many times it comes between two moments; `next` is its next time. */
export function countOccurrences(rhythm: Rhythm, next: Date, { from, until }: { from: Date; until: Date }): number {
  let times = 0;
  for (let at = next; at < until; at = nextOccurrence(rhythm, at)) if (at >= from) times++;
  return times;
}

/** The same for BullMQ. A bell too many is harmless, so the last days of a month need no rule of their own. */
export function writeCron({ weekdays, monthDay, minute }: Rhythm): string {
  const clock = `${minute % 60} ${Math.floor(minute / 60)}`;
  if (monthDay === null) return `${clock} * * ${weekdays?.join(",")}`;
  return `${clock} ${monthDay > 28 ? "28-31" : monthDay} * *`;
}

export const writeMinute = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export function readMinute(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** `每周一、周四 18:30`, `每月31日 08:00，没有这一天的月份在最后一天`. */
export function sayRhythm({ weekdays, monthDay, minute }: Rhythm): string {
  const clock = writeMinute(minute);
  if (monthDay === null) return `每${(weekdays ?? []).map((day) => WEEKDAY_NAMES[day]).join("、")} ${clock}`;
  return `每月${monthDay}日 ${clock}${monthDay > 28 ? "，没有这一天的月份在最后一天" : ""}`;
}
