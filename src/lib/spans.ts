import { localDate, localTime } from "./china-time.ts";
import { after, DAY, HOUR } from "./clock.ts";
import { type Calendar, type Day, endOfDay, readDay } from "./workdays.ts";

export const SPAN_UNITS = ["hours", "calendar_days", "working_days"] as const;
export type SpanUnit = (typeof SPAN_UNITS)[number];
/** How long somebody has: `{ amount: 5, unit: "working_days" }`. */
export type Span = { amount: number; unit: SpanUnit };

export const UNIT_WORDS: Record<SpanUnit, string> = { hours: "小时", calendar_days: "天", working_days: "个工作日" };
export const saySpan = ({ amount, unit }: Span): string => `${amount} ${UNIT_WORDS[unit]}`;

/** One day on the way to a date: the number it has in the count, or null where it does not count. */
export type CountedDay = { date: string; count: number | null; day: Day };
export type Reckoning = { from: Date; until: Date; span: Span; days: CountedDay[] };

/**
 * The moment a span ends, and every day on the way, so that a date and its explanation cannot disagree. The day it
 * begins is not counted, hours run from the moment (民法典 art. 201); a period of days ends at 24:00 of its last day,
 * and where that is a day of rest, of the next working day (art. 203).
 */
export function reckon(span: Span, from: Date, calendar: Calendar): Reckoning {
  if (span.unit === "hours") return { from, until: after(from, span.amount * HOUR), span, days: [] };
  const days: CountedDay[] = [];
  let at = from;
  for (let count = 0; count < span.amount || restsAtTheEnd(span, days); ) {
    at = after(at, DAY);
    const date = localDate(at);
    const day = readDay(date, calendar);
    const counts = count < span.amount && (span.unit === "calendar_days" || day.works);
    if (counts) count++;
    days.push({ date, count: counts ? count : null, day });
  }
  return { from, until: endOfDay(at), span, days };
}

/** A period of calendar days goes on to the next working day. */
const restsAtTheEnd = (span: Span, days: readonly CountedDay[]): boolean =>
  span.unit === "calendar_days" && days.at(-1)?.day.works === false;

export const endOfSpan = (span: Span, from: Date, calendar: Calendar): Date => reckon(span, from, calendar).until;

const WEEKDAYS = ["日", "一", "二", "三", "四", "五", "六"] as const;
const sayIso = (date: string): string => {
  const t = localTime(new Date(`${date}T12:00:00+08:00`));
  return `${t.month}月${t.day}日（周${WEEKDAYS[t.weekday]}）`;
};
const sayClock = (at: Date): string => {
  const t = localTime(at);
  return `${t.month}月${t.day}日${t.hour}点${t.minute === 0 ? "" : `${t.minute}分`}`;
};

/** Why a day counts or does not: `国庆节放假`, `调休上班`, or the reason somebody gave for it. */
export function sayDayKind({ works, why, name }: Day): string {
  switch (why) {
    case "weekday":
      return "上班";
    case "weekend":
      return "周末";
    case "holiday":
      return `${name}放假`;
    case "make_up":
      return `${name}调休上班`;
    case "by_hand":
      return `${works ? "上班" : "放假"}：${name}`;
  }
}

/** What one day does to the count, for a list of them. */
export function sayCount({ count, day }: CountedDay): string {
  const kind = sayDayKind(day);
  if (count === null) return `${kind}，不算`;
  return day.why === "weekday" ? `第${count}天` : `第${count}天（${kind}）`;
}

/** "Why this date?" in one sentence or two: `从11月22日（周日）起 5 个工作日：11月23日（周一）第1天，…`. */
export function explain({ from, until, span, days }: Reckoning): string {
  if (span.unit === "hours") return `从${sayClock(from)}起 ${saySpan(span)}，到${sayClock(until)}。`;
  const last = days.at(-1);
  const counted = days.filter((one) => one.count !== null);
  const start = `从${sayIso(localDate(from))}起 ${saySpan(span)}（当天不算），到${sayIso(last?.date ?? localDate(from))}24点`;
  const years = [...new Set(days.filter((one) => one.day.assumed).map((one) => one.date.slice(0, 4)))];
  const assumed = years.map((year) => `${year}年的放假安排还没有公布，先按周一到周五上班算，公布后重新算。`).join("");
  if (span.unit === "calendar_days") {
    const full = counted.at(-1);
    const shifted = full && last && full.date !== last.date;
    const why = shifted ? `。满期的${sayIso(full.date)}是休息日，顺延到下一个工作日（民法典第203条）` : "";
    return `${start}${why}。${assumed}`;
  }
  const list = counted.map((one) => `${sayIso(one.date)}第${one.count}天`).join("，");
  return `${start}：${list}${sayExceptions(days)}。${assumed}`;
}

/** Runs of days that are alike are one phrase: `其中10月1日（周四）至10月7日（周三）国庆节放假不算`. */
function sayExceptions(days: readonly CountedDay[]): string {
  const runs: { first: string; last: string; words: string }[] = [];
  for (const one of days) {
    if (one.count !== null && one.day.why === "weekday") {
      runs.push({ first: "", last: "", words: "" });
      continue;
    }
    const words = one.count === null ? `${sayDayKind(one.day)}不算` : `${sayDayKind(one.day)}，要算`;
    const run = runs.at(-1);
    if (run?.words === words) run.last = one.date;
    else runs.push({ first: one.date, last: one.date, words });
  }
  const said = runs
    .filter((run) => run.words !== "")
    .map(({ first, last, words }) => `${sayIso(first)}${first === last ? "" : `至${sayIso(last)}`}${words}`);
  return said.length === 0 ? "" : `；其中${said.join("，")}`;
}
