import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAloud } from "../../src/broadcast/compose/read-aloud.ts";
import { sayNumber, sayYuan } from "../../src/lib/numerals.ts";

const said = (body: string) => readAloud({ body }, "郭家村").lines[1];

describe("numbers in words", () => {
  test.each([
    ["0", "零"],
    ["10", "十"],
    ["15", "十五"],
    ["110", "一百一十"],
    ["1005", "一千零五"],
    ["10020", "一万零二十"],
    ["12000", "一万二千"],
    ["634290", "六十三万四千二百九十"],
    ["100000005", "一亿零五"],
    ["100002345", "一亿零二千三百四十五"],
  ])("%s is %s", (digits, words) => {
    expect(sayNumber(digits)).toBe(words);
  });

  test.each([
    ["634290.25", "六十三万四千二百九十元二角五分"],
    ["1,200", "一千二百元"],
    ["0.05", "零元零五分"],
    ["3.50", "三元五角"],
  ])("%s yuan is %s", (digits, words) => {
    expect(sayYuan(digits)).toBe(words);
  });
});

describe("a script for the loudspeaker", () => {
  test.each([
    ["7月15日早8:30到村委会", "七月十五日早八点半到村委会"],
    ["2026-07-15 19:00开会", "二零二六年七月十五日 晚上七点开会"],
    ["8:30-11:30发放", "上午八点半到上午十一点半发放"],
    ["电话0533-8212345", "电话零五三三，八二幺，二三四五"],
    ["拨打12345或110", "拨打幺二三四五或幺幺零"],
    ["结余634290.25元", "结余六十三万四千二百九十元二角五分"],
    ["每亩补贴85.5元，涨了5%", "每亩补贴八十五元五角，涨了百分之五"],
    ["60岁以上、2户、2组", "六十岁以上、两户、二组"],
    ["鲁政办发〔2026〕12号", "鲁政办发二零二六年第十二号"],
    ["地面2.5m²、玉米30kg", "地面二点五平方米、玉米三十公斤"],
    ["要带:户口本(原件)", "要带：户口本，原件，"],
    ["3-5人一组，气温38.5℃", "三到五人一组，气温三十八点五摄氏度"],
  ])("%s", (body, words) => {
    expect(said(body)).toBe(words);
  });

  test("says it twice, with greeting and ending, and how to answer a poll", () => {
    const { lines, seconds } = readAloud(
      { body: "修路灯，您同意吗？", options: ["同意", "不同意"], kind: "poll" },
      "郭家村",
    );
    expect(lines[0]).toContain("郭家村的各位村民");
    expect(lines.filter((line) => line === "修路灯，您同意吗？")).toHaveLength(2);
    expect(lines[2]).toBe("请用手机回一个数字：一，同意；二，不同意。");
    expect(seconds).toBeGreaterThan(10);
  });

  test("no digit, bracket of a signature or line's end is left to stumble over", () => {
    const PIECES = [
      "【村委会】",
      "12",
      "3.5",
      "2026年",
      "-",
      "08:30",
      "%",
      "元",
      "组",
      "\n",
      "电话",
      "０５３３",
      "①",
      "，",
      "村",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
        expect(readAloud({ body: pieces.join("") }, "郭家村").lines.join("|")).not.toMatch(/[\d【】\n]/);
      }),
    );
  });
});
