import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { HouseholdId, RosterImportId, VillageId, VillagerId } from "../lib/ids.ts";
import type { LeftReason } from "./left.ts";

type ImportKey = { id: RosterImportId; villageId: VillageId };

/** The file in sealed pieces. */
export async function insertFile(tx: Tx, { id, villageId }: ImportKey, pieces: readonly Buffer[]): Promise<void> {
  for (const [no, bytes] of pieces.entries()) {
    await tx.insertInto("roster_import_files").values({ import_id: id, village_id: villageId, no, bytes }).execute();
  }
}

/** One piece at a time, so that a file is never in memory twice. */
export async function* readFile(db: Db, id: RosterImportId): AsyncGenerator<Buffer> {
  for (let no = 0; ; no++) {
    const piece = await db
      .selectFrom("roster_import_files")
      .select("bytes")
      .where("import_id", "=", id)
      .where("no", "=", no)
      .executeTakeFirst();
    if (!piece) return;
    yield piece.bytes;
  }
}

export const deleteFile = async (tx: Tx, id: RosterImportId): Promise<void> => {
  await tx.deleteFrom("roster_import_files").where("import_id", "=", id).execute();
};

export type StagedKind = "changed" | "rejected" | "left" | "erased";
export type StagedRow = { kind: StagedKind; row: number; villagerId: VillagerId | null; detail: Buffer };

export async function insertStaged(tx: Tx, { id, villageId }: ImportKey, rows: readonly StagedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into roster_import_rows (import_id, village_id, kind, row, villager_id, detail)
    select ${id}, ${villageId}, r.* from unnest(
      ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => r.row)}::int[], ${rows.map((r) => r.villagerId)}::uuid[],
      ${rows.map((r) => r.detail)}::bytea[]) as r`.execute(tx);
}

export const deleteStaged = async (tx: Tx, id: RosterImportId): Promise<void> => {
  await tx.deleteFrom("roster_import_rows").where("import_id", "=", id).execute();
};

export const listStaged = (
  db: Db,
  id: RosterImportId,
  kind: StagedKind,
  after: number,
  limit: number,
): Promise<{ row: number; detail: Buffer; ignored: boolean }[]> =>
  db
    .selectFrom("roster_import_rows")
    .select(["row", "detail", "ignored"])
    .where("import_id", "=", id)
    .where("kind", "=", kind)
    .where("row", ">", after)
    .orderBy("row")
    .limit(limit)
    .execute();

/** Of the people who had asked to be taken out, the rows of those who ask to be written down again. */
export async function listBack(db: Db, id: RosterImportId): Promise<Set<number>> {
  const rows = await db
    .selectFrom("roster_import_rows")
    .select("row")
    .where("import_id", "=", id)
    .where("kind", "=", "erased")
    .where("ignored", "=", true)
    .execute();
  return new Set(rows.map(({ row }) => row));
}

/** These and no others; how many there are. */
export async function markBack(tx: Tx, id: RosterImportId, rows: readonly number[]): Promise<number> {
  await tx
    .updateTable("roster_import_rows")
    .set({ ignored: sql<boolean>`row = any (${[...rows]}::int[])` })
    .where("import_id", "=", id)
    .where("kind", "=", "erased")
    .execute();
  return (await listBack(tx, id)).size;
}

export type Leaver = {
  row: number;
  villagerId: VillagerId;
  name: string;
  household: string;
  leftReason: LeftReason | null;
  ignored: boolean;
};

/** People whom the file does not name, as they are on the roster now. */
export const listLeavers = (db: Db, id: RosterImportId, after: number, limit: number): Promise<Leaver[]> =>
  leavers(db, id).where("r.row", ">", after).orderBy("r.row").limit(limit).execute();

export const findLeavers = (db: Db, id: RosterImportId, ids: readonly VillagerId[]): Promise<Leaver[]> =>
  leavers(db, id).where("r.villager_id", "in", ids).execute();

const leavers = (db: Db, id: RosterImportId) =>
  db
    .selectFrom("roster_import_rows as r")
    .innerJoin("villagers as v", "v.id", "r.villager_id")
    .innerJoin("households as h", "h.id", "v.household_id")
    .select([
      "r.row",
      "v.id as villagerId",
      "v.name",
      "h.number as household",
      "v.left_reason as leftReason",
      "r.ignored",
    ])
    .where("r.import_id", "=", id)
    .where("r.kind", "=", "left");

/** How many of them nobody has said anything about. */
export async function countUndecided(db: Db, id: RosterImportId): Promise<number> {
  const { n } = await db
    .selectFrom("roster_import_rows as r")
    .innerJoin("villagers as v", "v.id", "r.villager_id")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("r.import_id", "=", id)
    .where("r.kind", "=", "left")
    .where("r.ignored", "=", false)
    .where("v.left_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(n);
}

export async function markLooked(
  tx: Tx,
  id: RosterImportId,
  villagers: readonly VillagerId[],
  ignored: boolean,
): Promise<void> {
  await tx
    .updateTable("roster_import_rows")
    .set({ ignored })
    .where("import_id", "=", id)
    .where("kind", "=", "left")
    .where("villager_id", "in", [...villagers])
    .execute();
}

/** Null brings them back. Answers the households, whose contact may be another now. */
export async function setLeft(
  tx: Tx,
  villageId: VillageId,
  villagers: readonly VillagerId[],
  reason: LeftReason | null,
  now: Date,
): Promise<HouseholdId[]> {
  const rows = await tx
    .updateTable("villagers")
    .set({ left_at: reason === null ? null : now, left_reason: reason })
    .where("village_id", "=", villageId)
    .where("id", "in", [...villagers])
    .where("merged_into", "is", null)
    .where("erased_at", "is", null)
    .returning("household_id as householdId")
    .execute();
  return rows.map((row) => row.householdId);
}

/** Who is on the roster and here, by id, a page at a time. */
export const listPresent = (
  db: Db,
  villageId: VillageId,
  after: VillagerId | null,
  limit: number,
): Promise<{ id: VillagerId }[]> =>
  db
    .selectFrom("villagers")
    .select("id")
    .where("village_id", "=", villageId)
    .where("left_at", "is", null)
    .$if(after !== null, (query) => query.where("id", ">", after as VillagerId))
    .orderBy("id")
    .limit(limit)
    .execute();
