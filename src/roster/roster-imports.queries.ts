import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, RosterImportId, VillageId } from "../lib/ids.ts";
import type { StagedLayout } from "./roster-columns.ts";
import type { Found, RosterImportState } from "./roster-import.ts";

export type RosterImport = {
  id: RosterImportId;
  villageId: VillageId;
  state: RosterImportState;
  madeBy: ActorId | null;
  who: string | null;
  fileName: string;
  layout: StagedLayout;
  top: Buffer | null;
  problem: string | null;
  found: Found | Record<string, never>;
  atRow: number;
  rows: number | null;
  readRows: number;
  imported: number;
  updated: number;
  unchanged: number;
  createdAt: Date;
  finishedAt: Date | null;
};

const imports = (db: Db) =>
  db
    .selectFrom("roster_imports as i")
    .leftJoin("actors as a", "a.id", "i.made_by")
    .select([
      "i.id",
      "i.village_id as villageId",
      "i.state",
      "i.made_by as madeBy",
      "a.name as who",
      "i.file_name as fileName",
      "i.layout",
      "i.top",
      "i.problem",
      "i.found",
      "i.at_row as atRow",
      "i.rows",
      "i.read_rows as readRows",
      "i.imported",
      "i.updated",
      "i.unchanged",
      "i.created_at as createdAt",
      "i.finished_at as finishedAt",
    ]);

export const findImport = (db: Db, villageId: VillageId, id: RosterImportId): Promise<RosterImport | undefined> =>
  imports(db).where("i.village_id", "=", villageId).where("i.id", "=", id).executeTakeFirst();

/** For a worker, who has nothing but the bell's id. */
export const getImport = (db: Db, id: RosterImportId): Promise<RosterImport | undefined> =>
  imports(db).where("i.id", "=", id).executeTakeFirst();

/** The newest first; what was dropped is nobody's concern. */
export const listImports = (db: Db, villageId: VillageId): Promise<RosterImport[]> =>
  imports(db)
    .where("i.village_id", "=", villageId)
    .where("i.state", "<>", "dropped")
    .orderBy("i.id", "desc")
    .limit(10)
    .execute();

export async function insertImport(
  tx: Tx,
  row: {
    id: RosterImportId;
    villageId: VillageId;
    madeBy: ActorId | null;
    fileName: string;
    layout: StagedLayout;
    top: Buffer;
  },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("roster_imports")
    .values({
      id: row.id,
      village_id: row.villageId,
      state: "uploaded",
      made_by: row.madeBy,
      file_name: row.fileName,
      layout: JSON.stringify(row.layout),
      top: row.top,
      created_at: now,
    })
    .execute();
}

/** False if somebody else, or a click before this one, has moved it on. */
export async function moveImport(
  tx: Tx,
  id: RosterImportId,
  from: readonly RosterImportState[],
  to: RosterImportState,
  more: { layout?: string; problem?: string; finished_at?: Date; found?: string; rows?: number } = {},
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("roster_imports")
    .set({ state: to, ...more, tries: 0, touched_at: sql`now()` })
    .where("id", "=", id)
    .where("state", "in", [...from])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export type Progress = {
  /** The last row of the step before, and of this one. */
  from: number;
  to: number;
  read: number;
  imported?: number;
  updated?: number;
  unchanged?: number;
};

/**
 * How far a worker has come; what is given is added. Noted before the step is written, so that of two workers (one may
 * have lost the session that held the lock, and not know it yet) the second waits here, and writes nothing. False: it
 * is no longer his to go on with.
 */
export async function noteProgress(
  tx: Tx,
  { id, state }: { id: RosterImportId; state: RosterImportState },
  step: Progress,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("roster_imports")
    .set((eb) => ({
      at_row: step.to,
      read_rows: eb("read_rows", "+", step.read),
      imported: eb("imported", "+", step.imported ?? 0),
      updated: eb("updated", "+", step.updated ?? 0),
      unchanged: eb("unchanged", "+", step.unchanged ?? 0),
      // Comparing begins from the first row again: it has got further only when it has come to its end.
      ...(state === "running" ? { tries: 0 } : {}),
      touched_at: sql<Date>`now()`,
    }))
    .where("id", "=", id)
    .where("state", "=", state)
    .where("at_row", "=", step.from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Counts a beginning, and says which it is since something last got done. Comparing begins from the first row. */
export async function beginTry(tx: Tx, id: RosterImportId, afresh: boolean): Promise<number> {
  const row = await tx
    .updateTable("roster_imports")
    .set((eb) => ({
      tries: eb("tries", "+", 1),
      touched_at: sql<Date>`now()`,
      ...(afresh ? { at_row: 0, read_rows: 0 } : {}),
    }))
    .where("id", "=", id)
    .returning("tries")
    .executeTakeFirst();
  return row?.tries ?? 0;
}

/** A person's word to begin: what was counted while comparing is counted anew. */
export async function resetProgress(tx: Tx, id: RosterImportId): Promise<void> {
  await tx.updateTable("roster_imports").set({ at_row: 0, read_rows: 0 }).where("id", "=", id).execute();
}

export async function lockRoster(tx: Tx, villageId: VillageId): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`roster ${villageId}`}, 1)) as locked`.execute(tx);
  return rows[0]?.locked ?? false;
}

export const findRunning = (
  db: Db,
  villageId: VillageId,
): Promise<{ who: string; taken: number; of: number } | undefined> =>
  db
    .selectFrom("roster_imports as i")
    .leftJoin("actors as a", "a.id", "i.made_by")
    .select((eb) => [
      eb.fn.coalesce("a.name", sql<string>`'命令行'`).as("who"),
      "i.read_rows as taken",
      eb.fn.coalesce("i.rows", sql<number>`0`).as("of"),
    ])
    .where("i.village_id", "=", villageId)
    .where("i.state", "=", "running")
    .executeTakeFirst();

/** What waits for a worker and has not moved for a while: nobody rang, or he died. */
export const waitingImports = async (db: Db): Promise<RosterImportId[]> => {
  const { rows } = await sql<{ id: RosterImportId }>`
    select id from roster_imports
     where (state = 'running' or (state = 'uploaded' and (layout->>'ready')::boolean))
       and touched_at < now() - interval '5 seconds' order by id limit 100`.execute(db);
  return rows.map((row) => row.id);
};

/** Files, and what was shown of them, are personal data that nobody needs for long. One that runs is let finish. */
export async function forgetImports(tx: Tx, before: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("roster_imports")
    .where("created_at", "<", before)
    .where("state", "<>", "running")
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/**
 * Has PostgreSQL count the roster's tables anew, by a statement of its own: until it has, pages of a village that has
 * just come in are planned as if it were empty. What runs meanwhile is not held up.
 */
export async function lookAtRoster(db: Db): Promise<void> {
  await sql`select look_at_roster()`.execute(db);
}
