import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromLocal, localDate } from "../../src/lib/china-time.ts";
import { DAY } from "../../src/lib/clock.ts";
import { endOfSpan, explain, reckon, SPAN_UNITS, type Span } from "../../src/lib/spans.ts";
import {
  type Calendar,
  calendarKnown,
  endOfWorkday,
  isWorkday,
  PLAN,
  readDay,
  workdaysLeft,
} from "../../src/lib/workdays.ts";
import { listRuns, yearsMissing } from "../../src/village/calendar.ts";
import { DEFAULT_PROMISES, readPromises } from "../../src/village/promises.ts";

/**
 * 国务院办公厅关于部分节假日安排的通知 for 2024, 2025 and 2026, typed from the notices (2026: reference/domain.md 5.8): the
 * days off with their joined weekends, and the make-up days. For 2027 there is no notice yet.
 */
const NOTICES: Record<number, { off: [string, string][]; on: string[] }> = {
  2024: {
    off: [
      ["01-01", "01-01"],
      ["02-10", "02-17"],
      ["04-04", "04-06"],
      ["05-01", "05-05"],
      ["06-10", "06-10"],
      ["09-15", "09-17"],
      ["10-01", "10-07"],
    ],
    on: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
  },
  2025: {
    off: [
      ["01-01", "01-01"],
      ["01-28", "02-04"],
      ["04-04", "04-06"],
      ["05-01", "05-05"],
      ["05-31", "06-02"],
      ["10-01", "10-08"],
    ],
    on: ["01-26", "02-08", "04-27", "09-28", "10-11"],
  },
  2026: {
    off: [
      ["01-01", "01-03"],
      ["02-15", "02-23"],
      ["04-04", "04-06"],
      ["05-01", "05-05"],
      ["06-19", "06-21"],
      ["09-25", "09-27"],
      ["10-01", "10-07"],
    ],
    on: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
  },
};

/** The independent reckoning: dates as text, weekdays by Zeller's congruence, nothing of ours but the test's own loop. */
function naivelyWorks(date: string): boolean {
  const [year, rest] = [Number(date.slice(0, 4)), date.slice(5)];
  const notice = NOTICES[year];
  if (notice?.on.includes(rest)) return true;
  if (notice?.off.some(([first, last]) => rest >= first && rest <= last)) return false;
  let [y, m] = [year, Number(date.slice(5, 7))];
  if (m < 3) [y, m] = [y - 1, m + 12];
  const h =
    (Number(date.slice(8)) +
      Math.floor((13 * (m + 1)) / 5) +
      y +
      Math.floor(y / 4) -
      Math.floor(y / 100) +
      Math.floor(y / 400)) %
    7;
  return h > 1; // 0 is Saturday, 1 is Sunday
}

