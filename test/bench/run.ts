import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { type Measured, measure, type Row, writeTable } from "./harness.ts";
import { intakeRow } from "./intake.ts";
import { sendingRow } from "./sending.ts";

/**
 * `npm run bench`: every row, or those whose name contains a word given. `--write` puts the table into the README.
 * Absolute numbers say more about the machine than about us; the ratios are what to compare.
 */
const ROWS: readonly Row[] = [sendingRow, intakeRow];

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const chosen = ROWS.filter((row) => words.length === 0 || words.some((word) => row.name.includes(word)));
const measured: Measured[] = [];
for (const row of chosen) measured.push(await measure(row));

const model = cpus()[0]?.model.trim() ?? "unknown processor";
const table = `${writeTable(measured)}\n\nMeasured on ${cpus().length} × ${model}, Node ${process.versions.node}, everything on one machine.`;
process.stdout.write(`${table}\n`);

if (process.argv.includes("--write")) {
  const file = resolve(import.meta.dirname, "../../README.md");
  const text = await readFile(file, "utf8");
  const marked = /(<!-- bench -->\n)[\s\S]*?(\n<!-- \/bench -->)/;
  await writeFile(
    file,
    text.replace(marked, (_, before: string, after: string) => before + table + after),
  );
}
process.exit(0);
