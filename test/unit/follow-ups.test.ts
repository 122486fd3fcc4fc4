import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCaseNumber } from "../../src/inbound/case-number.ts";
import { findHome, type NearCase } from "../../src/inbound/find-home.ts";
import { DAY, MINUTE } from "../../src/lib/clock.ts";
import type { SuggestionId } from "../../src/lib/ids.ts";
import { compareGists, gistOf } from "../../src/suggestion/kinship.ts";
import { splitTopics } from "../../src/suggestion/split-topics.ts";

const NOW = new Date("2026-10-09T09:00:00+08:00");
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const near = (number: number, text: string, minutes: number, more: Partial<NearCase> = {}): NearCase => ({
  id: `case-${number}` as SuggestionId,
  number,
  state: "registered",
  sealed: false,
  samePhone: true,
  said: [text],
  openedAt: ago(minutes * MINUTE),
  heardAt: ago(minutes * MINUTE),
  settledAt: null,
  ...more,
});
/** `burst 12`, `new`, `new?12` (it may belong there). */
const home = (text: string, ...cases: NearCase[]): string => {
  const found = findHome(text, cases, NOW);
  if (found.kind !== "new") return `${found.kind} ${found.to.number}`;
  const hint = cases.find((one) => one.id === found.relatedTo);
  return hint ? `new?${hint.number}` : "new";
};
const lamp = (minutes: number, more?: Partial<NearCase>) => near(12, "村东头的路灯坏了", minutes, more);
const days = (n: number) => (n * DAY) / MINUTE;

