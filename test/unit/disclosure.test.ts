import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintText } from "../../src/broadcast/lint/lint.ts";
import { CATALOGUE, GROUND_RULES, type GroundRules } from "../../src/disclosure/catalogue.ts";
import { dueAfterEvent, dueAfterPeriod, dueBefore, sayDueDay } from "../../src/disclosure/due-date.ts";
import { frameOf } from "../../src/disclosure/frames.ts";
import { listObligations } from "../../src/disclosure/list-obligations.ts";
import type { Objection } from "../../src/disclosure/objection.queries.ts";
import { answerings, windowOf } from "../../src/disclosure/objection.ts";
import { sayStatus, statusOf } from "../../src/disclosure/obligation.ts";
import { CADENCES, periodAt, readPeriod, sayPeriod } from "../../src/disclosure/period.ts";
import { GROUND, type Rule, rulesOn } from "../../src/disclosure/rules.ts";
import { addDays, daysBetween, isIsoDay } from "../../src/lib/iso-day.ts";
import { PLAN, readDay } from "../../src/lib/workdays.ts";
import { countSegments } from "../../src/message/segments.ts";

const REGULAR = ["M", "Q", "H", "Y"] as const;
const dueOf = (key: string, due?: GroundRules["due"]["M"]) => {
  const period = readPeriod(key);
  if (!period) throw new Error(`no period ${key}`);
  return dueAfterPeriod(period, due ?? GROUND_RULES.due[period.cadence], PLAN).on;
};
const rule = (item: string, fromOn: string, change: object, level: Rule["level"] = "township"): Rule =>
  ({ level, item, fromOn, change, by: "张督导" }) as Rule;
const ask = (rules: readonly Rule[], from: string, until: string, since = "2020-01-01") =>
  listObligations({ rules, calendar: PLAN, since, from, until, today: until });

describe("a catalogue", () => {
  test("has every item of the reference, each once, with its basis and who it is for", () => {
    const codes = CATALOGUE.map((one) => one.code);
    const wanted = [...range("F", 8), ...range("V", 21), ...range("P", 6)];
    expect(codes).toEqual(wanted);
    expect(CATALOGUE.filter((one) => one.lawRef === "" || one.title === "")).toEqual([]);
    const by = (cadence: string) => CATALOGUE.filter((one) => one.cadence === cadence).map((one) => one.code);
    expect(by("M")).toEqual(["F01"]);
    expect(by("H")).toEqual(["V20", "P02", "P04"]);
    expect(by("Y")).toEqual(["F06", "V17", "V19", "P05"]);
    expect(CATALOGUE.filter((one) => one.audience !== "all").map((one) => one.code)).toEqual([
      "F05",
      "P04",
      "P05",
      "P06",
    ]);
    expect(CATALOGUE.filter((one) => one.overseer).map((one) => one.code)).toEqual(
      expect.arrayContaining([...range("F", 8), "V08", "V09", "V10"]),
    );
  });
});
const range = (letter: string, n: number) =>
  Array.from({ length: n }, (_, i) => `${letter}${String(i + 1).padStart(2, "0")}`);

test.each(CATALOGUE)("the frame of $code has gaps, cannot leave with them, and can without", (item) => {
  const frame = frameOf(item, "三季度", 5);
  const blocked = (text: string) =>
    lintText(text)
      .filter(({ level }) => level === "block")
      .map(({ rule }) => rule);
  expect(blocked(frame)).toEqual(["unfilled_gap"]);
  expect(blocked(frame.replaceAll("＿＿", "3"))).toEqual([]);
  expect(countSegments(frame).segments).toBeLessThanOrEqual(2);
});

