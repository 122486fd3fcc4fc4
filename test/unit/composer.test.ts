import { describe, expect, test } from "vitest";
import { fromLocal } from "../../src/lib/china-time.ts";
import { checkDraft, previewAnswer } from "../../src/suggestion/composer.ts";
import { isNarrowed, readNarrowing, writeQuery } from "../../src/suggestion/ledger-filter.ts";
import { isBare } from "../../src/suggestion/read-answer.ts";
import { DEFAULT_PROMISES } from "../../src/village/promises.ts";

const NOW = fromLocal(2026, 10, 9, 9);
const VILLAGE = { signature: "郭家村村委会", promises: DEFAULT_PROMISES } as never;
const TO_A_PHONE = { number: 7, sealed: false, texted: true };
const lacks = (text: string) =>
  checkDraft(text, ["郭三"], NOW)
    .filter((one) => !one.fine)
    .map((one) => one.name);

describe("who did what, and when", () => {
  test.each([
    ["电工今天换了新灯头，晚上亮了。", []],
    ["郭三昨天把沟清了，水下去了。", []],
    ["两委会研究了，12月31日前修好。", []],
    ["今天换了新灯头。", ["person"]],
    ["郭三知道这事，今天再说。", ["action"]],
    ["电工换了新灯头。", ["date"]],
    ["好的，没问题。", ["person", "action", "date"]],
  ])("%s", (text, missing) => expect(lacks(text)).toEqual(missing));
});

describe("a word that closes a file tells nobody anything", () => {
  test.each(["已办结", "已办结。", "已经处理完毕", "您反映的问题已解决", "收到", " 办 理 完 成 "])("%s", (text) =>
    expect(isBare(text)).toBe(true),
  );
  test.each(["已办结：电工换了灯头", "灯修好了", "郭三已处理漏水的管子"])("not %s", (text) =>
    expect(isBare(text)).toBe(false),
  );
});

test("the preview is what will be sent: signature, number, question, and a plan's day from its field", () => {
  const shown = previewAnswer(
    VILLAGE,
    TO_A_PHONE,
    { resultKind: "planned", text: "会修", plannedFor: "2026-11-30" },
    [],
    NOW,
  );
  expect(shown.parts.join("")).toBe(
    "【郭家村村委会】您反映的事（编号7）答复：会修。计划11月30日前办好。您看行吗？请回数字：1满意 2基本满意 3不满意 4没解决",
  );
  expect(shown).toMatchObject({ segments: 1, over: 0 });
  const long = previewAnswer(VILLAGE, TO_A_PHONE, { resultKind: "solved", text: "修".repeat(40) }, [], NOW);
  expect([long.segments, long.parts.length]).toEqual([2, 2]);
  expect(long.over).toBe(long.units - 70);
  const spoken = previewAnswer(
    VILLAGE,
    { number: 7, sealed: false, texted: false },
    { resultKind: "solved", text: "修好了" },
    [],
    NOW,
  );
  expect(spoken.parts).toEqual(["修好了"]);
});

describe("an address of the ledger", () => {
  test("says what it narrows to, and what cannot be read narrows nothing", () => {
    expect(
      readNarrowing({
        owner: "none",
        category: "x",
        nature: "help",
        since: "2026-10-01",
        until: "2026-10-31",
        q: " 路灯 ",
      }),
    ).toMatchObject({
      owner: "none",
      category: null,
      nature: "help",
      since: fromLocal(2026, 10, 1),
      until: fromLocal(2026, 11, 1),
      words: "路灯",
    });
    expect(readNarrowing({ owner: "'; drop", since: "2026-13-40", number: "1e9" })).toMatchObject({
      owner: null,
      since: null,
      number: null,
    });
  });
  test("leads to its next page and its export unchanged", () => {
    const asked = { show: "late", q: "路灯 & 井", urgent: "1", owner: "" };
    expect(isNarrowed({ owner: "" })).toBe(false);
    expect(isNarrowed(asked)).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(writeQuery(asked, { skip: "40" })))).toEqual({
      show: "late",
      q: "路灯 & 井",
      urgent: "1",
      skip: "40",
    });
  });
});
