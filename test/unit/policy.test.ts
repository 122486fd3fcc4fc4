import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { POLICIES } from "../../src/demo/policies.ts";
import { countSegments } from "../../src/message/segments.ts";
import { findPolicy } from "../../src/policy/find-policy.ts";
import { sayChoices, sayPolicy } from "../../src/policy/say-policy.ts";
import { cpuOf } from "../support/cpu.ts";

const found = (words: string) => {
  const answer = findPolicy(words, POLICIES);
  return answer.kind === "sure"
    ? answer.entry.title
    : answer.kind === "unsure"
      ? answer.entries.map((entry) => entry.title)
      : answer.kind;
};

describe("looking up a policy", () => {
  test.each([
    ["高龄补贴", "高龄津贴"],
    ["高齡津貼", "高龄津贴"],
    ["俺娘八十了有啥补贴", "高龄津贴"],
    ["俺娘八十岁了有啥补贴", "高龄津贴"],
    ["老人钱咋领", "高龄津贴"],
    ["低保", "最低生活保障（低保）"],
    ["吃低保要啥条件", "最低生活保障（低保）"],
    ["种粮补贴今年多少钱一亩", "耕地地力保护补贴（种粮补贴）"],
    ["粮补", "耕地地力保护补贴（种粮补贴）"],
    ["残疾证补贴怎么办", "残疾人两项补贴"],
    ["养老金咋交", "城乡居民养老保险"],
    ["看病报销", "城乡居民医疗保险"],
    ["新农合交多少", "城乡居民医疗保险"],
    ["买拖拉机补多少", "农机购置补贴"],
    ["家里突然遭难了有啥救助", "临时救助"],
    ["五保", "特困人员供养"],
  ])("%s → %s", (words, title) => expect(found(words)).toBe(title));

  test.each(["补贴", "保险"])("%s could be several: up to three to choose from", (words) => {
    const titles = found(words);
    expect(Array.isArray(titles) && titles.length >= 2 && titles.length <= 3).toBe(true);
  });
  test.each(["路灯坏了", "苹果树剪枝技术", "结婚登记"])("%s is in none of them", (words) =>
    expect(found(words)).toBe("none"),
  );
  test.each(["", "  ", "有啥政策", "？"])("%j asks for nothing in particular", (words) =>
    expect(found(words)).toBe("unsaid"),
  );
  test("a title that is chosen is found, whatever else resembles it", () => {
    for (const { title } of POLICIES) expect(found(title)).toBe(title);
  });
  test("of any text in a moment, alike each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (words) => {
        expect(cpuOf(() => findPolicy(words, POLICIES))).toBeLessThan(100);
        expect(findPolicy(words, POLICIES)).toEqual(findPolicy(words, POLICIES));
      }),
      { numRuns: 200 },
    );
  });
});

describe("an entry as a text", () => {
  test("fits three segments, and never loses its office and number", () => {
    const words = fc.string({ unit: "grapheme", maxLength: 300 });
    fc.assert(
      fc.property(words, words, (standard, process) => {
        const text = sayPolicy(
          { ...policy, title: "题".repeat(30), office: "科".repeat(30), person: "人".repeat(20), standard, process },
          "签".repeat(18),
        );
        expect(countSegments(`【${"签".repeat(18)}】${text}`).segments).toBeLessThanOrEqual(3);
        expect(text).toContain(`${"科".repeat(30)}${"人".repeat(20)}，电话0533-0000000`);
      }),
    );
  });
  test("of the demo says what, how and whom to ask", () => {
    expect(POLICIES.map((one) => countSegments(`【郭家村村委会】${sayPolicy(one, "郭家村村委会")}`).segments)).toEqual(
      POLICIES.map(() => expect.closeTo(2, -1)),
    );
    expect(sayChoices(["高龄津贴", "低保"])).toBe("您问的是哪一项？回数字：1高龄津贴 2低保。");
  });
});

const policy = {
  title: "高龄津贴",
  keywords: [],
  basis: "",
  scope: "",
  standard: "",
  process: "",
  office: "民政办",
  person: "",
  phone: "0533-0000000",
};
