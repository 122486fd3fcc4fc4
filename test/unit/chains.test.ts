import { describe, expect, test } from "vitest";
import { GROUND_RULES } from "../../src/disclosure/catalogue.ts";
import { CHAIN_KINDS, CHAINS, type ChainKind, movesOf, stepsOf } from "../../src/disclosure/chain.ts";
import {
  type ChainFacts,
  checkTick,
  dueOfStep,
  least,
  nextStep,
  type StepDone,
} from "../../src/disclosure/chain-state.ts";
import { PLAN } from "../../src/lib/workdays.ts";

const on = (doneOn: string): StepDone => ({ doneOn, eligible: null, present: null, agreeing: null });
const chain = (kind: ChainKind, done: ChainFacts["done"] = {}, noticeDays: number | null = null): ChainFacts => ({
  kind,
  heldOn: "2026-10-13",
  noticeDays,
  done,
});
const dueOf = (key: string, facts: ChainFacts) => {
  const step = stepsOf(facts.kind).find((one) => one.key === key);
  return step && dueOfStep(step, facts, { ground: GROUND_RULES, calendar: PLAN })?.on;
};
const tick = (facts: ChainFacts, step: string, doneOn: string, votes: readonly number[] = []) => {
  const [eligible = Number.NaN, present = Number.NaN, agreeing = Number.NaN] = votes;
  return checkTick(facts, { step, doneOn, eligible, present, agreeing }, "2026-11-20");
};
const wrong = (outcome: ReturnType<typeof tick>) =>
  outcome.ok ? null : (outcome.refusal.errors?.map((one) => one.field) ?? outcome.refusal.code);

describe("a chain", () => {
  test.each(CHAIN_KINDS)("%s goes its steps in one order, by one table of moves", (kind) => {
    const keys = stepsOf(kind).map((step) => step.key);
    expect(new Set(keys).size).toBe(keys.length);
    const moves = movesOf(kind);
    let at = "start";
    const walked: string[] = [];
    for (let next = moves[at]?.[0]; next; next = moves[at]?.[0]) {
      walked.push(next);
      at = next;
    }
    expect(walked).toEqual(keys);
    const named = stepsOf(kind).flatMap((step) => (step.day.kind === "after" ? [step.day.step] : []));
    expect(named.filter((key) => !keys.includes(key))).toEqual([]);
  });

  test("四议两公开 has its four deliberations and its two publications", () => {
    const steps = CHAINS.four_two.steps;
    expect(steps.filter((step) => step.publishes).map((step) => step.words)).toEqual(["决议公开", "实施结果公开"]);
    expect(steps.slice(0, 4).map((step) => step.words.slice(-2))).toEqual(["提议", "商议", "审议", "决议"]);
  });

  test("reckons its days backwards from the meeting and forwards from what was done", () => {
    expect(dueOf("notice", chain("assembly"))).toBe("2026-10-03"); // in the holiday, and not later for it
    expect(["山东", "北京", "上海"].map((_, i) => dueOf("agenda", chain("delegates", {}, [5, 3, 10][i])))).toEqual([
      "2026-10-08",
      "2026-10-10",
      "2026-10-03",
    ]);
    expect(dueOf("roll", chain("election"))).toBe("2026-09-23");
    expect(dueOf("objections", chain("election"))).toBeUndefined();
    expect(dueOf("objections", chain("election", { roll: on("2026-09-21") }))).toBe("2026-09-28"); // 中秋 to the 27th
    expect(dueOf("publish", chain("assembly", { meet: on("2026-10-13") }))).toBe("2026-10-23");
  });

  test("is ticked in its turn only, on days that have come, one after the other", () => {
    const facts = chain("four_two", { propose: on("2026-10-05") });
    expect(nextStep(facts)?.key).toBe("discuss");
    expect(wrong(tick(facts, "decide", "2026-10-08"))).toBe("move_not_allowed");
    expect(wrong(tick(facts, "discuss", "2026-10-04"))).toEqual(["doneOn"]);
    expect(wrong(tick(facts, "discuss", "2026-11-21"))).toEqual(["doneOn"]);
    expect(tick(facts, "discuss", "2026-10-05").ok).toBe(true);
    const ahead = chain("assembly");
    expect(wrong(tick(ahead, "notice", "2026-10-01"))).toBe("move_not_allowed"); // posted, not ticked
  });

  test("counts who came and agreed as the law wants it", () => {
    const facts = chain("delegates", { agenda: on("2026-10-01") }, 5);
    const meet = (votes: readonly number[]) => wrong(tick(facts, "meet", "2026-10-13", votes));
    expect(meet([])).toEqual(["eligible"]);
    expect(meet([20, 13, 13])).toEqual(["present"]); // two thirds of 20 are 14
    expect(meet([20, 14, 7])).toEqual(["agreeing"]); // half of 14 is not more than half
    expect(meet([20, 14, 15])).toEqual(["agreeing"]);
    expect(meet([20, 14, 8])).toBeNull();
    expect([least({ of: [2, 3], atLeast: true }, 21), least({ of: [1, 2], atLeast: false }, 21)]).toEqual([14, 11]);
  });

  test("is at its end when every step is done", () => {
    const done = Object.fromEntries(stepsOf("assembly").map((step, i) => [step.key, on(`2026-10-1${i}`)]));
    expect(nextStep(chain("assembly", done))).toBeNull();
    expect(wrong(tick(chain("assembly", done), "publish", "2026-10-20"))).toBe("move_not_allowed");
  });
});
