import type { Outcome } from "../../src/lib/refusal.ts";
import { ok } from "../../src/lib/result.ts";
import { orTrouble } from "../../src/lib/sheet/open-sheet.ts";
import { openKnownRoster, rosterReader } from "../../src/roster/read-roster.ts";
import type { RosterRow, RowProblem } from "../../src/roster/read-row.ts";

type WholeRoster = { rows: RosterRow[]; rejected: ({ row: number } & RowProblem)[] };

/** A whole file at once, each bad row with the first thing that is wrong with it. */
export async function readRoster(file: Buffer | string): Promise<Outcome<WholeRoster>> {
  const opened = await openKnownRoster(Buffer.isBuffer(file) ? file : Buffer.from(file));
  if (!opened.ok) return opened;
  const { sheet, layout } = opened.value;
  return await orTrouble(async () => {
    const whole: WholeRoster = { rows: [], rejected: [] };
    const reader = rosterReader(layout);
    for await (const rows of sheet.rows()) {
      const { people, rejected } = reader.read(rows);
      whole.rows.push(...people.map(({ place: _, ...person }) => person));
      for (const { row, problems } of rejected) whole.rejected.push({ row, ...(problems[0] as RowProblem) });
    }
    return ok(whole);
  });
}
