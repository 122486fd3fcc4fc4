import { fromLocal, localTime, sayDay } from "../lib/china-time.ts";
import { after, DAY, MINUTE } from "../lib/clock.ts";
import { endOfWorkday, workdaysLeft } from "../lib/workdays.ts";
import { DEFAULT_PROMISES } from "../village/promises.ts";

/** The village is this old, so that its five weeks of history lie behind its founding. */
export const AGE = 38 * DAY;

/**
 * A moment of the demo's past, as the script writes it: so many days back at a local time, or minutes back; or for a
 * case, so early that by today `dueIn` working days are left of its promise (0 is due today, less than 0 is late).
 */
export type When = { daysAgo: number; clock: string } | { minutesAgo: number } | { dueIn: number; clock: string };

export function moment(when: When, now: Date): Date {
  if ("minutesAgo" in when) return after(now, -when.minutesAgo * MINUTE);
  return onDay(now, -("daysAgo" in when ? when.daysAgo : daysBackFor(when.dueIn, now)), when.clock);
}

/** `clock` ("19:05") on the day that many days after the one of `from`. */
export function onDay(from: Date, days: number, clock: string): Date {
  const { year, month, day } = localTime(from);
  const [hour, minute] = clock.split(":").map(Number) as [number, number];
  return fromLocal(year, month, day + days, hour, minute);
}

/**
 * The furthest day back that still leaves so much: today may be no working day, and nothing is ever due on one that is
 * not, so "due today" is then due on the next.
 */
function daysBackFor(dueIn: number, now: Date): number {
  let days = 1;
  while (leftAfter(days + 1, now) >= dueIn) days++;
  return days;
}

const leftAfter = (daysBack: number, now: Date): number =>
  workdaysLeft(endOfWorkday(onDay(now, -daysBack, "12:00"), DEFAULT_PROMISES.result.amount), now);

/** `周五 10月9日`, so many days after a notice leaves. */
export const dayAfter = (at: Date, days: number): string => sayDay(after(at, days * DAY), at);
