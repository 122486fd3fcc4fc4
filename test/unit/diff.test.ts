import fc from "fast-check";
import { expect, test } from "vitest";
import { countTurnout } from "../../src/broadcast/poll/poll-view.ts";
import { diffTexts } from "../../src/lib/diff.ts";
import { causeOf } from "../../src/message/causes.ts";

const word = fc
  .array(fc.constantFrom("账", "收", "入", "1", "5", "，", "😀"), { maxLength: 30 })
  .map((all) => all.join(""));

test("what is kept and put in is the new text, what is kept and taken out the old, and nothing is said twice", () => {
  fc.assert(
    fc.property(word, word, (before, after) => {
      const pieces = diffTexts(before, after);
      const join = (...kinds: string[]) =>
        pieces
          .filter(({ kind }) => kinds.includes(kind))
          .map(({ text }) => text)
          .join("");
      expect([join("same", "out"), join("same", "in")]).toEqual([before, after]);
      for (const [i, piece] of pieces.entries()) expect(piece.kind).not.toBe(pieces[i - 1]?.kind);
    }),
  );
});

test("a text that did not change is one piece", () => {
  expect(diffTexts("九月的账", "九月的账")).toEqual([{ kind: "same", text: "九月的账" }]);
  expect(diffTexts("支出4360元", "支出4370元").map(({ text }) => text)).toEqual(["支出43", "6", "7", "0元"]);
});

test.each([
  ["half" as const, 4, 3],
  ["half" as const, 5, 3],
  ["two_thirds" as const, 6, 4],
  ["two_thirds" as const, 7, 5],
])("%s of %i doors is %i", (quorum, doors, needed) => {
  expect(countTurnout(quorum, needed - 1, doors)).toMatchObject({ needed, met: false });
  expect(countTurnout(quorum, needed, doors)).toMatchObject({ needed, met: true });
});

test("nobody was asked: nobody is enough", () => expect(countTurnout("half", 0, 0).met).toBe(false));

test.each([
  ["undelivered", "30005", "dead"],
  ["failed", "21211", "bad_number"],
  ["failed", "21266", "bad_number"],
  ["failed", "21610", "blocked"],
  ["undelivered", "30003", "off"],
  ["undelivered", "30008", "off"],
  // What domestic carriers write, who do tell an empty number from an unpaid one.
  ["undelivered", "MK:0001", "bad_number"],
  ["undelivered", "CB:0005", "suspended"],
  ["undelivered", "MBBLACK", "blocked"],
  ["undelivered", "EXPIRED", "off"],
  ["undelivered", "11", "off"],
  ["undelivered", "UNDELIV", "refused"],
  ["suppressed", "bad_number", "bad_number"],
  ["suppressed", "blocked", "blocked"],
  ["suppressed", "opted_out", "opted_out"],
  ["suppressed", "declined", "opted_out"],
  ["failed", "30007", "refused"],
  ["failed", "given_up", "unclear"],
  ["suppressed", "no_value", "no_value"],
  ["unknown", null, "unclear"],
  ["delivered", null, null],
  ["sent", null, null],
] as const)("%s with %s is %s", (state, reason, cause) => expect(causeOf(state, reason)).toBe(cause));
