import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { amongOldRow } from "./among-old.ts";
import { answersRow } from "./answers.ts";
import { audienceRows } from "./audience.ts";
import { callbacksRow } from "./callbacks.ts";
import { type Line, measure, type Row, Skipped, writeTable } from "./harness.ts";
import { intakeRow } from "./intake.ts";
import { launchRow } from "./launch.ts";
import { pagesRow } from "./pages.ts";
import { phoneRow } from "./phone.ts";
import { rosterImportRow } from "./roster-import.ts";
import { readArguments } from "./scale.ts";
import { sendingRows } from "./sending.ts";
import { writeUnderstanding } from "./understanding.ts";

/**
 * `npm run bench`: every row, or those whose name contains a word given. `--quick` tries it with small sizes, `--write`
 * puts the table into the README. Absolute numbers say more about the machine than about us; the ratios are what to
 * compare.
 */
const ROWS: readonly Row[] = [
  ...sendingRows,
  launchRow,
  callbacksRow,
  amongOldRow,
  answersRow,
  intakeRow,
  ...audienceRows,
  rosterImportRow,
  pagesRow,
  phoneRow,
];

const { words, scale, write } = readArguments(process.argv.slice(2));
const chosen = ROWS.filter((row) => words.length === 0 || words.some((word) => row.name.includes(word)));
const lines: Line[] = [];
const notes: string[] = [];
// No race: how well texts are understood, and how fast. Printed, never a line of the table.
if (words.some((word) => "understanding".includes(word))) process.stdout.write(`${writeUnderstanding()}\n`);
for (const row of chosen) {
  const started = performance.now();
  try {
    const measured = await measure(row, scale);
    lines.push(...measured.lines);
    notes.push(...measured.notes.map((note) => `- ${row.name}: ${note}`));
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    notes.push(`- ${row.name}: not measured, ${error.message}`);
  }
  process.stderr.write(`${row.name}: ${Math.round((performance.now() - started) / 1000)} s\n`);
}

const model = cpus()[0]?.model.trim() ?? "unknown processor";
const machine = `Measured on ${cpus().length} × ${model}, Node ${process.versions.node}, everything on one machine, median of ${scale.rounds}.`;
if (chosen.length === 0) process.exit(0);

const table = [writeTable(lines), notes.join("\n"), machine].filter((part) => part !== "").join("\n\n");
process.stdout.write(`${table}\n`);

if (write) {
  const file = resolve(import.meta.dirname, "../../README.md");
  const text = await readFile(file, "utf8");
  const marked = /(<!-- bench -->\n)[\s\S]*?(\n?<!-- \/bench -->)/;
  await writeFile(
    file,
    text.replace(marked, (_, before: string) => `${before}${table}\n<!-- /bench -->`),
  );
}
process.exit(0);
