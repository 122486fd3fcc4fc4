import { resolve } from "node:path";
import { Eta } from "eta";
import { sayDate, sayDay, sayMoment } from "../lib/china-time.ts";
import { sayMoney } from "../lib/money.ts";
import { doorSample } from "./charts.ts";

const FOLDER = resolve(import.meta.dirname, "../../templates/pages");

/**
 * Pages are templates given ready-made values; what they print is escaped unless they say otherwise (`<%~ %>` is for
 * partials and SVG of ours only). `it.h` holds the few ways to say a date or an amount.
 */
const eta = new Eta({ views: FOLDER, cache: true, autoEscape: true, autoTrim: [false, false] });

export type ViewHelpers = ReturnType<typeof helpers>;
const helpers = (now: Date) => ({
  money: sayMoney,
  date: (at: Date) => sayDate(at, now),
  day: (at: Date) => sayDay(at, now),
  moment: (at: Date) => sayMoment(at, now),
  /** A day kept as `2026-10-09`. */
  isoDay: (day: string) => sayDay(new Date(`${day}T00:00:00+08:00`), now),
  door: doorSample,
  /** A door as people call it: many rosters number them with nothing but a number. */
  doorName: (number: string) => (/^\d+$/.test(number) ? `${number}号` : number),
  /** A title that may break between phrases, but not inside `发给 98 户`, nor between a day and its hour. */
  title: (text: string) =>
    text
      .replace(/(\p{Script=Han}) (?=\d+ \p{Script=Han})/gu, "$1\u00a0")
      .replace(/(?<!:\d)(\d) (?=\p{Script=Han})|(?<=[日天]) (?=\d\d:)/gu, "$1\u00a0"),
  /** For `datetime` attributes. */
  iso: (at: Date) => at.toISOString(),
});

export const renderView = (view: string, data: Record<string, unknown>, now: Date): string =>
  eta.render(`./${view}`, { ...data, h: helpers(now) });
