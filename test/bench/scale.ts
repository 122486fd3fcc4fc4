import { parseArgs } from "node:util";

/** How large a run is. `--quick` tries every row in a minute or two; each size can also be given by name. */
export type Scale = {
  rounds: number;
  /** Recipients of the broadcast whose sending is measured. */
  texts: number;
  /** The usual design is slow, and what counts is its rate. */
  usualTexts: number;
  /** The slow carrier takes as long as it takes; fewer texts say the same. */
  slowTexts: number;
  /** Recipients of the launch. */
  recipients: number;
  callbacks: number;
  /** Seconds of steady load for the callbacks' p99. */
  steady: number;
  inbound: number;
  oldTexts: number;
  /** Texts sent among the old ones, per round. */
  amongOld: number;
  /** Answers that are timed. */
  answers: number;
  /** People of the roster that is imported. */
  roster: number;
};

const FULL: Scale = {
  rounds: 5,
  texts: 100_000,
  usualTexts: 3000,
  slowTexts: 100_000,
  recipients: 1_000_000,
  callbacks: 40_000,
  steady: 20,
  inbound: 4000,
  oldTexts: 10_000_000,
  amongOld: 20_000,
  answers: 300,
  roster: 200_000,
};

const QUICK: Scale = {
  rounds: 1,
  texts: 5000,
  usualTexts: 500,
  slowTexts: 5000,
  recipients: 20_000,
  callbacks: 4000,
  steady: 3,
  inbound: 2000,
  oldTexts: 100_000,
  amongOld: 3000,
  answers: 20,
  roster: 10_000,
};

/** `npm run bench -- sending --quick --texts=20000 --write` */
export function readArguments(args: string[]): { words: string[]; scale: Scale; write: boolean } {
  const sizes = Object.keys(FULL) as (keyof Scale)[];
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: "boolean" },
      write: { type: "boolean" },
      ...Object.fromEntries(sizes.map((size) => [size, { type: "string" } as const])),
    },
  });
  const given = values as Record<string, string | boolean | undefined>;
  const scale = { ...(given.quick ? QUICK : FULL) };
  for (const size of sizes) if (given[size] !== undefined) scale[size] = Number(given[size]);
  return { words: positionals, scale, write: given.write === true };
}
