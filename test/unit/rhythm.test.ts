import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextOccurrence, type Rhythm, readMinute, sayRhythm, writeCron } from "../../src/broadcast/sending/rhythm.ts";
import { isoLocal, localTime } from "../../src/lib/china-time.ts";

const weekly = (weekdays: number[], clock: string): Rhythm => ({
  weekdays,
  monthDay: null,
  minute: readMinute(clock) ?? 0,
});
const monthly = (monthDay: number, clock: string): Rhythm => ({
  weekdays: null,
  monthDay,
  minute: readMinute(clock) ?? 0,
});
const next = (rhythm: Rhythm, after: string) => isoLocal(nextOccurrence(rhythm, new Date(`${after}+08:00`)));

describe("the next occurrence", () => {
  test.each([
    ["later on the same day", weekly([5], "18:30"), "2026-10-09T09:00:00", "2026-10-09T18:30:00+08:00"],
    ["never the moment itself", weekly([5], "18:30"), "2026-10-09T18:30:00", "2026-10-16T18:30:00+08:00"],
    ["the nearest of several days", weekly([1, 4], "07:30"), "2026-10-09T09:00:00", "2026-10-12T07:30:00+08:00"],
    ["a Sunday at midnight", weekly([0], "00:00"), "2026-10-10T23:59:00", "2026-10-11T00:00:00+08:00"],
    ["the month's day", monthly(5, "08:00"), "2026-10-09T09:00:00", "2026-11-05T08:00:00+08:00"],
    ["31 in a month of 30", monthly(31, "08:00"), "2026-11-01T00:00:00", "2026-11-30T08:00:00+08:00"],
    ["31 in February", monthly(31, "08:00"), "2027-01-31T08:00:00", "2027-02-28T08:00:00+08:00"],
    ["30 in February of a leap year", monthly(30, "08:00"), "2028-01-30T08:00:00", "2028-02-29T08:00:00+08:00"],
    ["over the year", monthly(1, "00:00"), "2026-12-01T00:00:00", "2027-01-01T00:00:00+08:00"],
  ])("%s", (_, rhythm, after, expected) => {
    expect(next(rhythm, after)).toBe(expected);
  });

  test("is in the rhythm, after the moment, and no nearer one is left out", () => {
    const rhythm = fc.oneof(
      fc.record({
        weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
        monthDay: fc.constant(null),
        minute: fc.integer({ min: 0, max: 1439 }),
      }),
      fc.record({
        weekdays: fc.constant(null),
        monthDay: fc.integer({ min: 1, max: 31 }),
        minute: fc.integer({ min: 0, max: 1439 }),
      }),
    );
    const moment = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(rhythm, moment, (rhythm, after) => {
        const at = nextOccurrence(rhythm, after);
        const t = localTime(at);
        expect(at.getTime()).toBeGreaterThan(after.getTime());
        expect(t.hour * 60 + t.minute).toBe(rhythm.minute);
        const longest = rhythm.weekdays ? 7 : 31;
        expect(at.getTime() - after.getTime()).toBeLessThanOrEqual(longest * 86_400_000);
        if (rhythm.weekdays) expect(rhythm.weekdays).toContain(t.weekday);
        else {
          const tomorrow = localTime(new Date(at.getTime() + 86_400_000));
          expect(t.day === rhythm.monthDay || (t.day < (rhythm.monthDay ?? 0) && tomorrow.day === 1)).toBe(true);
        }
      }),
    );
  });
});

test("is said as people say it, and written as BullMQ reads it", () => {
  expect(sayRhythm(weekly([1, 4], "18:30"))).toBe("每周一、周四 18:30");
  expect(sayRhythm(monthly(5, "08:05"))).toBe("每月5日 08:05");
  expect(sayRhythm(monthly(31, "08:00"))).toBe("每月31日 08:00，没有这一天的月份在最后一天");
  expect([writeCron(weekly([1, 4], "18:30")), writeCron(monthly(5, "08:05")), writeCron(monthly(30, "00:00"))]).toEqual(
    ["30 18 * * 1,4", "5 8 5 * *", "0 0 28-31 * *"],
  );
  expect([readMinute("24:00"), readMinute("7:30"), readMinute("07:30")]).toEqual([null, null, 450]);
});
