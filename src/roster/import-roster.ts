import { audit } from "../db/audit.queries.ts";
import type { HouseholdId, VillageId, VillagerId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import {
  chooseContacts,
  ensureGrids,
  ensureGroups,
  findCadres,
  insertPhones,
  type KnownVillager,
  readKnown,
  upsertHouseholds,
  upsertVillagers,
} from "./import.queries.ts";
import { type RejectedRow, type RosterRow, readRoster } from "./read-roster.ts";

export type ImportReport = { imported: number; updated: number; unchanged: number; rejected: RejectedRow[] };

/** Good rows go in, bad rows come back. The same file again changes nothing; people who left are never deleted here. */
export async function importRoster(
  work: Work,
  sealer: Sealer,
  villageId: VillageId,
  file: Buffer,
): Promise<Outcome<ImportReport>> {
  const read = readRoster(file);
  if (!read.ok) return read;
  const { rows, rejected } = read.value;
  const report =
    rows.length === 0 ? { imported: 0, updated: 0, unchanged: 0 } : await write(work, sealer, villageId, rows);
  await audit(work, {
    chain: villageId,
    action: "roster.import",
    subject: "village",
    subjectId: villageId,
    detail: { ...report, rejected: rejected.length },
  });
  return ok({ ...report, rejected });
}

async function write(work: Work, sealer: Sealer, villageId: VillageId, rows: readonly RosterRow[]) {
  const { tx, now } = work;
  const known = new Map((await readKnown(tx, villageId)).map((person) => [keyOf(person), person]));
  const hashes = rows.map((row) => (row.phone ? sealer.hashPhone(row.phone) : null));
  const groups = await ensureGroups(tx, villageId, named(rows, "group"));
  const grids = await ensureGrids(tx, villageId, named(rows, "grid"));
  const cadres = await findCadres(tx, villageId);

  const doors = new Map<string, { group: string | null; grid: string | null; cadre: string | null }>();
  for (const row of rows) {
    const door = doors.get(row.household) ?? { group: null, grid: null, cadre: null };
    doors.set(row.household, {
      group: door.group ?? row.group,
      grid: door.grid ?? row.grid,
      cadre: door.cadre ?? row.cadre,
    });
  }
  const households = await upsertHouseholds(
    tx,
    villageId,
    [...doors].map(([number, door]) => ({
      id: newId<HouseholdId>(now.getTime()),
      number,
      groupId: door.group === null ? null : (groups.get(door.group) ?? null),
      gridId: door.grid === null ? null : (grids.get(door.grid) ?? null),
      cadreName: door.cadre,
      cadreId: door.cadre === null ? null : (cadres.get(door.cadre) ?? null),
    })),
    now,
  );

  const phones = new Map<string, { hash: Buffer; sealed: Buffer }>();
  rows.forEach((row, i) => {
    const hash = hashes[i];
    if (row.phone && hash) phones.set(row.phone, { hash, sealed: sealer.phone(row.phone) });
  });
  await insertPhones(tx, villageId, [...phones.values()], now);

  const report = { imported: 0, updated: 0, unchanged: 0 };
  const changed = rows.flatMap((row, i) => {
    const before = known.get(keyOf(row));
    const phoneHash = hashes[i] ?? null;
    if (!before) report.imported++;
    else if (isSame(before, row, phoneHash)) {
      report.unchanged++;
      return [];
    } else report.updated++;
    const householdId = households.get(row.household);
    if (!householdId) throw new Error("a household of the file was not written");
    const id = before?.id ?? newId<VillagerId>(now.getTime());
    return [{ id, householdId, name: row.name, tags: row.tags, phoneHash, position: Math.min(row.row, 32_000) }];
  });
  await upsertVillagers(tx, villageId, changed, now);
  await chooseContacts(tx, villageId);
  return report;
}

const keyOf = (person: { household: string; name: string }) => `${person.household}\n${person.name}`;

const named = (rows: readonly RosterRow[], column: "group" | "grid"): string[] => [
  ...new Set(rows.flatMap((row) => row[column] ?? [])),
];

/** An empty cell says nothing about group, grid and cadre; it does say that there is no phone. */
function isSame(before: KnownVillager, row: RosterRow, phoneHash: Buffer | null): boolean {
  const samePhone =
    before.phoneHash === null ? phoneHash === null : phoneHash !== null && before.phoneHash.equals(phoneHash);
  return (
    samePhone &&
    before.tags.join() === row.tags.join() &&
    (row.group === null || row.group === before.group) &&
    (row.grid === null || row.grid === before.grid) &&
    (row.cadre === null || row.cadre === before.cadre)
  );
}
