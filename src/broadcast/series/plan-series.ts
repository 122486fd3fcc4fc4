import { fromLocal, localDate, localTime } from "../../lib/china-time.ts";
import { after, DAY } from "../../lib/clock.ts";
import { type FieldError, invalid, type Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { type Calendar, readDay } from "../../lib/workdays.ts";
import { type SendingHours, withinHours } from "../../village/village.ts";

export const MOST_DAYS_APART = 30;

/** When the parts of a series leave: the first on `date` at `clock`, each of the others so many days later. */
export type Rhythm = { date: string; clock: string; everyDays: number; skipHolidays: boolean };

/**
 * The moments of so many parts, one a day at most. A part that would leave on a statutory holiday waits for the day
 * after it, and the rest with it. Refused: a moment that is past, or outside the village's sending hours.
 */
export function planSeries(
  { date, clock, everyDays, skipHolidays }: Rhythm,
  parts: number,
  village: { sendingHours: SendingHours; calendar: Calendar },
  now: Date,
): Outcome<Date[]> {
  const wrong = (field: string, message: string): Outcome<never> => invalid({ field, message } satisfies FieldError);
  if (!Number.isInteger(everyDays) || everyDays < 1 || everyDays > MOST_DAYS_APART) {
    return wrong("everyDays", `隔几天要写 1 到 ${MOST_DAYS_APART} 的整数，天天发就写 1`);
  }
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)?.slice(1).map(Number);
  if (!day) return wrong("date", "请选第一条哪天发");
  const time = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock)?.slice(1).map(Number);
  if (!time) return wrong("clock", "请填几点几分，比如 18:30");
  let at = fromLocal(day[0] ?? 0, day[1] ?? 0, day[2] ?? 0, time[0] ?? 0, time[1] ?? 0);
  if (localDate(at) !== date) return wrong("date", "没有这一天，请再选");
  if (at <= now) return wrong("date", "第一条的时间已经过了，请往后选");
  if (!withinHours(village.sendingHours, at)) {
    const hours = village.sendingHours === "any" ? "" : village.sendingHours.map((one) => one.join("–")).join("、");
    return wrong("clock", `村里只在 ${hours} 发短信，请换个时间`);
  }
  const moments: Date[] = [];
  while (moments.length < parts) {
    if (!skipHolidays || readDay(localDate(at), village.calendar).why !== "holiday") {
      moments.push(at);
      at = after(at, everyDays * DAY);
    } else at = after(at, DAY);
  }
  return ok(moments);
}

/** Tomorrow at seven in the evening, in the form of the page's fields: when most people are at home. */
export function usualStart(now: Date): Pick<Rhythm, "date" | "clock"> {
  const { year, month, day } = localTime(now);
  return { date: localDate(fromLocal(year, month, day + 1)), clock: "19:00" };
}
