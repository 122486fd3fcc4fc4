import { audit } from "../db/audit.queries.ts";
import { sayDate } from "../lib/china-time.ts";
import type { VillageId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { orTrouble } from "../lib/sheet/open-sheet.ts";
import type { Work } from "../queue/work.ts";
import { compareRows } from "./compare-rows.ts";
import { refuseWhileBusy } from "./one-at-a-time.ts";
import { openKnownRoster, type ReadPerson, rosterReader } from "./read-roster.ts";
import type { RowProblem } from "./read-row.ts";
import { readGround, writeRows } from "./write-rows.ts";

/** One line for each row that was not taken: the first thing that is wrong with it. */
export type Rejection = { row: number } & RowProblem;
export type ImportReport = { imported: number; updated: number; unchanged: number; rejected: Rejection[] };

export const CHUNK = 1000;

/**
 * For programs: the whole file in one unit of work. Good rows go in, bad rows come back. The same file again changes
 * nothing; people who left are never touched here.
 */
export async function importRoster(
  work: Work,
  sealer: Sealer,
  villageId: VillageId,
  file: Buffer,
): Promise<Outcome<ImportReport>> {
  const opened = await openKnownRoster(file);
  if (!opened.ok) return opened;
  const busy = await refuseWhileBusy(work.tx, villageId);
  if (busy) return busy;
  const { sheet, layout } = opened.value;
  const report: ImportReport = { imported: 0, updated: 0, unchanged: 0, rejected: [] };
  const ground = await readGround(work.tx, villageId);
  const reader = rosterReader(layout);
  const take = async (people: readonly ReadPerson[]) => {
    const compared = await compareRows(work.tx, sealer, villageId, layout.places, people);
    await writeRows({ ...work, sealer, villageId, ground }, compared);
    for (const { verdict, person, erasedAt } of compared) {
      if (erasedAt === null) report[COUNTED_AS[verdict]]++;
      else report.rejected.push(rejectErased(person.row, sayDate(erasedAt, work.now)));
    }
  };
  const taken = await orTrouble(async () => {
    let waiting: ReadPerson[] = [];
    for await (const rows of sheet.rows()) {
      const { people, rejected } = reader.read(rows);
      report.rejected.push(...rejected.flatMap(firstProblem));
      waiting.push(...people);
      if (waiting.length < CHUNK) continue;
      await take(waiting);
      waiting = [];
    }
    await take(waiting);
    return ok(null);
  });
  if (!taken.ok) return taken;
  report.rejected.sort((a, b) => a.row - b.row);
  await audit(work, {
    chain: villageId,
    action: "roster.import",
    subject: "village",
    subjectId: villageId,
    detail: { ...report, rejected: report.rejected.length },
  });
  return ok(report);
}

export const COUNTED_AS = { new: "imported", changed: "updated", unchanged: "unchanged" } as const;

const rejectErased = (row: number, on: string): Rejection => ({
  ...{ row, column: "name", code: "erased_person" },
  message: `他的资料${on}按本人要求删除了，不导回来。他又要求登记的，请在网页上传这份名单，勾上他`,
});

const firstProblem = ({ row, problems }: { row: number; problems: readonly RowProblem[] }): Rejection[] =>
  problems.slice(0, 1).map((problem) => ({ row, ...problem }));
