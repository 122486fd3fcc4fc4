import { localDate, localTime } from "../lib/china-time.ts";
import { addDays, dayOfMonth, type IsoDay, noonOf } from "../lib/iso-day.ts";
import { explain, reckon, type Span, sayDayKind } from "../lib/spans.ts";
import { type Calendar, readDay } from "../lib/workdays.ts";
import type { DueDay } from "./catalogue.ts";
import { type Period, sayPeriod } from "./period.ts";

/** The last day on which it is in time, and why it is this one, in a sentence or two. */
export type DueDate = { on: IsoDay; why: string };

const WEEKDAYS = ["日", "一", "二", "三", "四", "五", "六"] as const;
export const sayIsoDay = (day: IsoDay): string => {
  const t = localTime(noonOf(day));
  return `${t.month}月${t.day}日（周${WEEKDAYS[t.weekday]}）`;
};

/**
 * A day named by the calendar (次月15日前): where it is a day of rest, the next working day (民法典 art. 203). Article 201
 * changes nothing here, because no day is counted from a start.
 */
export function dueAfterPeriod(period: Period, rule: DueDay, calendar: Calendar): DueDate {
  const [year, month] = [Number(period.last.slice(0, 4)), Number(period.last.slice(5, 7))];
  const named = dayOfMonth(year, month + rule.month, rule.day);
  let on = named;
  while (!readDay(on, calendar).works) on = addDays(on, 1);
  const said = `${sayPeriod(period, Number(named.slice(0, 4)))}的，${sayDueDay(period.cadence, rule)}，就是${sayIsoDay(named)}`;
  const rests = sayDayKind(readDay(named, calendar));
  const moved = on === named ? "" : `。这天${rests}，顺延到下一个工作日${sayIsoDay(on)}（民法典第203条）`;
  const assumed = readDay(named, calendar).assumed
    ? `${named.slice(0, 4)}年的放假安排还没有公布，先按周一到周五上班算，公布后重新算。`
    : "";
  return { on, why: `${said}${moved}。${assumed}` };
}

const AFTER: Record<Period["cadence"], string> = { M: "次月", Q: "下季度", H: "下半年", Y: "次年" };

/** `次月15日前`, `下季度第一个月15日前`, `次年1月31日前`. */
export function sayDueDay(cadence: Period["cadence"], { month, day }: DueDay): string {
  if (cadence === "M") return `${month === 1 ? "次月" : `往后第${month}个月`}${day}日前`;
  if (cadence === "Y") return `次年${month}月${day}日前`;
  return `${AFTER[cadence]}第${"一二三四五六"[month - 1]}个月${day}日前`;
}

/** So long from the day it happened: that day is not counted (民法典 arts. 201, 203). */
export function dueAfterEvent(happenedOn: IsoDay, span: Span, calendar: Calendar): DueDate {
  const reckoning = reckon(span, noonOf(happenedOn), calendar);
  return { on: lastDayOf(reckoning.until), why: explain(reckoning) };
}

/** What must be done so many days before another: counted backwards, and never moved later, rest day or not. */
export function dueBefore(day: IsoDay, days: number): DueDate {
  const on = addDays(day, -days);
  return { on, why: `${sayIsoDay(day)}往前数${days}天（当天不算），最晚${sayIsoDay(on)}；遇到休息日也不能往后推。` };
}

/** A date that ends at 24:00 is the day before that midnight. */
export const lastDayOf = (until: Date): IsoDay => localDate(new Date(until.getTime() - 1));
