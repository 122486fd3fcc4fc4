import { pick, randomFrom } from "../../src/demo/random.ts";

/**
 * What may happen to one request for a text. Whatever takes the text takes it at once or within LATE_MS, well within
 * the time after which our side asks for it: a carrier that took texts after having denied them could not be dealt
 * with by anybody.
 */
export type Fate =
  | "taken"
  /** Taken, and the answer is slow. */
  | "slow"
  /** Answered at once, after a while of reading. */
  | "late"
  /** A report is delivered before the answer. */
  | "report_first"
  /** Taken, and then no answer: the connection is reset. */
  | "taken_then_dropped"
  /** Taken, and denied. */
  | "taken_then_500"
  /** Only when ordered: nothing would come of waiting for the answer in a test that kills at random. */
  | "taken_then_silent"
  | "not_taken_500"
  /** Reset before the request is read. */
  | "reset_unread"
  /** For a moment everybody is told to slow down. */
  | "burst_of_429";

const WEIGHTS: Readonly<Record<Fate, number>> = {
  taken: 780,
  slow: 60,
  late: 30,
  report_first: 50,
  taken_then_dropped: 25,
  taken_then_500: 20,
  taken_then_silent: 0,
  not_taken_500: 18,
  reset_unread: 12,
  burst_of_429: 5,
};

const BAG: readonly Fate[] = Object.entries(WEIGHTS).flatMap(([fate, weight]) =>
  Array<Fate>(weight).fill(fate as Fate),
);

export const LATE_MS = 700;
export const SLOW_MS = 2500;
export const BURST_MS = 800;

export type Report = { status: string; afterMs: number };

export type Chance = {
  fate(): Fate;
  /** Between 0 and this. */
  upTo(ms: number): number;
  /** What a phone's carrier says of a text, and when: often twice, often in the wrong order, sometimes never. */
  reports(): Report[];
  listFails(): boolean;
};

/** The same seed makes the same decisions in the same order; how they meet with ours still depends on the moment. */
export function chanceFrom(seed: string): Chance {
  const random = randomFrom(seed);
  const upTo = (ms: number) => Math.floor(random() * ms);
  return {
    fate: () => pick(random, BAG),
    upTo,
    reports() {
      if (random() < 0.2) return [];
      const end = random() < 0.95 ? "delivered" : "undelivered";
      const told = ["queued", "sent", end].flatMap((status) => (random() < 0.25 ? [status, status] : [status]));
      // Each comes at a moment of its own, so their order is anything.
      return told.map((status) => ({ status, afterMs: upTo(3000) }));
    },
    listFails: () => random() < 0.05,
  };
}
