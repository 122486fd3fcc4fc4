import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blankProblem, fillBlanks, findBlanks } from "../../src/broadcast/personal/blanks.ts";
import { nearest, sayUnknown } from "../../src/lib/nearest.ts";

describe("blanks of a notice", () => {
  test.each([
    ["{{姓名}}您好", ["姓名"]],
    ["{{ 姓名 }}您好，{{　金 额　}}元", ["姓名", "金额"]],
    ["｛｛姓名｝｝和{｛户号}｝", ["姓名", "户号"]],
    ["{{金額}}、{{金额}}、{{Ａ１}}、{{a1}}", ["金额", "a1"]],
    ["{{{姓名}}}", ["姓名"]],
    ["{姓名}、{ {姓名} }、{{}}、{{ }}、{{姓名}、{{姓\n名}}", []],
    ["没有括号", []],
  ])("%s has %j", (body, names) => expect(findBlanks(body)).toEqual(names));

  test("are filled, and what has no value stays and is told", () => {
    const values = { 姓名: "郭传福", 户号: " 12 ", 小组: "  " };
    expect(fillBlanks("{{姓名}}（{{户号}}号）：{{小组}}{{金额}}元，{{ 金额 }}元", values)).toEqual({
      text: "郭传福（12号）：{{小组}}{{金额}}元，{{ 金额 }}元",
      missing: ["小组", "金额"],
    });
  });
  test("a villager's braces are his own", () => {
    expect(fillBlanks("{{姓名}}：{{户号}}", { 姓名: "{{户号}}", 户号: "$& {{姓名}}" }).text).toBe(
      "{{户号}}：$& {{姓名}}",
    );
  });
  test("a name that every object has is not a value", () => {
    expect(fillBlanks("{{constructor}}", {})).toEqual({ text: "{{constructor}}", missing: ["constructor"] });
  });

  const brace = fc.constantFrom(
    "{",
    "}",
    "{{",
    "}}",
    "｛｛",
    "｝｝",
    "{{姓名}}",
    "{{ 金额 }}",
    "姓名",
    "元",
    " ",
    "\n",
  );
  const wild = fc.array(fc.oneof(brace, fc.string({ unit: "grapheme", maxLength: 5 })), { maxLength: 12 });
  const body = wild.map((parts) => parts.join(""));

  test("of any text: nothing but blanks is lost or moved", () =>
    fc.assert(
      fc.property(body, (text) => {
        const marked = Object.fromEntries(findBlanks(text).map((name, i) => [name, `\u{f0000}${i}\u{f0000}`]));
        const filled = fillBlanks(text, marked);
        expect(filled.missing).toEqual([]);
        // What stands between the blanks stands between the values, letter for letter.
        const between = text.split(/[{｛]{2}[^{}｛｝\n]{1,40}[}｝]{2}/u);
        for (const part of between) expect(filled.text).toContain(part.trim() === "" ? "" : part);
        if (findBlanks(text).length === 0) expect(filled).toEqual({ text, missing: [] });
      }),
    ));
  test("of any value: it arrives as it is, once, whatever it looks like", () =>
    fc.assert(
      fc.property(body, body, (one, other) => {
        fc.pre(one.trim() !== "" && other.trim() !== "");
        const { text } = fillBlanks("甲{{姓名}}乙{{金额}}丙", { 姓名: one, 金额: other });
        expect(text).toBe(`甲${one.trim()}乙${other.trim()}丙`);
      }),
    ));
});

describe("what is wrong with blanks", () => {
  test.each([
    ["{{姓名}}家{{金额}}元", ["金额"], null],
    ["一个{括号}不碍事", [], null],
    ["{{姓明}}您好", [], "没有“{{姓明}}”这一项，是不是“{{姓名}}”？"],
    ["{{补贴}}元", ["补贴金额"], "是不是“{{补贴金额}}”？"],
    ["{{电费}}元", [], "不知道“{{电费}}”填什么：请附上有“电费”这一列的表格"],
    ["{{姓名您好", [], "“{{姓名您好”的括号没写完整"],
    ["您好姓名}}", [], "括号没写完整"],
    ["{{ }}您好", [], "括号没写完整"],
    ["{姓名}您好", [], "“{姓名}”少了一层括号，请写成 {{姓名}}"],
  ])("%s", (body, names, said) => {
    if (said === null) expect(blankProblem(body, names)).toBeNull();
    else expect(blankProblem(body, names)).toContain(said);
  });
});

describe("the nearest name", () => {
  test.each([
    ["二租", ["一组", "二组", "三组"], "二组"],
    ["2组", ["一组", "二组"], "二组"],
    ["第二组", ["一组", "二组"], "二组"],
    ["党元", ["党员", "低保"], "党员"],
    ["东北网格", ["低保", "外出"], null],
    ["", ["低保"], null],
  ])("of %s among %j is %s", (wanted, known, name) => expect(nearest(wanted, known)).toBe(name));
  test("is named in the refusal", () =>
    expect(sayUnknown("二租", "小组", ["二组"])).toBe("没有“二租”这个小组，是不是“二组”？"));
});
