import { DAY } from "./clock.ts";

/** A day on the calendar as it is written in rows and addresses: `2026-07-15`. Days compare as text. */
export type IsoDay = string;

const utc = (day: IsoDay): number => Date.parse(`${day}T00:00:00Z`);
const write = (ms: number): IsoDay => new Date(ms).toISOString().slice(0, 10);

/** False for `2026-02-30` and for anything that is not written so. */
export const isIsoDay = (text: string): boolean =>
  /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(utc(text)) && write(utc(text)) === text;

export const addDays = (day: IsoDay, days: number): IsoDay => write(utc(day) + days * DAY);
/** How many days later `to` is than `from`; negative where it is earlier. */
export const daysBetween = (from: IsoDay, to: IsoDay): number => Math.round((utc(to) - utc(from)) / DAY);
/** That day of a month counted from January of a year; past the month's end it is its last day. Months may run over: 14 is next February. */
export function dayOfMonth(year: number, month: number, day: number): IsoDay {
  const last = new Date(Date.UTC(year, month, 0));
  return write(Math.min(Date.UTC(year, month - 1, day), last.getTime()));
}
/** A moment of that day in the village, to count from. */
export const noonOf = (day: IsoDay): Date => new Date(`${day}T12:00:00+08:00`);
