import { fromLocal, localTime } from "../lib/china-time.ts";
import { DAY } from "../lib/clock.ts";
import { type Calendar, endOfDay, isWorkday } from "../lib/workdays.ts";

/** Local times between which broadcasts may leave, or any time. Answers, receipts and emergencies always may. */
export type SendingHours = "any" | [from: string, until: string][];

/** 07:30–12:00 and 14:30–20:30: no village wants its noon rest or its night broken (reference/domain.md 2.5). */
export const DEFAULT_SENDING_HOURS: SendingHours = [
  ["07:30", "12:00"],
  ["14:30", "20:30"],
];

/** 08:30–17:30 of a working day: when staff are reminded by text. */
export const DEFAULT_SERVICE_HOURS: SendingHours = [["08:30", "17:30"]];

/** `【郭家村村委会】`, in front of every text; the carrier counts it. */
export const writeSignature = (signature: string): string => `【${signature}】`;

/** Reads what people type as a signature: the brackets are ours. */
export const readSignature = (text: string): string => text.trim().replace(/^【|】$/g, "");

export function withinHours(hours: SendingHours, at: Date): boolean {
  if (hours === "any") return true;
  const { hour, minute } = localTime(at);
  const clock = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  return hours.some(([from, until]) => clock >= from && clock < until);
}

/** The next moment at which broadcasts may leave: now, or the start of the next window; null if there is none. */
export function nextOpening(hours: SendingHours, at: Date): Date | null {
  if (withinHours(hours, at)) return at;
  if (hours === "any") return at;
  const today = localTime(at);
  const starts = [0, 1].flatMap((days) =>
    hours.map(([from]) => {
      const [hour, minute] = from.split(":").map(Number) as [number, number];
      return new Date(fromLocal(today.year, today.month, today.day, hour, minute).getTime() + days * DAY);
    }),
  );
  return starts.filter((start) => start > at).sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

/** The next moment at which staff are at work: within these hours of a working day. */
export function nextServiceMoment(hours: SendingHours, calendar: Calendar, at: Date): Date {
  let from = at;
  // A year without a working day would be a calendar gone wrong: then any moment is as good.
  for (let days = 0; days < 366; days++) {
    const opening = isWorkday(from, calendar) ? nextOpening(hours, from) : null;
    const end = endOfDay(from);
    if (opening && opening < end) return opening;
    from = end;
  }
  return at;
}

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** What is wrong with hours that somebody typed, in words, or null. */
export function hoursProblem(hours: SendingHours): string | null {
  if (hours === "any") return null;
  if (hours.length === 0) return "至少要有一段可以发送的时间";
  for (const [from, until] of hours) {
    if (!CLOCK.test(from) || !CLOCK.test(until)) return `时间要写成 07:30 这样：${from}–${until}`;
    if (from >= until) return `开始要早于结束：${from}–${until}`;
  }
  return null;
}
