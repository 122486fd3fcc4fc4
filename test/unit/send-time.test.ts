import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { finishAt, suggestTimes, timeProblem } from "../../src/broadcast/sending/send-time.ts";
import { isoLocal } from "../../src/lib/china-time.ts";
import { DAY, HOUR } from "../../src/lib/clock.ts";
import { PLAN } from "../../src/lib/workdays.ts";
import { DEFAULT_SENDING_HOURS, type SendingHours, withinHours } from "../../src/village/village.ts";

const at = (clock: string, day = "2026-09-28") => new Date(`${day}T${clock}:00+08:00`);
const hours = DEFAULT_SENDING_HOURS;

describe("moments that are offered", () => {
  const offered = (clock: string, when: SendingHours = hours) =>
    suggestTimes(when, at(clock)).map(({ words }) => words);
  test("are ones to come, within the village's hours, at most three", () => {
    expect(offered("06:00")).toEqual(["今早 08:00", "今晚 19:00", "明早 08:00"]);
    expect(offered("10:00")).toEqual(["今晚 19:00", "明早 08:00", "明晚 19:00"]);
    expect(offered("18:50")).toEqual(["明早 08:00", "明晚 19:00"]);
    expect(offered("10:00", [["09:00", "18:00"]])).toEqual([]);
  });
});

describe("a moment that somebody chose", () => {
  const judge = (moment: Date, urgent = false, now = at("10:00")) =>
    timeProblem(moment, { hours, calendar: PLAN, now, urgent });
  test("this evening is fine", () => expect(judge(at("19:00"))).toBeNull());
  test("in the past it is refused, with the next good one", () => {
    const problem = judge(at("09:00"));
    expect([problem?.level, problem?.message]).toEqual(["refuse", "今天 09:00 已经过了，请改一个以后的时间"]);
    expect(problem?.better).toEqual(at("19:00"));
    expect(judge(at("09:00"), true)?.level).toBe("refuse");
  });
  test("in the noon rest or at night it is refused, with the end of the rest", () => {
    expect(judge(at("13:00"))).toMatchObject({ level: "refuse", better: at("14:30") });
    expect(judge(at("13:00"))?.message).toContain("要等到 今天 14:30 才发");
    expect(judge(at("23:00"))).toMatchObject({ level: "refuse", better: at("07:30", "2026-09-29") });
    expect(judge(at("23:00"), true)).toBeNull();
  });
  test("on a holiday it is asked about, with the first working day after; a plain weekend is nobody's business", () => {
    const national = judge(at("08:00", "2026-10-01"));
    expect([national?.level, national?.better && isoLocal(national.better)]).toEqual([
      "ask",
      "2026-10-08T08:00:00+08:00",
    ]);
    expect(national?.message).toContain("放假（国庆节）");
    expect(judge(at("08:00", "2026-10-17"))).toBeNull();
  });
});

describe("when the last text has left", () => {
  test("is told across the noon rest and the night", () => {
    expect(finishAt(hours, at("11:59"), 120)).toEqual(at("14:31"));
    expect(finishAt(hours, at("12:30"), 60)).toEqual(at("14:31"));
    expect(finishAt(hours, at("20:29"), 120)).toEqual(at("07:31", "2026-09-29"));
    expect(finishAt("any", at("23:59"), 120)).toEqual(at("00:01", "2026-09-29"));
    expect(finishAt([], at("10:00"), 1)).toBeNull();
  });
  test("is never before its start plus its length, and the more there is the later it is", () => {
    const start = fc.integer({ min: 0, max: 2 * 86_400 }).map((s) => new Date(at("00:00").getTime() + s * 1000));
    fc.assert(
      fc.property(
        start,
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 0, max: 40_000 }),
        (from, some, more) => {
          const end = finishAt(hours, from, some) as Date;
          const later = finishAt(hours, from, some + more) as Date;
          expect(end.getTime()).toBeGreaterThanOrEqual(from.getTime() + some * 1000);
          expect(later.getTime()).toBeGreaterThanOrEqual(end.getTime());
          // Never in the middle of a rest, and 9.5 hours of sending a day are what there is.
          expect(withinHours(hours, new Date(end.getTime() - (some > 0 ? 1 : 0))) || some === 0).toBe(true);
          expect(end.getTime() - from.getTime()).toBeLessThan((some / (9.5 * 3600) + 2) * DAY + HOUR);
        },
      ),
    );
  });
});
