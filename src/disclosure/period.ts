import { addDays, dayOfMonth, type IsoDay } from "../lib/iso-day.ts";

/** How often an item is published: monthly, quarterly, half-yearly, yearly, or when something happens (随时). */
export const CADENCES = ["M", "Q", "H", "Y", "E"] as const;
export type Cadence = (typeof CADENCES)[number];
export type RegularCadence = Exclude<Cadence, "E">;

export const CADENCE_WORDS: Record<Cadence, string> = {
  M: "每月",
  Q: "每季度",
  H: "每半年",
  Y: "每年",
  E: "有事随时",
};

/** What one publication is about: `2026-07`, `2026-Q3`, `2026-H1` or `2026`, from its first to its last day. */
export type Period = { key: string; cadence: RegularCadence; first: IsoDay; last: IsoDay };

const MONTHS: Record<RegularCadence, number> = { M: 1, Q: 3, H: 6, Y: 12 };

/** The period of that cadence that a day lies in. */
export function periodAt(cadence: RegularCadence, day: IsoDay): Period {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const nth = Math.floor((month - 1) / MONTHS[cadence]);
  const first = dayOfMonth(year, nth * MONTHS[cadence] + 1, 1);
  return {
    key: keyOf(cadence, year, nth + 1),
    cadence,
    first,
    last: dayOfMonth(year, (nth + 1) * MONTHS[cadence], 31),
  };
}

const keyOf = (cadence: RegularCadence, year: number, nth: number): string =>
  ({ M: `${year}-${String(nth).padStart(2, "0")}`, Q: `${year}-Q${nth}`, H: `${year}-H${nth}`, Y: `${year}` })[cadence];

/** Null for a key that names no period: an event's day, or nothing at all. */
export function readPeriod(key: string): Period | null {
  const [, year, nth] = /^(20\d\d)(?:-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$/.exec(key) ?? [];
  if (!year) return null;
  if (!nth) return periodAt("Y", `${year}-01-01`);
  if (nth.startsWith("Q")) return periodAt("Q", dayOfMonth(Number(year), Number(nth[1]) * 3, 1));
  if (nth.startsWith("H")) return periodAt("H", dayOfMonth(Number(year), Number(nth[1]) * 6, 1));
  return periodAt("M", `${year}-${nth}-01`);
}

export const nextDay = (period: Period): IsoDay => addDays(period.last, 1);

/** `7月`, `三季度`, `上半年`, `2026年`; with the year before it where it is not `year`. */
export function sayPeriod({ key, cadence }: Period, year: number): string {
  const before = key.startsWith(String(year)) ? "" : `${key.slice(0, 4)}年`;
  switch (cadence) {
    case "M":
      return `${before}${Number(key.slice(5))}月`;
    case "Q":
      return `${before}${"一二三四"[Number(key.slice(6)) - 1]}季度`;
    case "H":
      return `${before}${key.endsWith("1") ? "上" : "下"}半年`;
    case "Y":
      return `${key}年`;
  }
}
