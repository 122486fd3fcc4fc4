import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AUTOMATIC, type AutomaticPurpose, isWithinLimits, type SentTo } from "../../src/message/reply-limits.ts";

const sent = (purpose: string, hour: number, day = hour): SentTo => ({ purpose, hour, day });

describe("our own texts to one phone", () => {
  test.each<[AutomaticPurpose, SentTo[], boolean]>([
    ["receipt", [], true],
    ["receipt", [sent("receipt", 2)], true],
    ["receipt", [sent("receipt", 3)], false],
    ["receipt", [sent("receipt", 0, 10)], false],
    ["reply", [sent("reply", 5)], true],
    ["reply", [sent("reply", 6)], false],
    ["prompt", [sent("prompt", 0, 1)], false],
    // Seven of different kinds: the eighth goes, the ninth does not.
    ["reply", [sent("receipt", 3), sent("reply", 4)], true],
    ["reply", [sent("receipt", 3), sent("reply", 5)], false],
    ["opt_out", [sent("receipt", 3), sent("reply", 6)], true],
    ["opt_out", [sent("opt_out", 3)], false],
    ["opt_in", [sent("receipt", 3), sent("reply", 5)], false],
  ])("%s after %j: %s", (purpose, before, may) => expect(isWithinLimits(before, purpose)).toBe(may));

  test("stay few, whatever comes in whatever order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...AUTOMATIC), { minLength: 1, maxLength: 300 }), (wishes) => {
        const counts = new Map<string, number>();
        for (const purpose of wishes) {
          const before = [...counts].map(([name, n]) => sent(name, n));
          if (isWithinLimits(before, purpose)) counts.set(purpose, (counts.get(purpose) ?? 0) + 1);
        }
        const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
        // Eight, and the confirmations of an opt-out that are never refused for the others' sake.
        expect(all).toBeLessThanOrEqual(11);
        expect(counts.get("receipt") ?? 0).toBeLessThanOrEqual(3);
        expect(counts.get("prompt") ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });
});
