import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintLetter, lintText } from "../../src/broadcast/lint/lint.ts";
import { cards, idNumbers, mobiles, oldIdNumbers, spelled, words } from "../support/numbers.ts";

const blocked = (text: string) =>
  lintText(text)
    .filter(({ level }) => level === "block")
    .map(({ rule }) => rule);

describe("no number that gives somebody away passes, in whatever spelling", () => {
  const NUMBERS = { id_number: idNumbers, old_id_number: oldIdNumbers, bank_card: cards, private_phone: mobiles };
  test.each(Object.entries(NUMBERS))("%s", (_, numbers) => {
    fc.assert(
      fc.property(words, spelled(numbers), words, (before, number, after) => {
        expect(blocked(before + number + after)).not.toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test.each(Object.entries(NUMBERS))("%s among other numbers", (_, numbers) => {
    const others = fc.stringMatching(/^\d{1,8}$/);
    const joints = fc.constantFrom(" ", "、", "，", "/", "; ", "-", "\n");
    fc.assert(
      fc.property(others, joints, numbers, joints, others, (before, left, number, right, after) => {
        expect(blocked(`名单：${before}${left}${number}${right}${after}`)).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("nor broken over the question and the options of a poll", () => {
    fc.assert(
      fc.property(spelled(idNumbers), fc.nat(17), (number, cut) => {
        const all = Array.from(number);
        const body = `同意吗${all.slice(0, cut).join("")}`;
        const found = lintText(body, { options: [all.slice(cut).join(""), "不同意"] });
        expect(found.filter(({ level }) => level === "block")).not.toEqual([]);
      }),
    );
  });
});

describe("spellings by hand", () => {
  test.each([
    ["id_number", "王某身份证37010219900101123X"],
    ["id_number", "370102 19900307 771Ｘ"],
    ["bank_card", "补贴打到6222 0212 3456 7890 123"],
    ["bank_card", "卡号：1603001234567890"],
    ["bank_card", "6222021234567890124也行"],
    ["private_phone", "有事打13800000001"],
    ["private_phone", "+86 138-0000-0001"],
    ["private_phone", "一三八，〇〇〇〇，〇〇〇一"],
    ["private_phone", "幺三八零零零零零零零幺"],
    ["private_phone", "l38oooooool"],
    ["private_phone", "幺三九洞五三幺两两三三"],
    ["private_phone", "一三九零五三一两两三三"],
    ["private_phone", "〡〣〨0000000〡"],
    ["private_phone", "138\u31640000\u31640001"],
    ["private_phone", "(0086)138 0000 0001"],
  ])("%s: %s", (rule, text) => {
    expect(blocked(text)).toContain(rule);
  });

  test("says where, and repeats only the ends", () => {
    const [found] = lintText("请找王某，电话138 0000 0001，谢谢");
    expect(found).toMatchObject({ at: { from: 7, to: 20 }, quote: "138…01" });
  });

  test.each([
    "3701**********1234",
    "138****0001、139****0002",
    "电话0533-8212345、0533-8212346",
    "0531-62123456、62123457、62123458",
    "12345、110、119、120、12350",
    "2026-07-15 08:30-11:30、14:30-17:30",
    "得票156、142、133、98票",
    "账面余额634,290.25元",
    "鲁政办发〔2026〕12号",
    "发包方编码37030610020001",
    "地块编码3703061002000100012",
    "400-820-8820",
    "合同990101900101123", // no such province
    "0531-62123456、62123454", // sixteen digits behind an area code, sound by chance
  ])("passes: %s", (text) => {
    expect(blocked(text)).toEqual([]);
  });

  // With what is left of a text when nothing else in it is of the kind.
  test.each([
    ["private_phone", "找13◯◯◯◯◯◯◯◯1"],
    ["private_phone", "壹参捌零零零零零零零壹"],
    ["link", "见12345.中国"],
    ["link", "1.2.3.4/"],
    ["link_invited", "详见网页"],
    ["unfilled_gap", "补贴＿＿＿元"],
    ["signature_brackets", "【"],
  ])("%s in one household's text: %s", (rule, text) => {
    expect(lintLetter(text, []).map((one) => one.rule)).toEqual([rule]);
  });

  test("a mobile that the village has published passes, any other does not", () => {
    const facts = { officialPhones: ["13800000001"] };
    expect(lintText("有事打138 0000 0001", facts)).toEqual([]);
    expect(lintText("有事打13800000001或13800000002", facts)).toHaveLength(1);
  });
});