function* dates(first: number, last: number): Generator<string> {
  for (let year = first; year <= last; year++) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    for (const [m, days] of [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].entries()) {
      for (let d = 1; d <= days; d++) yield `${year}-${String(m + 1).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
    }
  }
}
const ALL = [...dates(2024, 2028)];
const FOUR_YEARS = ALL.filter((date) => date < "2028");
const at = (date: string, clock = "12:00") => new Date(`${date}T${clock}:00+08:00`);
const last = (until: Date) => localDate(new Date(until.getTime() - 1));

describe("every day of 2024 to 2027, against an independent reckoning", () => {
  test("is a working day, or is not", () => {
    expect(FOUR_YEARS).toHaveLength(1461);
    const wrong = FOUR_YEARS.filter((date) => isWorkday(at(date)) !== naivelyWorks(date));
    expect(wrong).toEqual([]);
    expect(isWorkday(at("2026-10-10", "00:00"))).toBe(true);
    expect(isWorkday(at("2026-10-10", "23:59"))).toBe(true);
  });

  test("begins spans of 1 to 15 working days that end on the right day at 24:00, whatever the hour", () => {
    const works = ALL.map(naivelyWorks);
    for (const [i, date] of FOUR_YEARS.entries()) {
      let j = i;
      for (let n = 1; n <= 15; n++) {
        do j++;
        while (!works[j]);
        for (const clock of ["00:00", "12:00", "23:59"]) {
          const until = endOfSpan({ amount: n, unit: "working_days" }, at(date, clock), PLAN);
          if (last(until) !== ALL[j] || until.getTime() !== at(ALL[j] ?? "", "00:00").getTime() + DAY) {
            expect([date, clock, n, last(until)]).toEqual([date, clock, n, ALL[j]]);
          }
        }
        const end = endOfWorkday(at(date), n);
        if (workdaysLeft(end, at(date)) !== n) expect([date, n, workdaysLeft(end, at(date))]).toEqual([date, n, n]);
      }
    }
  });

  test("begins spans of calendar days that never end on a day of rest (民法典 203)", () => {
    for (const [i, date] of FOUR_YEARS.entries()) {
      for (const n of [1, 2, 5, 7, 15]) {
        let j = i + n;
        while (!naivelyWorks(ALL[j] ?? "")) j++;
        const until = endOfSpan({ amount: n, unit: "calendar_days" }, at(date), PLAN);
        if (last(until) !== ALL[j]) expect([date, n, last(until)]).toEqual([date, n, ALL[j]]);
      }
    }
  });
});

describe("a year without a plan", () => {
  test("is Monday to Friday, and every day of it says that it is assumed", () => {
    for (const date of dates(2027, 2027)) expect([date, readDay(date).assumed]).toEqual([date, true]);
    for (const date of dates(2026, 2026)) expect([date, readDay(date).assumed]).toEqual([date, false]);
  });

  test("is not taken for known because its National Day is a Sunday", () => {
    expect([2026, 2027, 2028, 2034].map((year) => calendarKnown(year))).toEqual([true, false, false, false]);
  });

  test("is known once National Day was set by hand", () => {
    const calendar: Calendar = { "2027-10-01": { off: true, reason: "国庆节" } };
    expect(calendarKnown(2027, calendar)).toBe(true);
    expect(readDay("2027-03-01", calendar).assumed).toBe(false);
  });

  test("is missed as soon as a promise of today could reach it, not before", () => {
    const missing = (date: string) => yearsMissing(at(date), DEFAULT_PROMISES, PLAN);
    expect(missing("2026-11-02")).toEqual([]);
    expect(missing("2026-12-10")).toEqual([2027]);
    expect(missing("2027-01-04")).toEqual([2027]);
  });
});

describe("why this date?", () => {
  const why = (span: Span, from: Date, calendar: Calendar = PLAN) => explain(reckon(span, from, calendar));
  const five: Span = { amount: 5, unit: "working_days" };

  test("counts the days one by one, and says what does not count", () => {
    expect(why(five, at("2026-11-22"))).toBe(
      "从11月22日（周日）起 5 个工作日（当天不算），到11月27日（周五）24点：11月23日（周一）第1天，11月24日（周二）第2天，11月25日（周三）第3天，11月26日（周四）第4天，11月27日（周五）第5天。",
    );
    expect(why(five, at("2026-09-30"))).toContain(
      "；其中10月1日（周四）至10月7日（周三）国庆节放假不算，10月10日（周六）国庆节调休上班，要算，10月11日（周日）周末不算。",
    );
  });

  test("gives the reason that somebody gave for a day of his own", () => {
    const calendar: Calendar = { "2026-11-24": { off: true, reason: "全镇体检" } };
    expect(why(five, at("2026-11-22"), calendar)).toContain("11月24日（周二）放假：全镇体检不算");
    expect(last(endOfSpan(five, at("2026-11-22"), calendar))).toBe("2026-11-30");
  });

  test("says where a year was only assumed, and where a period went on over a day of rest", () => {
    expect(why(five, at("2026-12-30"))).toContain("2027年的放假安排还没有公布，先按周一到周五上班算");
    expect(why({ amount: 2, unit: "calendar_days" }, at("2026-11-20"))).toBe(
      "从11月20日（周五）起 2 天（当天不算），到11月23日（周一）24点。满期的11月22日（周日）是休息日，顺延到下一个工作日（民法典第203条）。",
    );
    expect(why({ amount: 24, unit: "hours" }, at("2026-11-22", "14:05"))).toBe(
      "从11月22日14点5分起 24 小时，到11月23日14点5分。",
    );
  });
});

const spans = fc.record({ amount: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom(...SPAN_UNITS) });
const moments = fc
  .integer({ min: at("2024-01-01").getTime(), max: at("2027-11-30").getTime() })
  .map((n) => new Date(n));
const calendars = fc
  .array(fc.record({ day: fc.constantFrom(...FOUR_YEARS), off: fc.boolean() }), { maxLength: 40 })
  .map((days): Calendar => Object.fromEntries(days.map(({ day, off }) => [day, { off, reason: "试" }])));

describe("any span, moment and calendar", () => {
  test("the explanation counts exactly the days of the span, and its last day is the date", () => {
    fc.assert(
      fc.property(spans, moments, calendars, (span, from, calendar) => {
        const { until, days } = reckon(span, from, calendar);
        expect(until > from).toBe(true);
        if (span.unit === "hours") return;
        expect(days.filter((one) => one.count !== null)).toHaveLength(span.amount);
        expect(days.at(-1)?.date).toBe(last(until));
        expect(days.at(-1)?.day.works).toBe(true);
        // Every day between is there once, in order.
        expect(days.map((one) => one.date)).toEqual(ALL.slice(ALL.indexOf(localDate(from)) + 1).slice(0, days.length));
      }),
    );
  });

  test("a later start or a longer span never ends earlier, and a day more of rest never brings a date forward", () => {
    fc.assert(
      fc.property(spans, moments, calendars, fc.integer({ min: 0, max: 20 * DAY }), (span, from, calendar, later) => {
        const end = endOfSpan(span, from, calendar).getTime();
        expect(endOfSpan(span, new Date(from.getTime() + later), calendar).getTime()).toBeGreaterThanOrEqual(end);
        expect(endOfSpan({ ...span, amount: span.amount + 1 }, from, calendar).getTime()).toBeGreaterThanOrEqual(end);
        const day = localDate(new Date(from.getTime() + later));
        const rest = { ...calendar, [day]: { off: true, reason: "试" } };
        expect(endOfSpan(span, from, rest).getTime()).toBeGreaterThanOrEqual(end);
      }),
    );
  });
});

test("a year's list names each holiday once, and no ordinary weekend", () => {
  const runs = listRuns(2026, { "2026-03-02": { off: true, reason: "镇里放一天" } });
  expect(runs.filter((run) => run.byHand)).toEqual([
    { first: "2026-03-02", last: "2026-03-02", off: true, words: "放假：镇里放一天", byHand: true },
  ]);
  expect(runs.filter((run) => !run.off).map((run) => run.first.slice(5))).toEqual(NOTICES[2026]?.on);
});

describe("promises at the door", () => {
  test("take the three old numbers, any span, and keep what is not named", () => {
    const read = readPromises({ answerWorkdays: 3, rating: { amount: 10, unit: "calendar_days" } });
    expect(read).toMatchObject({
      ok: true,
      value: { result: { amount: 3, unit: "working_days" }, rating: { amount: 10 }, climb: DEFAULT_PROMISES.climb },
    });
  });
  test("refuse what no village means, naming each", () => {
    const wrong = { amount: 0, unit: "working_days" } as const;
    expect(readPromises({ result: wrong, township: { amount: 61, unit: "working_days" } })).toMatchObject({
      ok: false,
      refusal: { errors: [{ field: "result" }, { field: "township" }] },
    });
    expect(readPromises({ climb: { amount: 1, unit: "moons" as never } }).ok).toBe(false);
  });
});

test("a moment in the village is the same day for everybody", () => {
  expect(isWorkday(fromLocal(2026, 10, 10))).toBe(true);
});
