import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRating } from "../../src/inbound/rating.ts";
import { understandText } from "../../src/inbound/rules.ts";
import type { Known } from "../../src/inbound/verdict.ts";
import { readSharedCsv, withSharedData } from "../support/shared-data.ts";

const known = (open: boolean): Known => ({
  sender: "person",
  questions: open ? [{ kind: "rating" }] : [],
  cadres: [],
  columns: [],
});
const meaning = (text: string, open = false) => understandText(text, known(open)).verdict.meaning;

describe("opt-out is the whole text or nothing", () => {
  test.each([
    "退订",
    "TD",
    "ｔｄ。",
    " 退訂 ",
    "T",
    "别再给我发了",
    "请退订，谢谢",
    "取消订阅",
    "STOP",
    "不要再发了！",
  ])("%s", (text) => expect(meaning(text)).toBe("opt_out"));
  test.each(["退订啥意思", "退沙村的路灯坏了", "我没有要退订", "停水了", "取消农合怎么办", "（T_T）………", "T恤发不发"])(
    "not %s",
    (text) => expect(meaning(text)).not.toBe("opt_out"),
  );
  test("and one word takes it back", () => expect(meaning("恢复。")).toBe("opt_in"));
});

describe("a verdict, while it is asked for", () => {
  test.each([
    ["1", 1],
    ["１", 1],
    ["①", 1],
    ["一", 1],
    ["4。", 4],
    ["3不满意", 3],
    ["挺满意的谢谢", 1],
    ["满意", 1],
    ["基本满意", 2],
    ["还行", 2],
    ["不太满意", 3],
    ["不满意", 3],
    ["没解决", 4],
    ["还是没水", 4],
    ["根本没人管", 4],
    ["解决了", 1],
  ])("%s is %i", (text, rating) => expect(readRating(text)?.rating).toBe(rating));
  test.each(["5", "11", "俺村东头路灯坏了三天了没人来修", "不好意思问一下", "12号开会吗", "好的"])(
    "%s is none",
    (text) => expect(readRating(text)).toBeNull(),
  );
  test("is never read where nothing was asked", () => {
    expect(meaning("4")).toBe("suggestion");
    expect(meaning("1")).toBe("courtesy");
    expect(meaning("没解决")).toBe("suggestion");
  });
  test("opting out comes before it", () => expect(meaning("退订", true)).toBe("opt_out"));
});

describe("courtesy opens nothing", () => {
  test.each([
    "收到",
    "收到了 谢谢书记",
    "好的👌",
    "嗯",
    "知道了",
    "谢谢",
    "OK",
    "辛苦了",
    "shoudao",
    "好的，谢谢村委会",
    "书记新年好",
  ])("%s", (text) => expect(meaning(text)).toBe("courtesy"));
  test.each(["谢谢，可是路灯还是坏的", "你是？", "可以吧？", "好的，那垃圾啥时候清"])("but %s asks for more", (text) =>
    expect(meaning(text)).toBe("suggestion"),
  );
});

test.each(["", "。", "???", "…", "👍"])("%j says nothing", (text) => expect(meaning(text)).toBe("noise"));

test("any text is understood, alike each time, with its rule and reason", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2000 }), fc.boolean(), (text, open) => {
      const read = understandText(text, known(open));
      expect(read.rule).not.toBe("");
      expect(read.verdict.why).not.toBe("");
      expect(understandText(text, known(open))).toEqual(read);
    }),
  );
});

withSharedData("of 9,436 real texts at most ten are read as opt-out, and none as a rating", () => {
  const meanings = readSharedCsv("nus_sms_zh.csv").map((row) => meaning(row.text ?? ""));
  expect(meanings.length).toBeGreaterThan(9000);
  expect(meanings.filter((one) => one === "opt_out").length).toBeLessThanOrEqual(10);
  expect(meanings.filter((one) => one === "rating")).toHaveLength(0);
});

withSharedData("a bare 收到， 好的 or 谢谢 is courtesy nearly always", () => {
  const bare = readSharedCsv("nus_sms_zh.csv")
    .map((row) => row.text ?? "")
    .filter((text) => /^(?:收到|好的|谢谢|嗯|好|知道了|恩)[。!!~,.\s]*$/.test(text));
  const read = bare.filter((text) => meaning(text) === "courtesy");
  expect(read.length / bare.length).toBeGreaterThanOrEqual(0.95);
});

withSharedData("village names that begin like a command are read as no command", () => {
  for (const row of readSharedCsv("village_name_traps.csv")) {
    expect([row.village, meaning(row.village ?? "")]).toEqual([row.village, "suggestion"]);
  }
});