describe("a due date", () => {
  test.each([
    ["2026-06", "2026-07-15"], // a Wednesday
    ["2026-07", "2026-08-17"], // the 15th is a Saturday
    ["2026-10", "2026-11-16"], // a Sunday
    ["2026-01", "2026-02-24"], // 春节 to the 23rd; the make-up day 14 February lies before
    ["2026-Q1", "2026-04-15"],
    ["2026-Q3", "2026-10-15"],
    ["2026-Q4", "2027-01-15"],
    ["2026-H1", "2026-07-15"],
    ["2025", "2026-02-02"], // the 31st of January is a Saturday
  ])("of %s is %s", (key, on) => expect(dueOf(key)).toBe(on));

  test("on a day that a county names: 国庆 pushes it behind the holiday, a make-up day is a working day", () => {
    expect(dueOf("2026-09", { month: 1, day: 1 })).toBe("2026-10-08");
    expect(dueOf("2026-Q3", { month: 1, day: 10 })).toBe("2026-10-10"); // a Saturday, 调休上班
    expect(dueOf("2026-02", { month: 1, day: 31 })).toBe("2026-03-31");
    expect(dueOf("2026-01", { month: 1, day: 31 })).toBe("2026-02-28"); // no 31st; a Saturday on which one works
  });

  test("of an event counts from the day after it, and ends on a working day", () => {
    const within = GROUND_RULES.event;
    expect(dueAfterEvent("2026-07-06", within, PLAN).on).toBe("2026-07-16");
    expect(dueAfterEvent("2026-09-24", within, PLAN).on).toBe("2026-10-08"); // 4 October lies in the holiday
    expect(dueAfterEvent("2026-09-24", { amount: 5, unit: "working_days" }, PLAN).on).toBe("2026-10-09");
  });

  test("before a meeting is never moved later, rest day or not", () => {
    expect(dueBefore("2026-10-13", 10).on).toBe("2026-10-03");
  });

  test.each([
    ["M", { month: 1, day: 15 }, "次月15日前"],
    ["M", { month: 2, day: 5 }, "往后第2个月5日前"],
    ["Q", { month: 1, day: 15 }, "下季度第一个月15日前"],
    ["H", { month: 2, day: 1 }, "下半年第二个月1日前"],
    ["Y", { month: 1, day: 31 }, "次年1月31日前"],
  ] as const)("of %s on %o is said %s", (cadence, day, words) => expect(sayDueDay(cadence, day)).toBe(words));

  test("explains itself", () => {
    const period = readPeriod("2026-07");
    if (!period) throw new Error("no period");
    expect(dueAfterPeriod(period, GROUND_RULES.due.M, PLAN).why).toBe(
      "7月的，次月15日前，就是8月15日（周六）。这天周末，顺延到下一个工作日8月17日（周一）（民法典第203条）。",
    );
    expect(dueAfterEvent("2026-09-24", GROUND_RULES.event, PLAN).why).toContain("10月4日（周日）是休息日，顺延");
  });
});

