import chineseDays from "chinese-days";
import { dayNumber, fromLocal, localDate, localTime } from "./china-time.ts";
import { DAY } from "./clock.ts";

/** A day that people set by hand: off or on, and why (`赶大集，全镇放假一天`). */
export type CalendarDay = { off: boolean; reason: string };

/** The days set by hand that count for one village, by local date `2027-02-05`; all others follow the plan. */
export type Calendar = Readonly<Record<string, CalendarDay>>;

/** The State Council's plan as npm `chinese-days` has it, with nothing set by hand. */
export const PLAN: Calendar = {};

/** What a day is, and why. `assumed`: its year's plan is not known, so Monday–Friday was taken. */
export type Day = {
  works: boolean;
  why: "weekday" | "weekend" | "holiday" | "make_up" | "by_hand";
  /** The holiday's name, or the reason of a day set by hand. */
  name: string;
  assumed: boolean;
};

/** A day set by hand, else the plan (weekends and statutory holidays off, 调休 make-up days on), else Monday–Friday. */
export function readDay(date: string, calendar: Calendar = PLAN): Day {
  const assumed = !calendarKnown(Number(date.slice(0, 4)), calendar);
  const byHand = calendar[date];
  if (byHand) return { works: !byHand.off, why: "by_hand", name: byHand.reason, assumed: false };
  const { work, name } = chineseDays.getDayDetail(date);
  const holiday = name.split(",")[1] ?? "";
  if (holiday !== "") return { works: work, why: work ? "make_up" : "holiday", name: holiday, assumed };
  return { works: work, why: work ? "weekday" : "weekend", name: "", assumed };
}

export const isWorkday = (at: Date, calendar: Calendar = PLAN): boolean => readDay(localDate(at), calendar).works;

/**
 * Whether that year's holidays are known: National Day stands in the plan, or was set off by hand. A package names the
 * holiday; asked only whether 1 October is off, it would say yes for every year in which that is a Sunday.
 */
export const calendarKnown = (year: number, calendar: Calendar = PLAN): boolean =>
  calendar[`${year}-10-01`]?.off === true || planKnown(year);

const known = new Map<number, boolean>();
function planKnown(year: number): boolean {
  const found = known.get(year) ?? chineseDays.getDayDetail(`${year}-10-01`).name.includes(",");
  known.set(year, found);
  return found;
}

/**
 * The end of the n-th working day after `from`: the day it came is day zero (民法典 art. 201), a period ends at
 * the close of its last day, so the promise is kept at any time on that day.
 */
export function endOfWorkday(from: Date, days: number, calendar: Calendar = PLAN): Date {
  let day = from;
  for (let counted = 0; counted < days; ) {
    day = new Date(day.getTime() + DAY);
    if (isWorkday(day, calendar)) counted++;
  }
  return endOfDay(day);
}

export function endOfDay(at: Date): Date {
  const t = localTime(at);
  return fromLocal(t.year, t.month, t.day, 24);
}

/**
 * Working days from today to a due moment: 0 means today is the day, negative means late by so many.
 * A due moment is the end of its day, so one second earlier is what counts.
 */
export function workdaysLeft(dueAt: Date, now: Date, calendar: Calendar = PLAN): number {
  const due = new Date(dueAt.getTime() - 1);
  const [early, late, sign] = dayNumber(due) >= dayNumber(now) ? [now, due, 1] : [due, now, -1];
  let count = 0;
  for (let day = dayNumber(early) + 1; day <= dayNumber(late); day++) {
    if (isWorkday(new Date(day * DAY), calendar)) count++;
  }
  // Late over a weekend is still late: a case never shows "0 days late".
  return sign === -1 ? -Math.max(count, 1) : count;
}

/** The years from one moment to another whose holidays nobody knows yet. */
export function missingYears(from: Date, until: Date, calendar: Calendar): number[] {
  const [first, last] = [localTime(from).year, localTime(until).year];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((year) => !calendarKnown(year, calendar));
}

/** Three years of the plan as one string of 0 and 1: a package that brings a new plan changes it. */
export function planPrint(year: number): string {
  const print = prints.get(year) ?? printPlan(year);
  prints.set(year, print);
  return print;
}
const prints = new Map<number, string>();

function printPlan(year: number): string {
  const days = Math.round((Date.UTC(year + 2, 0, 1) - Date.UTC(year - 1, 0, 1)) / DAY);
  return Array.from({ length: days }, (_, i) => (isWorkday(new Date(Date.UTC(year - 1, 0, 1) + i * DAY)) ? 1 : 0)).join(
    "",
  );
}
