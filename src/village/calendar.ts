import { fromLocal, localDate, localTime } from "../lib/china-time.ts";
import { after, DAY } from "../lib/clock.ts";
import { endOfSpan, sayDayKind } from "../lib/spans.ts";
import { type Calendar, missingYears, readDay } from "../lib/workdays.ts";
import type { Promises } from "./promises.ts";

/** Days in a row that are alike and not as Monday–Friday would have them: a holiday, a make-up day, one set by hand. */
export type DayRun = { first: string; last: string; off: boolean; words: string; byHand: boolean };

export function listRuns(year: number, calendar: Calendar): DayRun[] {
  const runs: (DayRun | null)[] = [];
  for (let at = fromLocal(year, 1, 1, 12); localTime(at).year === year; at = after(at, DAY)) {
    const date = localDate(at);
    const day = readDay(date, calendar);
    if (day.why === "weekday" || day.why === "weekend") {
      runs.push(null);
      continue;
    }
    const words = sayDayKind(day);
    const run = runs.at(-1);
    if (run?.words === words) run.last = date;
    else runs.push({ first: date, last: date, off: !day.works, words, byHand: day.why === "by_hand" });
  }
  return runs.filter((run) => run !== null);
}

/** The years without a known plan that a promise given today could reach, its extension and the township's time included. */
export function yearsMissing(now: Date, promises: Promises, calendar: Calendar): number[] {
  const reach = [promises.result, promises.extension, promises.climb, promises.climb, promises.township].reduce(
    (from, span) => endOfSpan(span, from, calendar),
    now,
  );
  return missingYears(now, reach, calendar);
}

/** The loud warning, in words; null where nothing is missing. */
export const sayMissing = (years: readonly number[]): string | null =>
  years.length === 0
    ? null
    : `${years.join("、")}年的放假调休安排还没有录入，办理期限已经会用到。现在先按周一到周五上班算，可能不准。`;
