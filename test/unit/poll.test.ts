import { describe, expect, test } from "vitest";
import { closingProblem } from "../../src/broadcast/poll/closing.ts";
import { pollProblem, readOptions, writeBody } from "../../src/broadcast/poll/poll.ts";
import { DAY, after as later } from "../../src/lib/clock.ts";

const now = new Date("2026-10-09T09:00:00+08:00");
const problem = (options: string[], closesAt: Date | null = null) =>
  pollProblem(readOptions(options), closesAt, now)?.message ?? null;

describe("a poll", () => {
  test("shows its options with digits, below the question", () => {
    const options = readOptions(["1、同意", "2. 不同意", " 弃权 "]);
    expect(options).toEqual(["同意", "不同意", "弃权"]);
    expect(writeBody({ body: "广场铺砖吗？", options })).toBe("广场铺砖吗？\n回数字：1同意 2不同意 3弃权");
    expect(writeBody({ body: "明天开会。", options: null })).toBe("明天开会。");
  });
  test.each<[string[], Date | null, RegExp | null]>([
    [["同意", "不同意"], null, null],
    [["同意", "不同意"], later(now, DAY), null],
    [["同意"], null, /2 到 9/],
    [Array.from({ length: 9 }, (_, i) => `方案${"甲乙丙丁戊己庚辛壬"[i]}`), null, null],
    [["字".repeat(20), "同意"], later(now, 30 * DAY), null],
    [Array.from({ length: 10 }, (_, i) => `方案${"甲乙丙丁戊己庚辛壬癸"[i]}`), null, /2 到 9/],
    [["同意", " "], null, /空着/],
    [["同意", "同 意！"], null, /一样/],
    [["同意", "N"], null, /退订/],
    [["Ｔ", "同意"], null, /退订/],
    [["字".repeat(21), "同意"], null, /太长/],
    [["同意", "不同意"], now, /晚于/],
    [["同意", "不同意"], later(now, 31 * DAY), /30 天/],
  ])("%j until %s: %s", (options, closesAt, wrong) => {
    const said = problem(options, closesAt);
    if (wrong === null) expect(said).toBeNull();
    else expect(said).toMatch(wrong);
  });
});

test.each([
  ["an hour before the village rests, and quick", "2026-10-09T19:30:00+08:00", 600, "2026-10-09T21:00:00+08:00", null],
  [
    "an hour before the village rests, and slow",
    "2026-10-09T19:30:00+08:00",
    4000,
    "2026-10-10T07:35:00+08:00",
    /明天 07:36/,
  ],
  ["slow, and open until the next evening", "2026-10-09T19:30:00+08:00", 4000, "2026-10-10T20:00:00+08:00", null],
  ["without an end of its own", "2026-10-09T19:30:00+08:00", 4000, null, null],
])("a poll that leaves %s", (_, from, seconds, closes, wrong) => {
  const closesAt = closes === null ? null : new Date(closes);
  const said = closingProblem({ closesAt, from: new Date(from), seconds, hours: [["07:30", "20:30"]], now });
  if (wrong === null) expect(said).toBeNull();
  else expect(said).toMatchObject({ field: "closesAt", message: expect.stringMatching(wrong) });
});
