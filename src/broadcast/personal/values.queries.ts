import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "../../db/connect.ts";
import type { ActorId, BroadcastId, HouseholdId, VillageId } from "../../lib/ids.ts";
import type { ValueProblem } from "./value-table.ts";

/**
 * What the blanks of each household stand for: its row of the attached table, and over it what the roster knows. The
 * first person of a household speaks for it. A name without a value is not a key.
 */
function valuesOf(villageId: VillageId, broadcastId: BroadcastId | null, only?: readonly HouseholdId[]) {
  return sql`
    select h.id as household_id, h.number, coalesce(bv.values, '{}') || jsonb_strip_nulls(jsonb_build_object(
             '姓名', (select v.name from villagers v where v.household_id = h.id order by v.left_at is not null, v.position, v.id limit 1),
             '户号', h.number, '小组', g.name, '网格', n.name, '联户干部', coalesce(h.cadre_name, a.name))) as values
      from households h
      left join groups g on g.id = h.group_id
      left join grids n on n.id = h.grid_id
      left join actors a on a.id = h.cadre_id
      left join broadcast_values bv on bv.broadcast_id = ${broadcastId} and bv.household_id = h.id
     where h.village_id = ${villageId} ${only ? sql`and h.id = any (${[...only]}::uuid[])` : sql``}`;
}

/** Households of which every one of these blanks is known. */
export const filledDoors = (
  villageId: VillageId,
  { broadcastId, names }: { broadcastId: BroadcastId | null; names: readonly string[] },
): RawBuilder<unknown> =>
  sql`select household_id from (${valuesOf(villageId, broadcastId)}) f
       where jsonb_exists_all(f.values, ${[...names]}::text[])`;

export type DoorValues = { householdId: HouseholdId; values: Record<string, string> };

/** In no order. */
export async function readValues(
  db: Db,
  villageId: VillageId,
  broadcastId: BroadcastId | null,
  only: readonly HouseholdId[],
): Promise<DoorValues[]> {
  const { rows } = await sql<DoorValues>`
    select household_id as "householdId", values from (${valuesOf(villageId, broadcastId, only)}) f`.execute(db);
  return rows;
}

export type AttachedTable = { names: string[]; taken: number; problems: ValueProblem[]; attachedAt: Date };

/** The table that goes with a draft, as far as it was taken. */
export const findTable = (db: Db, broadcastId: BroadcastId): Promise<AttachedTable | undefined> =>
  db
    .selectFrom("value_tables")
    .select(["names", "taken", "problems", "attached_at as attachedAt"])
    .where("broadcast_id", "=", broadcastId)
    .executeTakeFirst();

type NewTable = {
  broadcastId: BroadcastId;
  villageId: VillageId;
  names: readonly string[];
  rows: readonly { householdId: HouseholdId; values: Record<string, string> }[];
  problems: readonly ValueProblem[];
  attachedBy: ActorId;
};
const CHUNK = 5000;

/** In place of the one that was there. */
export async function replaceTable(tx: Tx, table: NewTable, now: Date): Promise<void> {
  const { broadcastId, villageId, names, rows, problems, attachedBy } = table;
  await removeTable(tx, broadcastId);
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK);
    await sql`
      insert into broadcast_values (broadcast_id, village_id, household_id, values)
      select ${broadcastId}, ${villageId}, r.household_id, r.values::jsonb
        from unnest(${chunk.map((row) => row.householdId)}::uuid[],
                    ${chunk.map((row) => JSON.stringify(row.values))}::text[]) as r (household_id, values)`.execute(tx);
  }
  await tx
    .insertInto("value_tables")
    .values({
      broadcast_id: broadcastId,
      village_id: villageId,
      names: [...names],
      taken: rows.length,
      problems: JSON.stringify(problems),
      attached_by: attachedBy,
      attached_at: now,
    })
    .execute();
}

export async function removeTable(tx: Tx, broadcastId: BroadcastId): Promise<void> {
  await tx.deleteFrom("broadcast_values").where("broadcast_id", "=", broadcastId).execute();
  await tx.deleteFrom("value_tables").where("broadcast_id", "=", broadcastId).execute();
}

export type KnownDoor = { id: HouseholdId; number: string; people: string[] };

/** Every door of the village with the names behind it: what a table is held against. */
export async function listDoorsToMatch(db: Db, villageId: VillageId): Promise<KnownDoor[]> {
  const { rows } = await sql<KnownDoor>`
    select h.id, h.number, array(select v.name from villagers v where v.household_id = h.id) as people
      from households h where h.village_id = ${villageId}`.execute(db);
  return rows;
}