describe("periods", () => {
  const day = fc.integer({ min: 0, max: 3000 }).map((n) => addDays("2022-01-01", n));

  test("cover every day once, and are found again by their key", () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...REGULAR), (at, cadence) => {
        const period = periodAt(cadence, at);
        expect(period.first <= at && at <= period.last).toBe(true);
        expect(periodAt(cadence, addDays(period.last, 1)).first).toBe(addDays(period.last, 1));
        expect(readPeriod(period.key)).toEqual(period);
      }),
    );
  });

  test("are called as people call them, with the year where it is another", () => {
    const said = ["2026-07", "2026-Q3", "2026-H1", "2026", "2025-12", "2025-Q4"].map((key) =>
      sayPeriod(readPeriod(key) ?? periodAt("Y", "2000-01-01"), 2026),
    );
    expect(said).toEqual(["7月", "三季度", "上半年", "2026年", "2025年12月", "2025年四季度"]);
    expect(["2026-13", "2026-Q5", "2026-07-12", "x", ""].map(readPeriod)).toEqual(Array(5).fill(null));
  });

  test("each has exactly one obligation and none is left out, whatever was changed on the way", () => {
    const change = fc.record({
      at: fc.integer({ min: 0, max: 1400 }),
      cadence: fc.constantFrom(...REGULAR),
      day: fc.integer({ min: 1, max: 31 }),
      level: fc.constantFrom("county", "township", "village" as const),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const rules = changes.map((one) =>
          rule(
            "V13",
            addDays("2023-01-01", one.at),
            { cadence: one.cadence, due: { month: 1, day: one.day } },
            one.level as Rule["level"],
          ),
        );
        const owed = ask(rules, "2024-01-01", "2027-12-31").filter(({ item }) => item.code === "V13");
        expect(new Set(owed.map((one) => one.period)).size).toBe(owed.length);
        const covered = owed.map((one) => readPeriod(one.period)).filter((one) => one !== null);
        const byStart = covered.toSorted((a, b) => (a.last < b.last ? -1 : 1));
        for (const [i, period] of byStart.entries()) {
          const before = byStart[i - 1];
          // No day between two periods that follow one another is in neither.
          if (before) expect(period.first <= addDays(before.last, 1)).toBe(true);
        }
        expect(owed.every((one) => readDay(one.dueOn).works && one.opensOn <= one.dueOn)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("by the default catalogue a year asks for twelve of F01, four of each quarter's item, two, and one", () => {
    const owed = ask([], "2026-01-01", "2026-12-31");
    const count = (code: string) => owed.filter(({ item }) => item.code === code).length;
    expect([count("F01"), count("F02"), count("V20"), count("V17"), count("V01")]).toEqual([12, 4, 2, 1, 0]);
    const size = { M: 12, Q: 4, H: 2, Y: 1, E: 0 };
    expect(owed.length).toBe(CATALOGUE.reduce((sum, one) => sum + size[one.cadence], 0));
    expect(Object.keys(size)).toEqual([...CADENCES]);
  });

  test("the days asked for and a village's beginning count themselves", () => {
    const july = (from: string, until: string, since?: string) =>
      ask([], from, until, since).filter(({ item, period }) => item.code === "F01" && period === "2026-07").length;
    expect([july("2026-08-17", "2026-08-17", "2026-08-17"), july("2026-08-17", "2026-08-17")]).toEqual([1, 1]);
    expect([july("2026-08-18", "2026-09-01"), july("2026-08-01", "2026-08-16")]).toEqual([0, 0]);
    expect(july("2026-08-01", "2026-09-01", "2026-08-18")).toBe(0);
  });

  test("nothing is owed that was due before a village began here", () => {
    const owed = ask([], "2026-01-01", "2026-12-31", "2026-10-13");
    expect(owed[0]?.dueOn).toBe("2026-10-15");
    expect(owed.filter(({ item }) => item.code === "F01").map((one) => one.period)).toEqual([
      "2026-09",
      "2026-10",
      "2026-11",
    ]);
  });
});

describe("a county, a township and a village", () => {
  test("speak over one another in that order, each from its day on", () => {
    const rules = [
      rule("F02", "2026-01-01", { cadence: "M", lawRef: "县目录第3项" }, "county"),
      rule("F02", "2026-06-01", { due: { month: 1, day: 5 } }, "village"),
      rule("F02", "2026-05-01", { cadence: "Q", lawRef: "镇通知" }, "township"),
    ];
    const on = (day: string) => rulesOn(rules, day).items.get("F02");
    expect(on("2025-12-31")).toMatchObject({ cadence: "Q", source: null });
    expect(on("2026-04-30")).toMatchObject({ cadence: "M", lawRef: "县目录第3项", source: { level: "county" } });
    expect(on("2026-07-01")).toMatchObject({
      cadence: "Q",
      lawRef: "镇通知",
      due: { day: 5 },
      source: { level: "village" },
    });
    // January to April by the month, from May on by the quarter.
    const owed = ask(rules, "2026-01-01", "2026-12-31").filter(({ item }) => item.code === "F02");
    expect(owed.map((one) => one.period).filter((key) => key > "2026-")).toEqual([
      "2026-01",
      "2026-02",
      "2026-03",
      "2026-04",
      "2026-Q2",
      "2026-Q3",
    ]);
  });

  test("switch an item off and on, add one, and change what holds for all", () => {
    const rules = [
      rule("V12", "2026-04-01", { active: false }),
      rule("V12", "2026-10-01", { active: true }),
      rule("Z01", "2026-03-01", { title: "河道保洁", class: "village", cadence: "M", lawRef: "镇通知" }),
      // The last of May says of May that nothing is owed, and from then on whatever happens.
      rule("V13", "2026-05-31", { cadence: "E" }),
      rule(GROUND, "2026-01-01", { due: { Q: { month: 1, day: 20 } }, keepDays: 10 }),
    ];
    const owed = ask(rules, "2026-01-01", "2027-01-31");
    const periods = (code: string) => owed.filter(({ item }) => item.code === code).map((one) => one.period);
    expect(periods("V12")).toEqual(["2025-Q4", "2026-Q1", "2026-Q4"]);
    expect(periods("V13").filter((key) => key > "2026-Q1")).toEqual([]);
    expect(periods("Z01").slice(0, 2)).toEqual(["2026-03", "2026-04"]);
    expect(owed.find((one) => one.item.code === "F02" && one.period === "2026-Q1")?.dueOn).toBe("2026-04-20");
    expect(rulesOn(rules, "2026-05-01").ground).toMatchObject({ keepDays: 10, objectionDays: 5 });
  });
});

describe("a status", () => {
  const one = { opensOn: "2026-08-01", dueOn: "2026-08-17" };
  const none = { boardPostedOn: null, smsSentOn: null };
  test.each([
    ["2026-07-20", none, "later", "没到时候"],
    ["2026-07-31", none, "later", "没到时候"],
    ["2026-08-01", none, "open", "还有 16 天，还没公开"],
    ["2026-08-03", none, "open", "还有 14 天，还没公开"],
    ["2026-08-10", none, "soon", "还有 7 天，还没公开"],
    ["2026-08-14", none, "soon", "还有 3 天，还没公开"],
    ["2026-08-17", none, "soon", "今天到期，还没公开"],
    ["2026-08-18", none, "overdue", "超了 1 天，还没公开"],
    ["2026-08-05", { ...none, smsSentOn: "2026-08-04" }, "half", "还有 12 天，只发了短信，公开栏还没贴"],
    ["2026-08-20", { ...none, smsSentOn: "2026-08-04" }, "overdue", "超了 3 天，只发了短信，公开栏还没贴"],
    ["2026-09-01", { ...none, boardPostedOn: "2026-08-17" }, "done", "已按时公开"],
    ["2026-09-01", { boardPostedOn: "2026-08-16", smsSentOn: "2026-08-20" }, "done", "已按时公开，短信也发了"],
    ["2026-09-01", { ...none, boardPostedOn: "2026-08-21" }, "done_late", "公开了，晚了 4 天"],
  ] as const)("on %s is what was done: %o", (today, deeds, status, words) => {
    expect([statusOf(one, deeds, today), sayStatus(one, deeds, today)]).toEqual([status, words]);
  });
});

describe("objections", () => {
  const posted = { boardPostedOn: "2026-08-10", smsSentOn: "2026-08-08" };
  const window = (today: string) => windowOf(posted, 5, PLAN, today);
  const answer = { amount: 5, unit: "working_days" } as const;
  const list = (one: Partial<Objection>, today: string) =>
    answerings(
      [{ state: "registered", openedAt: new Date("2026-08-10T09:00:00+08:00"), answeredAt: null, ...one } as Objection],
      window(today),
      { answer, calendar: PLAN },
      today,
    );

  test("may come from the first day that it was public to the last", () => {
    expect(windowOf({ boardPostedOn: null, smsSentOn: null }, 5, PLAN, "2026-08-10")).toBeNull();
    expect(window("2026-08-13")).toMatchObject({ from: "2026-08-08", until: "2026-08-13", open: true });
    expect(window("2026-08-14")).toMatchObject({ open: false });
  });

  test.each([
    ["2026-08-07T23:59:59", false, 0],
    ["2026-08-08T00:00:00", false, 1],
    ["2026-08-13T23:59:59", false, 1],
    ["2026-08-14T00:00:00", false, 0],
    ["2026-08-14T00:00:00", true, 1],
  ])("that came at %s, marked by staff: %s, count %i", (at, marked, n) => {
    expect(list({ openedAt: new Date(`${at}+08:00`), marked }, "2026-08-20")).toHaveLength(n);
  });

  test.each([
    ["2026-08-14", null, "wait", "还有 3 天要答复"],
    ["2026-08-15", null, "soon", "还有 2 天要答复"],
    ["2026-08-17", null, "soon", "今天要答复"],
    ["2026-08-18", null, "late", "超了 1 天，还没答复"],
    ["2026-09-01", "2026-08-17T23:59:00+08:00", "done", "已按时答复"],
    ["2026-09-01", "2026-08-18T00:00:00+08:00", "done-late", "答复了，晚了 1 天"],
  ] as const)("must be answered in five working days: on %s, answered %s, %s", (today, at, tone, words) => {
    const answered = at === null ? {} : { state: "answered" as const, answeredAt: new Date(at) };
    expect(list({ ...answered, marked: true }, today)).toMatchObject([{ dueOn: "2026-08-17", tone, words }]);
  });
});

test("days are read as they are on the calendar", () => {
  expect(["2026-02-29", "2026-2-3", "2028-02-29", "x", "2026-13-01"].map(isIsoDay)).toEqual([
    false,
    false,
    true,
    false,
    false,
  ]);
  expect(daysBetween("2026-02-27", "2026-03-02")).toBe(3);
});
