import type { Scale } from "./scale.ts";

/**
 * One thing measured: ours and one or more references, in turn, in the same run. A side answers with the row's number
 * (a rate, or a time); the ratio is always ours ÷ reference.
 */
export type Row = {
  name: string;
  unit: string;
  references: readonly { name: string; target: Target }[];
  prepare(scale: Scale): Promise<Sides>;
};

export type Target = { atLeast: number } | { atMost: number };
export type Side = () => Promise<number>;
export type Sides = {
  ours: Side;
  /** In the order of the row's references. */
  references: readonly Side[];
  /** Once the rounds are over: what else is worth saying in the table. */
  notes?(ours: number): Promise<readonly string[]>;
  done(): Promise<void>;
};

/** This machine can't measure it: said in the output, and no failure. */
export class Skipped extends Error {}

export type Line = {
  name: string;
  unit: string;
  reference: string;
  ours: number;
  bare: number;
  ratio: number;
  spread: [number, number];
  target: Target;
};

export async function measure(row: Row, scale: Scale): Promise<{ lines: Line[]; notes: readonly string[] }> {
  const sides = await row.prepare(scale);
  const all = [sides.ours, ...sides.references];
  const measured: number[][] = all.map(() => []);
  try {
    // One of each to warm up: caches, connections, compiled code.
    for (const side of all) await side();
    for (let round = 0; round < scale.rounds; round++) {
      // Who goes first changes from round to round, so that a machine that slows down slows everybody.
      for (let turn = 0; turn < all.length; turn++) {
        const i = (round + turn) % all.length;
        measured[i]?.push((await all[i]?.()) ?? Number.NaN);
      }
      const figures = measured.map((numbers) => show(numbers.at(-1) ?? Number.NaN));
      process.stderr.write(`  ${row.name}: ${figures.join(" ÷ ")} ${row.unit}\n`);
    }
    const [ours = [], ...references] = measured;
    const lines = row.references.map(({ name, target }, i): Line => {
      const bare = references[i] ?? [];
      const ratios = ours.map((number, round) => number / (bare[round] ?? Number.NaN));
      return {
        name: row.name,
        unit: row.unit,
        reference: name,
        ours: median(ours),
        bare: median(bare),
        ratio: median(ratios),
        spread: [Math.min(...ratios), Math.max(...ratios)],
        target,
      };
    });
    return { lines, notes: (await sides.notes?.(median(ours))) ?? [] };
  } finally {
    await sides.done();
  }
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** Between two neighbours where the place falls between them. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(place)] ?? low) - low) * (place % 1);
}

export const reached = ({ ratio, target }: Line): boolean =>
  "atLeast" in target ? ratio >= target.atLeast : ratio <= target.atMost;

export function writeTable(lines: readonly Line[]): string {
  const write = (line: Line) =>
    `| ${line.name} | ${show(line.ours)} ${line.unit} | ${line.reference}: ${show(line.bare)} ${line.unit} | ` +
    `**${line.ratio.toFixed(2)}** (${line.spread.map((ratio) => ratio.toFixed(2)).join("–")}) | ` +
    `${"atLeast" in line.target ? `≥ ${line.target.atLeast}` : `≤ ${line.target.atMost}`}${reached(line) ? "" : ", missed"} |`;
  return [
    "| What | Ours | Reference in the same run | Ours ÷ reference, median (min–max) | Target |",
    "| --- | --- | --- | --- | --- |",
    ...lines.map(write),
  ].join("\n");
}

const show = (number: number): string => (number >= 100 ? Math.round(number).toString() : number.toPrecision(3));