describe("where a text belongs", () => {
  test("with nothing before it, it is new", () => expect(home("路灯坏了")).toBe("new"));

  test.each([
    ["好几天没亮了", "burst 12"],
    ["在老槐树那里", "burst 12"],
    ["什么时候能来修", "burst 12"],
    ["村东头的路灯坏了。", "repeat 12"],
    ["还有俺家自来水也停了", "new"],
    ["低保怎么申请", "new"],
  ])("within minutes: %s → %s", (text, where) => expect(home(text, lamp(5))).toBe(where));

  test.each([
    ["村东头路灯还是没修，晚上看不见路", "addition 12"],
    ["补充一下，是第三根杆子", "addition 12"],
    ["村东头的路灯坏了", "repeat 12"],
    ["村西头的路灯坏了", "new?12"],
    ["在老槐树那里", "new"],
    ["自来水停了三天", "new"],
  ])("days later: %s → %s", (text, where) => expect(home(text, lamp(days(3)))).toBe(where));

  test("parts of one thought join in whatever order they come", () => {
    const parts = ["书记你好我反映个事", "我家门口那条沟", "一下雨就往屋里倒灌", "都好几年了没人管"];
    for (const [i, first] of parts.entries()) {
      for (const part of parts.filter((_, j) => j !== i))
        expect([part, home(part, near(1, first, 1))]).toEqual([part, "burst 1"]);
    }
  });

  test("of two open cases, the one it speaks of", () => {
    const two = [near(1, "自来水停了", 2), near(2, "路灯坏了", 1)];
    expect(home("水管都冻裂了没水", ...two)).toBe("burst 1");
    expect(home("灯坏了三盏", ...two)).toBe("burst 2");
    expect(home("快点来人吧", ...two)).toBe("burst 2");
  });

  test("a case that waits for his words gets them, also days later", () => {
    expect(home("就在老槐树那里", lamp(days(3), { state: "need_info" }))).toBe("addition 12");
    expect(home("自来水停了", lamp(days(3), { state: "need_info" }))).toBe("new");
  });

  test("after the answer it is kept for a person, and opens nothing; long after, it has happened again", () => {
    const answered = { state: "answered" as const, settledAt: ago(DAY) };
    expect(home("村东头路灯又不亮了", lamp(days(4), answered))).toBe("after_answer 12");
    expect(home("村东头的路灯坏了", lamp(days(4), answered))).toBe("after_answer 12");
    expect(home("自来水停了", lamp(days(4), answered))).toBe("new");
    expect(home("4", lamp(days(4), answered))).toBe("new");
    expect(home("村东头的路灯坏了", lamp(days(30), { state: "closed", settledAt: ago(20 * DAY) }))).toBe("new?12");
  });

  test("a number counts only where the household has such a case", () => {
    const wife = lamp(days(2), { samePhone: false });
    expect(home("关于12号路灯，又坏了一盏", wife)).toBe("addition 12");
    expect(home("第12件怎么还没动静，都三天了", wife)).toBe("addition 12");
    expect(home("编号十二的事，再说一下", wife)).toBe("addition 12");
    expect(home("第13件怎么还没动静", wife)).toBe("new");
    expect(home("12号停水吗", lamp(days(2)))).toBe("new");
    expect(home("12号自来水停了", lamp(days(2)))).toBe("new");
    expect(home("第12件又坏了", lamp(days(2), { state: "closed", settledAt: ago(DAY) }))).toBe("after_answer 12");
  });

  test("another phone of the house joins nothing by its words alone", () =>
    expect(home("村东头的路灯坏了", lamp(2, { samePhone: false }))).toBe("new?12"));

  test("more on a sealed matter stays sealed while it is being said, and is never hinted at", () => {
    const sealed = near(3, "密 会计报花账", 2, { sealed: true });
    expect(home("他媳妇也知道", sealed)).toBe("burst 3");
    expect(home("第3件咋样", { ...sealed, heardAt: ago(DAY) })).toBe("new");
    expect(home("会计报花账的事", { ...sealed, heardAt: ago(DAY) })).toBe("new");
  });

  test("a flood ends in three cases, whatever it says", () => {
    const three = [near(1, "自来水停了", 1), near(2, "路灯坏了", 1), near(3, "低保没发", 1)];
    expect(home("厕所臭得很", ...three)).toMatch(/^burst/);
  });

  test("is found for any text, and the same twice", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.string({ unit: "grapheme", maxLength: 50 }),
        (a, b) => {
          const cases = [near(1, b, 3), lamp(days(2))];
          expect(findHome(a, cases, NOW)).toEqual(findHome(a, cases, NOW));
          expect(compareGists(gistOf(a), gistOf(b))).toBe(compareGists(gistOf(b), gistOf(a)));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a case's number", () => {
  test.each([
    ["编号12", 12, true],
    ["编号：１２ 怎么样了", 12, true],
    ["第12件", 12, true],
    ["第十二件事", 12, true],
    ["12号件", 12, true],
    ["第一百零三件", 103, true],
    ["12号", 12, false],
    ["关于12号路灯", 12, false],
    ["关于十二号", 12, false],
  ])("%s", (text, number, sure) => expect(readCaseNumber(text)).toEqual({ number, sure }));

  test.each(["12号上午停水", "10月12号", "12号楼", "丢了12件套", "三件套", "12", "给我12元", "电话12号线", "一二三"])(
    "is none in %s",
    (text) => expect(readCaseNumber(text)).toBeNull(),
  );
});

describe("several things in one text", () => {
  test.each<[string, string[]]>([
    ["1.路灯坏了 2.水停了", ["路灯坏了", "水停了"]],
    ["有两件事：1、路灯坏了；2、自来水停了三天。", ["路灯坏了", "自来水停了三天。"]],
    ["①路灯坏了②垃圾没人清", ["路灯坏了", "垃圾没人清"]],
    ["一是路灯坏了，二是自来水停了", ["路灯坏了", "自来水停了"]],
    ["村东路灯坏了，另外俺家的低保咋还没发", ["村东路灯坏了", "另外俺家的低保咋还没发"]],
    ["村东路灯坏了。还有，垃圾好几天没人清了", ["村东路灯坏了。", "还有，垃圾好几天没人清了"]],
  ])("%s", (text, parts) => expect(splitTopics(text)).toEqual(parts));

  test.each([
    "路灯坏了",
    "路宽3.5米，长2.8里",
    "村东路灯坏了，还有两盏路灯也坏了",
    "我家三口人，一年收入2万",
    "明天上午9.30去行吗",
    "王村、李村都停水了",
    "",
  ])("none in %s", (text) => expect(splitTopics(text)).toEqual([]));

  test("every part stands in the text, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom("1.", "2.", "①", "②", "一是", "二是", "另外", "还有", "路灯坏了", "停水", "，", " ", "。"),
        ),
        (bits) => {
          const text = bits.join("");
          for (const part of splitTopics(text)) expect(text).toContain(part);
        },
      ),
    );
  });
});
