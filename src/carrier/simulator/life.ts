import { MINUTE } from "../../lib/clock.ts";

/** Twilio's words for where a text is; `received` is one that came in. */
export type SimulatedStatus = "accepted" | "queued" | "sent" | "delivered" | "undelivered" | "failed" | "received";

/** Whatever order the steps come in, a text only ever rises. */
export const STATUS_RANK: Readonly<Record<SimulatedStatus, number>> = {
  accepted: 0,
  queued: 1,
  sent: 2,
  failed: 3,
  undelivered: 3,
  delivered: 4,
  received: 5,
};

/** `lifelike` is to be watched, `fast` is for tests. */
export type Pace = "lifelike" | "fast";

/** Milliseconds after the step before, from and to. */
const WAITS = {
  lifelike: { at_once: [0, 0], soon: [300, 1000], later: [800, 3000], much_later: [MINUTE, MINUTE] },
  fast: { at_once: [0, 0], soon: [0, 20], later: [0, 20], much_later: [MINUTE, MINUTE] },
} as const satisfies Record<Pace, Record<string, readonly [number, number]>>;

export type Step = { status: SimulatedStatus; wait: keyof (typeof WAITS)["lifelike"]; code?: number };

/** What becomes of a text after the carrier took it. */
export type Life = {
  /** The status a text is born with is not among them: Twilio sends no callback for that one. */
  steps: readonly Step[];
  /** Whether the phone gets it, whatever the receipts say. */
  arrives: boolean;
  /** No callback tells of any step. */
  silent?: true;
};

export const ORDINARY: Life = {
  steps: [
    { status: "sent", wait: "soon" },
    { status: "delivered", wait: "later" },
  ],
  arrives: true,
};

export type PlannedStep = { status: SimulatedStatus; code: number | null; at: Date };
export type Plan = { steps: PlannedStep[]; reachedAt: Date | null };

/** Puts the steps on the clock. Through a messaging service a text is first `accepted`, and `queued` is a step. */
export function planLife(
  life: Life,
  options: { pace: Pace; from: Date; service: boolean; random?: () => number },
): Plan {
  const random = options.random ?? Math.random;
  const all: readonly Step[] = options.service ? [{ status: "queued", wait: "at_once" }, ...life.steps] : life.steps;
  let at = options.from.getTime();
  const steps = all.map(({ status, wait, code }): PlannedStep => {
    const [least, most] = WAITS[options.pace][wait];
    at += Math.round(least + random() * (most - least));
    return { status, code: code ?? null, at: new Date(at) };
  });
  const shown = steps.find((step) => step.status === "delivered") ?? steps.at(-1);
  return { steps, reachedAt: life.arrives ? (shown?.at ?? options.from) : null };
}
