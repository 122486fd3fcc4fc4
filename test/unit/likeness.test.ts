import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALIKE, isSame, likeness, printOf, rankAlike } from "../../src/broadcast/similar/likeness.ts";

const like = (a: string, b: string) => likeness(printOf(a), printOf(b));

describe("two notices", () => {
  test("are the same however they are typed", () => {
    expect(isSame(printOf("明天８点停电。"), printOf("明天 8点停电"))).toBe(true);
    expect(isSame(printOf("明天8点停电"), printOf("明天9点停电"))).toBe(false);
    expect(isSame(printOf("。"), printOf("！"))).toBe(false);
  });
  test.each([
    ["明天上午八点到十点全村停电，请提前做好准备。", "后天上午八点到十点全村停电，请提前做好准备。", true],
    [
      "7月财务公开：收入15150元，支出9420元，结余见公开栏。",
      "8月财务公开：收入12000元，支出8100元，结余见公开栏。",
      true,
    ],
    ["明天上午八点到十点全村停电，请提前做好准备。", "本周六上午开村民代表会，请各位代表准时参加。", false],
    ["开会", "开会啦", false],
  ])("%s / %s", (a, b, alike) => expect(like(a, b) >= ALIKE).toBe(alike));
  test("of any words: as like one way as the other, from 0 to 1, and each is its own likest", () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (a, b) => {
        expect(like(a, b)).toBe(like(b, a));
        expect(like(a, b)).toBeGreaterThanOrEqual(0);
        expect(like(a, b)).toBeLessThanOrEqual(1);
        if (printOf(a).pairs.size >= 4) expect(like(a, a)).toBe(1);
      }),
    ));
  test("are told likest first, newest first among equals, no more than asked for", () => {
    const at = (day: number, body: string) => ({ body, at: new Date(Date.UTC(2026, 9, day)) });
    const others = [
      at(1, "明天上午全村停电，请准备。"),
      at(3, "明天上午全村停电，请准备！"),
      at(2, "明天下午全村停电，请准备。"),
      at(4, "周六开代表会。"),
    ];
    const ranked = rankAlike("明天上午全村停电，请准备。", others, 3);
    expect(ranked.map((one) => [one.at.getUTCDate(), one.same])).toEqual([
      [3, true],
      [1, true],
      [2, false],
    ]);
    expect(rankAlike("明天上午全村停电，请准备。", others, 1)).toHaveLength(1);
  });
});
