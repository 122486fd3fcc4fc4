import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Meaning } from "../../src/inbound/meaning.ts";
import { readRating } from "../../src/inbound/rating.ts";
import { understandText } from "../../src/inbound/rules.ts";
import { senderOf } from "../../src/inbound/sender.ts";
import { hear } from "../../src/lib/said.ts";
import { isDangerous, ORDINARY, readAll } from "../support/labelled.ts";
import { readSharedCsv, withSharedData } from "../support/shared-data.ts";
import { BLIND } from "./labelled-blind.ts";
import { LABELLED_LATER } from "./labelled-later.ts";
import { NEAR } from "./labelled-near.ts";
import { LABELLED as LABELLED_FIRST } from "./labelled-texts.ts";

const LABELLED = [...LABELLED_FIRST, ...LABELLED_LATER, ...BLIND, ...NEAR];

const meaning = (text: string) => understandText(text, ORDINARY).verdict.meaning;

describe("the labelled texts", () => {
  const readings = readAll(LABELLED);
  test("are read as what they mean, nearly all", () => {
    expect(readings.length).toBeGreaterThanOrEqual(350);
    const wrong = readings.filter((one) => !one.right).map((one) => [one.text, one.meaning, one.verdict]);
    expect(wrong.length / readings.length, JSON.stringify(wrong)).toBeLessThanOrEqual(0.03);
  });
  test("are never wrong where it does harm", () => {
    expect(readings.filter(isDangerous).map((one) => [one.text, one.meaning, one.verdict])).toEqual([]);
  });
  test("hold every meaning there is", () => {
    expect(new Set(readings.map((one) => one.meaning)).size).toBe(15);
  });
});

describe("a verdict, while it is asked for", () => {
  test.each(["5", "11", "俺村东头路灯坏了三天了没人来修", "不好意思问一下", "12号开会吗", "好的", "一街村"])(
    "%s is none",
    (text) => expect(readRating(hear(text))).toBeNull(),
  );
  test("is never read where nothing was asked", () => {
    expect(["1", "4", "没解决", "不满意"].map(meaning)).toEqual(["courtesy", "suggestion", "suggestion", "suggestion"]);
  });
  test("of a digit picks a policy where policies are offered", () => {
    const questions = [{ kind: "policy", options: ["高龄津贴", "低保"] }] as const;
    const read = (text: string) => understandText(text, { ...ORDINARY, questions }).verdict;
    expect(read("２")).toMatchObject({ meaning: "policy_query", words: "2" });
    expect(read("3").meaning).toBe("suggestion");
  });
  test("of a digit answers what was asked last; outside its options, what was asked before", () => {
    const questions = [{ kind: "poll", options: ["甲", "乙"] }, { kind: "rating" }] as const;
    const read = (text: string) => understandText(text, { ...ORDINARY, questions }).verdict;
    expect(read("2")).toMatchObject({ meaning: "poll", option: 2, question: 0 });
    expect(read("3")).toMatchObject({ meaning: "rating", rating: 3, question: 1 });
    expect(read("9").meaning).toBe("noise");
  });
});

test.each([
  ["+8613800138000", "person"],
  ["13800138000", "person"],
  ["0533-7881234", "person"],
  ["+862088881234", "person"],
  ["+15005550006", "person"],
  ["10086", "machine"],
  ["106901234", "machine"],
  ["+8610690123456789", "machine"],
  ["95588", "machine"],
  ["12345", "machine"],
  ["12379", "machine"],
  ["4008001234", "machine"],
  ["China Mobile", "machine"],
  ["", "machine"],
])("%s is a %s's number", (from, sender) => expect(senderOf(from)).toBe(sender));

test("the accused are named, by post and by name", () => {
  const { verdict } = understandText("会计王秀英做假账，刘建国也知道", ORDINARY);
  expect(verdict).toMatchObject({ meaning: "sealed", accused: ["会计", "刘建国", "王秀英"] });
});

