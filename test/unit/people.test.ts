import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { initialsOf } from "../../src/lib/initials.ts";
import { ERASED_PHONE, isE164, maskPhone } from "../../src/lib/phone.ts";
import { writeDoorQuery } from "../../src/roster/door-filter.ts";
import { ERASED, erasedName } from "../../src/roster/erasure.ts";
import { readTags } from "../../src/roster/tags.ts";

describe("initials", () => {
  test.each([
    ["郭建国", "gjg"],
    ["欧阳娜", "oyn"],
    ["王春霞", "wcx"],
    ["艾一二", "aye"],
    ["左Anna", "zanna"],
  ])("%s → %s", (name, initials) => expect(initialsOf(name)).toBe(initials));

  test("are one letter for each common character", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x4e00, max: 0x9fa5 }), (code) => {
        expect(initialsOf(String.fromCodePoint(code))).toMatch(/^[a-hj-tw-z]$/);
      }),
    );
  });
});

describe("tags", () => {
  test("the ticked and the new ones, each once, between marks of either width", () => {
    expect(readTags({ "tag:党员": "1", newTag: "木匠、党员；厨师, 村医；" })).toEqual({
      ok: true,
      value: ["党员", "木匠", "厨师", "村医"],
    });
  });
  test("are neither long nor many", () => {
    expect(readTags({ newTag: "长".repeat(20) }).ok).toBe(true);
    expect(readTags({ newTag: Array.from({ length: 20 }, (_, i) => `身份${i}`).join("、") }).ok).toBe(true);
    expect(readTags({ newTag: "长".repeat(21) }).ok).toBe(false);
    expect(readTags({ newTag: Array.from({ length: 21 }, (_, i) => `身份${i}`).join("、") }).ok).toBe(false);
  });
});

test("the name of somebody erased is always free", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(ERASED, "已删除2", "已删除3", "郭传福")), (taken) => {
      expect(taken).not.toContain(erasedName(taken));
    }),
  );
});

test("the number that stands for none is a number to the code and none to a reader", () => {
  expect([isE164(ERASED_PHONE), maskPhone(ERASED_PHONE)]).toEqual([true, "已删除"]);
});

test("a filter in an address keeps what was asked, and leaves the page behind", () => {
  const asked = { q: "郭", group: "1组", after: "99", other: "x", tag: " " };
  expect(new URLSearchParams(writeDoorQuery(asked, { show: "no_phone" })).toString()).toBe(
    new URLSearchParams({ q: "郭", group: "1组", show: "no_phone" }).toString(),
  );
  expect(writeDoorQuery({ tag: "低保", after: "99" }, { tag: "", after: "120" })).toBe("after=120");
});
