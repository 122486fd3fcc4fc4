import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, DAY, HOUR } from "../../src/lib/clock.ts";
import { endOfSpan } from "../../src/lib/spans.ts";
import { PLAN } from "../../src/lib/workdays.ts";
import { dueRungs, type LadderCase, lookAtLadder, rungKey, rungsOf } from "../../src/suggestion/ladder.ts";
import { DEFAULT_PROMISES } from "../../src/village/promises.ts";
import { DEFAULT_SERVICE_HOURS, nextServiceMoment } from "../../src/village/village.ts";

const rules = {
  promises: DEFAULT_PROMISES,
  calendar: PLAN,
  townshipId: "town",
  serviceHours: DEFAULT_SERVICE_HOURS,
};
const at = (text: string) => new Date(`${text}:00+08:00`);
const NONE: ReadonlySet<string> = new Set();

const come = (openedAt: Date, more: Partial<LadderCase> = {}): LadderCase => ({
  state: "registered",
  urgent: false,
  openedAt,
  roundAt: openedAt,
  dueAt: endOfSpan(rules.promises.result, openedAt, PLAN),
  firstResponseAt: null,
  escalatedAt: null,
  orders: [],
  ...more,
});
const names = (one: LadderCase, now: string, done = NONE) => dueRungs(one, rules, at(now), done).map((r) => r.name);

describe("the rungs of a case that came on Friday 9 October at nine", () => {
  const one = come(at("2026-10-09T09:00"));

  test("fall due at half, at four fifths, at the promise, and a working day later at each level above", () => {
    const times = Object.fromEntries(rungsOf(one, rules).map((rung) => [rung.name, rung.at]));
    expect(times).toEqual({
      respond: at("2026-10-10T09:00"),
      half: at("2026-10-12T16:30"),
      most: at("2026-10-14T16:12"),
      due: at("2026-10-16T00:00"),
      secretary: at("2026-10-17T00:00"),
      township: at("2026-10-20T00:00"),
    });
  });

  test("are due from their moment on, and not once they are done", () => {
    expect(names(one, "2026-10-12T16:29")).toEqual(["respond"]);
    expect(names(one, "2026-10-12T16:30")).toEqual(["respond", "half"]);
    expect(names(one, "2026-10-12T16:30", new Set(["respond 0"]))).toEqual(["half"]);
    expect(names({ ...one, firstResponseAt: at("2026-10-09T10:00") }, "2026-10-12T16:30")).toEqual(["half"]);
  });

  test("are nobody's once it is answered, and begin anew when it is reopened", () => {
    expect(names({ ...one, state: "answered" }, "2027-01-01T00:00")).toEqual([]);
    const roundAt = at("2026-10-20T09:00");
    const again = { ...one, state: "reopened" as const, roundAt, firstResponseAt: roundAt };
    expect(names({ ...again, dueAt: endOfSpan(rules.promises.result, roundAt, PLAN) }, "2026-10-20T10:00")).toEqual([]);
  });

  test("move with an extension, and a case handed up by a person is on the township's rung at once", () => {
    const extended = { ...one, dueAt: at("2026-10-23T00:00"), firstResponseAt: one.openedAt };
    expect(names(extended, "2026-10-16T09:00", new Set(["half 0", "most 0"]))).toEqual([]);
    const handedUp = { ...one, escalatedAt: at("2026-10-09T15:00") };
    expect(names(handedUp, "2026-10-09T15:00")).toEqual(["township"]);
    // In an earlier round it was: this one climbs by itself.
    expect(names({ ...handedUp, roundAt: at("2026-10-09T16:00") }, "2026-10-09T17:00")).toEqual([]);
  });

  test("an order has its own, of this round only; a village without a township has none above the secretary", () => {
    const order = { nth: 1, issuedAt: at("2026-10-20T09:00"), replyBy: at("2026-10-28T00:00") };
    const done = new Set(["respond 0", "half 0", "most 0", "due 0", "secretary 0", "township 0"]);
    expect(names({ ...one, orders: [order] }, "2026-10-28T00:00", done)).toEqual(["order_most", "order_late"]);
    expect(names({ ...one, orders: [order], roundAt: at("2026-10-21T00:00") }, "2026-10-28T00:00", done)).toEqual([]);
    const alone = { ...rules, townshipId: null };
    expect(dueRungs(one, alone, at("2027-01-01T00:00"), NONE).at(-1)?.name).toBe("secretary");
  });

  test("wait for service hours: not at night, not on days of rest", () => {
    expect(lookAtLadder(one, rules, at("2026-10-16T00:00"), NONE)).toEqual({ due: [], again: at("2026-10-16T08:30") });
    // Sunday 11 October; Saturday the 10th is a make-up day.
    expect(lookAtLadder(one, rules, at("2026-10-11T09:00"), NONE).again).toEqual(at("2026-10-12T08:30"));
    expect(lookAtLadder(one, rules, at("2026-10-10T09:00"), NONE).due.map((rung) => rung.name)).toEqual(["respond"]);
    expect(nextServiceMoment(DEFAULT_SERVICE_HOURS, PLAN, at("2026-09-30T17:30"))).toEqual(at("2026-10-08T08:30"));
  });
});

