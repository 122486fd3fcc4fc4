/**
 * Villages live on China Standard Time: UTC+8, one zone, no summer time since 1991. So local time is plain
 * arithmetic, and no test depends on the zone of the machine.
 */
const OFFSET = 8 * 60 * 60 * 1000;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"] as const;

export type LocalTime = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** 0 is Sunday. */
  weekday: number;
};

export function localTime(at: Date): LocalTime {
  const shifted = new Date(at.getTime() + OFFSET);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    weekday: shifted.getUTCDay(),
  };
}

/** The moment a village clock shows this; hour 24 is the end of the day. */
export const fromLocal = (year: number, month: number, day: number, hour = 0, minute = 0): Date =>
  new Date(Date.UTC(year, month - 1, day, hour, minute) - OFFSET);

const two = (n: number) => String(n).padStart(2, "0");

/** `2026-10-09`, the village's date. */
export function localDate(at: Date): string {
  const t = localTime(at);
  return `${t.year}-${two(t.month)}-${two(t.day)}`;
}

/** `2026-10-01`: the village's calendar month, as money is counted. */
export const localMonth = (at: Date): string => `${localDate(at).slice(0, 8)}01`;

/** ISO 8601 with the village's offset, as the API writes every time. */
export function isoLocal(at: Date): string {
  return `${new Date(at.getTime() + OFFSET).toISOString().slice(0, -5)}+08:00`;
}

/** `10月9日`, with the year only where it is not this one. */
export function sayDate(at: Date, now: Date): string {
  const t = localTime(at);
  const year = t.year === localTime(now).year ? "" : `${t.year}年`;
  return `${year}${t.month}月${t.day}日`;
}

/** `周五 10月9日`. */
export const sayDay = (at: Date, now: Date): string => `${WEEKDAYS[localTime(at).weekday]} ${sayDate(at, now)}`;

/** `今天 14:05`, `昨天 08:30`, `10月9日 14:05`; what is still to come with its weekday: `周日 10月11日 14:05`. */
export function sayMoment(at: Date, now: Date): string {
  const t = localTime(at);
  const clock = `${two(t.hour)}:${two(t.minute)}`;
  const days = dayNumber(now) - dayNumber(at);
  if (days === 0) return `今天 ${clock}`;
  if (days === 1) return `昨天 ${clock}`;
  if (days === -1) return `明天 ${clock}`;
  return `${days < 0 ? sayDay(at, now) : sayDate(at, now)} ${clock}`;
}

/** Days since 1970 in the village's calendar. */
export const dayNumber = (at: Date): number => Math.floor((at.getTime() + OFFSET) / 86_400_000);