describe("any text", () => {
  const rated = {
    ...ORDINARY,
    questions: [{ kind: "rating" }, { kind: "poll", options: ["同意", "不同意"] }],
  } as const;
  /** Words of the rules in any order: nearer to their edges than random characters. */
  const pieces = [...new Set(LABELLED.flatMap((one) => Array.from(one.text)))];
  const wild = fc.oneof(
    fc.string({ unit: "binary", maxLength: 2000 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 1600 }).map((some) => some.join("")),
    fc.array(fc.constantFrom(...LABELLED.map((one) => one.text)), { maxLength: 40 }).map((some) => some.join(" ")),
    fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 1600 })).map(([one, n]) => one.repeat(n)),
  );
  test("is understood, alike each time, with its rule and reason", () => {
    fc.assert(
      fc.property(wild, fc.boolean(), (text, open) => {
        const read = understandText(text, open ? rated : ORDINARY);
        expect(read.rule).not.toBe("");
        expect(read.verdict.why).not.toBe("");
        expect(understandText(text, open ? rated : ORDINARY)).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });
  test("takes under 5 ms, 1,600 characters too", () => {
    // What the machine does besides is not ours: a text is slow only if it is so five times.
    const isSlow = (text: string) =>
      [1, 2, 3, 4, 5].every(() => {
        const started = performance.now();
        understandText(text, rated);
        return performance.now() - started >= 5;
      });
    expect(pieces.filter((one) => isSlow(one.repeat(1600)))).toEqual([]);
    fc.assert(
      fc.property(wild, (text) => !isSlow(text)),
      { numRuns: 300 },
    );
  });
});

const meaningsOf = (rows: readonly string[]) => {
  const sums = new Map<Meaning, number>();
  for (const text of rows) sums.set(meaning(text), (sums.get(meaning(text)) ?? 0) + 1);
  return (one: Meaning) => sums.get(one) ?? 0;
};

withSharedData("of 9,436 real texts hardly any is read as a command, a danger or an accusation", () => {
  const count = meaningsOf(readSharedCsv("nus_sms_zh.csv").map((row) => row.text ?? ""));
  expect(count("opt_out")).toBeLessThanOrEqual(10);
  expect(count("rating") + count("poll")).toBe(0);
  for (const one of ["emergency", "sealed", "status_query", "contact_query", "policy_query", "help_query"] as const)
    expect([one, count(one) <= 15]).toEqual([one, true]);
});

withSharedData("of citizens' letters to a city hardly any is a danger or hidden as an accusation", () => {
  const rows = [...readSharedCsv("petitions_labelled.csv"), ...readSharedCsv("petitions_replied.csv")];
  const count = meaningsOf(rows.map((row) => row.subject ?? ""));
  expect(count("emergency") / rows.length).toBeLessThan(0.01);
  expect(count("sealed") / rows.length).toBeLessThan(0.02);
  expect(count("opt_out") + count("courtesy") + count("noise") + count("wrong_number")).toBe(0);
});

withSharedData("a bare 收到， 好的 or 谢谢 is courtesy nearly always", () => {
  const bare = readSharedCsv("nus_sms_zh.csv")
    .map((row) => row.text ?? "")
    .filter((text) => /^(?:收到|好的|谢谢|嗯|好|知道了|恩)[。!！~～,，.\s]*$/.test(text));
  const read = bare.filter((text) => meaning(text) === "courtesy");
  expect(bare.length).toBeGreaterThan(50);
  expect(read.length / bare.length).toBeGreaterThanOrEqual(0.95);
});

withSharedData("village names that begin like a command are read as no command", () => {
  const rated = { ...ORDINARY, questions: [{ kind: "rating" as const }] };
  for (const { village = "" } of readSharedCsv("village_name_traps.csv")) {
    for (const name of [village, village.replace(/村?(?:村民委员会|村委会|村民委会)$/, "村")]) {
      expect([name, meaning(name)]).toEqual([name, "suggestion"]);
      expect([name, understandText(name, rated).verdict.meaning]).toEqual([name, "suggestion"]);
    }
  }
});
