import chineseDays from "chinese-days";
import { dayNumber, fromLocal, localDate, localTime } from "./china-time.ts";
import { DAY } from "./clock.ts";

/**
 * Working days in China: weekends and statutory holidays off, 调休 make-up days on. The yearly plan of the State
 * Council comes from npm `chinese-days`; `KNOWN_UNTIL` is the last year it holds, later dates fall back to
 * Monday–Friday and `calendarKnown` says so.
 */
export function isWorkday(at: Date): boolean {
  return chineseDays.isWorkday(localDate(at));
}

/** Whether the holiday plan of that year is in the table (a year without one has no holiday on 1 October). */
export const calendarKnown = (year: number): boolean => chineseDays.isHoliday(`${year}-10-01`);

/**
 * The end of the n-th working day after `from`: the day it came is day zero (民法典 art. 201), a period ends at
 * the close of its last day, so the promise is kept at any time on that day.
 */
export function endOfWorkday(from: Date, days: number): Date {
  let day = from;
  for (let counted = 0; counted < days; ) {
    day = new Date(day.getTime() + DAY);
    if (isWorkday(day)) counted++;
  }
  const t = localTime(day);
  return fromLocal(t.year, t.month, t.day, 24);
}

/**
 * Working days from today to a due moment: 0 means today is the day, negative means late by so many.
 * A due moment is the end of its day, so one second earlier is what counts.
 */
export function workdaysLeft(dueAt: Date, now: Date): number {
  const due = new Date(dueAt.getTime() - 1);
  const [early, late, sign] = dayNumber(due) >= dayNumber(now) ? [now, due, 1] : [due, now, -1];
  let count = 0;
  for (let day = dayNumber(early) + 1; day <= dayNumber(late); day++) {
    if (isWorkday(new Date(day * DAY))) count++;
  }
  // Late over a weekend is still late: a case never shows "0 days late".
  return sign === -1 ? -Math.max(count, 1) : count;
}