/** What happens to a case while the service comes and goes: answers, complaints about them, more time, handing up. */
type Deed = { at: number; does: "answer" | "reopen" | "extend" | "hand up" | "respond" };
const YEAR_FROM = at("2026-01-01T00:00").getTime();
const YEAR = 365 * DAY;
const deeds = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: YEAR }),
    does: fc.constantFrom("answer", "reopen", "extend", "hand up", "respond"),
  }) as fc.Arbitrary<Deed>,
  { maxLength: 12 },
);
/** Times without power: from when, and for how long, up to three weeks. */
const outages = fc.array(
  fc.record({ from: fc.integer({ min: 0, max: YEAR }), for: fc.integer({ min: HOUR / 60, max: 21 * DAY }) }),
  { maxLength: 15 },
);

test("over a year with random downtime each rung is climbed exactly once a round, in time, and only the highest texted", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 * DAY }), deeds, outages, (opened, told, dark) => {
      const up = (moment: number): number => {
        let at = moment;
        for (let moved = true; moved; ) {
          moved = false;
          for (const gap of dark) {
            if (at >= YEAR_FROM + gap.from && at < YEAR_FROM + gap.from + gap.for) {
              at = YEAR_FROM + gap.from + gap.for;
              moved = true;
            }
          }
        }
        return at;
      };
      let one = come(new Date(YEAR_FROM + opened));
      // A rung may fall due in the past by what a person does now.
      let lastChange = 0;
      let round = 0;
      let done = new Set<string>();
      const texted: string[] = [];
      const climbedIn = new Map<string, number>();
      const story = told.filter((deed) => deed.at > opened).sort((a, b) => a.at - b.at);
      let now = one.openedAt.getTime();
      const end = YEAR_FROM + YEAR;
      while (now < end) {
        // The service wakes when it said it would, or when something happened, or when the power is back.
        const { due, again } = lookAtLadder(one, rules, new Date(now), done);
        if (due.length > 0) {
          const top = due.at(-1);
          for (const rung of due) {
            const key = `${round} ${rungKey(rung)}`;
            expect([key, climbedIn.has(key)]).toEqual([key, false]);
            climbedIn.set(key, now);
            // Not before its time, and at the first service moment after both its time and the power.
            expect(rung.at.getTime()).toBeLessThanOrEqual(now);
            done.add(rungKey(rung));
          }
          if (top) {
            texted.push(`${round} ${rungKey(top)}`);
            const first = firstChance(top.at.getTime(), up);
            const changed = Math.max(first, lastChange);
            expect([rungKey(top), now]).toEqual([rungKey(top), firstChance(changed, up)]);
            if (top.name === "township") {
              const replyBy = endOfSpan(rules.promises.township, new Date(now), PLAN);
              if (one.escalatedAt === null || one.escalatedAt < one.roundAt)
                one = { ...one, escalatedAt: new Date(now) };
              one = {
                ...one,
                orders: [...one.orders, { nth: one.orders.length + 1, issuedAt: new Date(now), replyBy }],
              };
            }
          }
          continue;
        }
        const deed = story[0];
        const deedAt = deed ? YEAR_FROM + deed.at : Number.POSITIVE_INFINITY;
        const wakeAt = again === null ? Number.POSITIVE_INFINITY : firstChance(again.getTime(), up);
        if (deed && deedAt <= wakeAt) {
          now = Math.max(now, deedAt);
          story.shift();
          const moment = new Date(now);
          if (deed.does === "respond" && one.state !== "answered") one = { ...one, firstResponseAt: moment };
          if (deed.does === "answer" && one.state !== "answered")
            one = { ...one, state: "answered", firstResponseAt: moment };
          if (deed.does === "extend" && one.state !== "answered") {
            one = { ...one, dueAt: after(one.dueAt, 7 * DAY) };
          }
          if (deed.does === "hand up" && one.state !== "answered") one = { ...one, escalatedAt: moment };
          if (deed.does === "reopen" && one.state === "answered") {
            round++;
            done = new Set();
            one = { ...one, state: "reopened", roundAt: moment, dueAt: endOfSpan(rules.promises.result, moment, PLAN) };
          }
          lastChange = now;
          now = up(now);
          continue;
        }
        if (wakeAt === Number.POSITIVE_INFINITY) break;
        now = Math.max(now, wakeAt);
      }
      // Whatever fell due in time to be looked at was climbed: nothing was missed.
      const left = rungsOf(one, rules).filter((rung) => !done.has(rungKey(rung)));
      for (const rung of left) expect(firstChance(rung.at.getTime(), up)).toBeGreaterThanOrEqual(end);
      expect(new Set(texted).size).toBe(texted.length);
    }),
    { numRuns: 300 },
  );
});

/** The first moment from then on that is in service hours and has power. */
function firstChance(moment: number, up: (at: number) => number): number {
  let at = moment;
  for (;;) {
    const next = nextServiceMoment(DEFAULT_SERVICE_HOURS, PLAN, new Date(up(at))).getTime();
    if (next === at) return at;
    at = next;
  }
}
