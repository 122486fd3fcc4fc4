/** One row of the table: how fast ours is, as a ratio to a bare reference measured in the same run. */
export type Row = {
  name: string;
  /** What one round counts: texts or requests per second. */
  unit: string;
  reference: string;
  rounds: number;
  /** One round each, in turn, so that a machine that slows down slows both. */
  prepare(): Promise<{ ours(): Promise<number>; bare(): Promise<number>; done(): Promise<void> }>;
};

export type Measured = {
  name: string;
  unit: string;
  reference: string;
  ours: number;
  bare: number;
  ratio: number;
  spread: [number, number];
};

export async function measure(row: Row): Promise<Measured> {
  const sides = await row.prepare();
  try {
    // One of each to warm up: caches, connections, compiled code.
    await sides.ours();
    await sides.bare();
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < row.rounds; round++) {
      // Who goes first changes from round to round.
      const order = round % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
      for (const side of order) (side === "ours" ? ours : bare).push(await sides[side]());
      process.stderr.write(
        `  ${row.name}: ${Math.round(ours.at(-1) ?? 0)} ÷ ${Math.round(bare.at(-1) ?? 0)} ${row.unit}\n`,
      );
    }
    const ratios = ours.map((rate, i) => rate / (bare[i] ?? Number.NaN));
    return {
      name: row.name,
      unit: row.unit,
      reference: row.reference,
      ours: median(ours),
      bare: median(bare),
      ratio: median(ratios),
      spread: [Math.min(...ratios), Math.max(...ratios)],
    };
  } finally {
    await sides.done();
  }
}

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

export function writeTable(rows: readonly Measured[]): string {
  const line = (row: Measured) =>
    `| ${row.name} | ${Math.round(row.ours)} ${row.unit} | ${row.reference}: ${Math.round(row.bare)} ${row.unit} | ` +
    `**${row.ratio.toFixed(2)}** (${row.spread.map((ratio) => ratio.toFixed(2)).join("–")}) |`;
  return [
    "| What | Ours | Reference in the same run | Ratio, median (min–max) |",
    "| --- | --- | --- | --- |",
    ...rows.map(line),
  ].join("\n");
}
