import { fromLocal, localDate, localTime, sayDay, sayMoment } from "../../lib/china-time.ts";
import { DAY, MINUTE } from "../../lib/clock.ts";
import { type Calendar, readDay } from "../../lib/workdays.ts";
import { nextOpening, type SendingHours, withinHours } from "../../village/village.ts";

/** A moment that one tap chooses. */
export type Suggestion = { at: Date; words: string };

const EVENING = 19;
const MORNING = 8;
/** A notice still has to be signed before it can leave. */
const TIME_TO_SIGN_MS = 15 * MINUTE;

/** When most people are at home and look at their phone: this evening, tomorrow morning, tomorrow evening; at most three. */
export function suggestTimes(hours: SendingHours, now: Date): Suggestion[] {
  const { year, month, day } = localTime(now);
  const at = (days: number, hour: number) => new Date(fromLocal(year, month, day, hour).getTime() + days * DAY);
  const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  return [
    { at: at(0, MORNING), words: `今早 ${clock(MORNING)}` },
    { at: at(0, EVENING), words: `今晚 ${clock(EVENING)}` },
    { at: at(1, MORNING), words: `明早 ${clock(MORNING)}` },
    { at: at(1, EVENING), words: `明晚 ${clock(EVENING)}` },
  ]
    .filter((one) => one.at.getTime() - now.getTime() >= TIME_TO_SIGN_MS && withinHours(hours, one.at))
    .slice(0, 3);
}

/** What is the matter with a moment, and a better one. `refuse`: it would not leave then; `ask`: it would, and should it? */
export type TimeProblem = { level: "refuse" | "ask"; message: string; better: Date | null };

/** Of a moment that somebody chose; an emergency leaves at any hour and on any day. */
export function timeProblem(
  at: Date,
  { hours, calendar, now, urgent }: { hours: SendingHours; calendar: Calendar; now: Date; urgent: boolean },
): TimeProblem | null {
  const words = sayMoment(at, now);
  if (at < now) {
    const better = suggestTimes(hours, now)[0]?.at ?? nextOpening(hours, now);
    return { level: "refuse", message: `${words} 已经过了，请改一个以后的时间`, better };
  }
  if (urgent) return null;
  const opening = nextOpening(hours, at);
  if (opening !== null && opening > at) {
    const message = `${words} 是村里定的休息时间，短信要等到 ${sayMoment(opening, now)} 才发，请改到那时候`;
    return { level: "refuse", message, better: opening };
  }
  const day = readDay(localDate(at), calendar);
  if (day.works || day.name === "") return null;
  const working = nextWorkday(at, calendar);
  const until = working ? `，或改到 ${sayDay(working, now)}` : "";
  return {
    level: "ask",
    message: `${sayDay(at, now)} 放假（${day.name}），村民来问没人接。要在这天发，再点一次提交${until}`,
    better: working,
  };
}

function nextWorkday(at: Date, calendar: Calendar): Date | null {
  for (let days = 1; days <= 30; days++) {
    const next = new Date(at.getTime() + days * DAY);
    if (readDay(localDate(next), calendar).works) return next;
  }
  return null;
}

/**
 * When the last text has left: it begins at `from` or when the village may be texted next, goes on at so many seconds
 * of sending, and rests when the village rests. Null where there is never an hour for it.
 */
export function finishAt(hours: SendingHours, from: Date, seconds: number): Date | null {
  let at = from;
  let left = seconds * 1000;
  // A village's week of sending is as much as anybody waits for.
  for (let spans = 0; spans < 60; spans++) {
    const opening = nextOpening(hours, at);
    if (opening === null) return null;
    const closing = closingOf(hours, opening);
    const room = closing === null ? Number.POSITIVE_INFINITY : closing.getTime() - opening.getTime();
    if (left <= room) return new Date(opening.getTime() + left);
    left -= room;
    at = closing as Date;
  }
  return null;
}

/** The end of the span that this moment lies in; null: at any time. */
function closingOf(hours: SendingHours, at: Date): Date | null {
  if (hours === "any") return null;
  const { year, month, day, hour, minute } = localTime(at);
  const clock = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const until = hours.find(([first, last]) => clock >= first && clock < last)?.[1] ?? "24:00";
  const [h, m] = until.split(":").map(Number) as [number, number];
  return fromLocal(year, month, day, h, m);
}
