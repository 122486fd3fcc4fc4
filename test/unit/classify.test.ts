import { expect, test } from "vitest";
import { classify } from "../../src/suggestion/classify.ts";
import { FOUNDING_WORDS } from "../../src/suggestion/founding-words.ts";
import { lexiconOf } from "../../src/suggestion/lexicon.ts";
import { readClasses, sharePetitions } from "../support/labelled.ts";
import { readSharedCsv, withSharedData } from "../support/shared-data.ts";
import { LABELLED } from "./labelled-texts.ts";

test("most labelled suggestions get their nature, class and urgency", () => {
  for (const [sort, [right = 0, of = 1]] of Object.entries(readClasses(LABELLED))) {
    expect([sort, right / of >= 0.95, right, of]).toEqual([sort, true, right, of]);
  }
});

test("the deciding words are told, and none where nothing told", () => {
  expect(classify("村东头路灯坏了老人不敢出门", FOUNDING_WORDS)).toMatchObject({
    nature: "help",
    category: "livelihood",
    categoryBy: expect.arrayContaining(["路灯"]),
    urgent: false,
  });
  expect(classify("查王村", FOUNDING_WORDS)).toEqual({
    nature: "suggestion",
    natureBy: [],
    category: null,
    categoryBy: [],
    urgent: false,
    urgentBy: [],
  });
});

test("a village's word counts, and one it switched off does not", () => {
  const own = lexiconOf(FOUNDING_WORDS, [
    { sort: "category", value: "production", word: "滴灌带", active: true },
    { sort: "category", value: "livelihood", word: "路灯", active: false },
  ]);
  expect(classify("滴灌带啥时候到", FOUNDING_WORDS).category).toBeNull();
  expect(classify("滴灌带啥时候到", own)).toMatchObject({ category: "production", categoryBy: ["滴灌带"] });
  expect(classify("路灯", FOUNDING_WORDS).categoryBy).toEqual(["路灯"]);
  expect(classify("路灯", own).categoryBy).not.toContain("路灯");
});

withSharedData("seven in ten real petitions fall into the class of their label", () => {
  expect(sharePetitions(readSharedCsv("petitions_labelled.csv")).share).toBeGreaterThanOrEqual(0.7);
});
