import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, GridId, GroupId, HouseholdId, VillageId, VillagerId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { LeftReason } from "./left.ts";

export type KnownVillager = {
  id: VillagerId;
  household: string;
  name: string;
  tags: string[];
  phoneHash: Buffer | null;
  phone: Buffer | null;
  position: number;
  leftReason: LeftReason | null;
  group: string | null;
  grid: string | null;
  cadre: string | null;
  cadreId: ActorId | null;
};

/**
 * An import grows the tables under the planner's statistics: from what it knows of them it would read a whole village
 * for each household. To the end of this transaction it walks indexes, which suits a thousand rows in a table of any size.
 */
export async function walkIndexes(tx: Tx): Promise<void> {
  await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
                   set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(tx);
}

/** The people of these doors, those who left included, for an import to compare with. */
export const readKnown = (db: Db, villageId: VillageId, households: readonly string[]): Promise<KnownVillager[]> =>
  db
    .selectFrom("villagers as p")
    .innerJoin("households as h", "h.id", "p.household_id")
    .leftJoin("groups as g", "g.id", "h.group_id")
    .leftJoin("grids as n", "n.id", "h.grid_id")
    .leftJoin("phones as t", (join) =>
      join.onRef("t.village_id", "=", "p.village_id").onRef("t.hash", "=", "p.phone_hash"),
    )
    .select([
      "p.id",
      "h.number as household",
      "p.name",
      "p.tags",
      "p.phone_hash as phoneHash",
      "t.phone",
      "p.position",
      // Whoever is written down elsewhere stays so, though the file still has him here too.
      sql<LeftReason | null>`case when p.merged_into is null then p.left_reason end`.as("leftReason"),
      "g.name as group",
      "n.name as grid",
      "h.cadre_name as cadre",
      "h.cadre_id as cadreId",
    ])
    .where("h.village_id", "=", villageId)
    .where("h.number", "=", sql<string>`any(${households}::text[])`)
    .execute();

/** Makes the named groups that are not there yet; returns all of the village by name. */
export async function ensureGroups(
  tx: Tx,
  villageId: VillageId,
  names: readonly string[],
): Promise<Map<string, GroupId>> {
  if (names.length > 0) {
    await tx
      .insertInto("groups")
      .values(names.map((name) => ({ id: newId<GroupId>(), village_id: villageId, name })))
      .onConflict((oc) => oc.columns(["village_id", "name"]).doNothing())
      .execute();
  }
  const rows = await tx.selectFrom("groups").select(["id", "name"]).where("village_id", "=", villageId).execute();
  return new Map(rows.map((row) => [row.name, row.id]));
}

export async function ensureGrids(
  tx: Tx,
  villageId: VillageId,
  names: readonly string[],
): Promise<Map<string, GridId>> {
  if (names.length > 0) {
    await tx
      .insertInto("grids")
      .values(names.map((name) => ({ id: newId<GridId>(), village_id: villageId, name })))
      .onConflict((oc) => oc.columns(["village_id", "name"]).doNothing())
      .execute();
  }
  const rows = await tx.selectFrom("grids").select(["id", "name"]).where("village_id", "=", villageId).execute();
  return new Map(rows.map((row) => [row.name, row.id]));
}

export async function findCadres(db: Db, villageId: VillageId): Promise<Map<string, ActorId>> {
  const rows = await db
    .selectFrom("actors")
    .select(["id", "name"])
    .where("village_id", "=", villageId)
    .where("kind", "=", "staff")
    .where("active", "=", true)
    .execute();
  return new Map(rows.map((row) => [row.name, row.id]));
}

export type HouseholdRow = {
  id: HouseholdId;
  number: string;
  groupId: GroupId | null;
  gridId: GridId | null;
  cadreName: string | null;
  cadreId: ActorId | null;
};

/** New households go in, known ones take what the file says; null leaves what was there. */
export async function upsertHouseholds(
  tx: Tx,
  villageId: VillageId,
  rows: readonly HouseholdRow[],
  now: Date,
): Promise<Map<string, HouseholdId>> {
  const { rows: kept } = await sql<{ id: HouseholdId; number: string }>`
    insert into households (id, village_id, number, group_id, grid_id, cadre_name, cadre_id, created_at)
    select h.id, ${villageId}, h.number, h.group_id, h.grid_id, h.cadre_name, h.cadre_id, ${now}
      from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.number)}::text[],
                  ${rows.map((r) => r.groupId)}::uuid[], ${rows.map((r) => r.gridId)}::uuid[],
                  ${rows.map((r) => r.cadreName)}::text[], ${rows.map((r) => r.cadreId)}::uuid[])
        as h (id, number, group_id, grid_id, cadre_name, cadre_id)
    on conflict (village_id, number) do update set
      group_id = coalesce(excluded.group_id, households.group_id),
      grid_id = coalesce(excluded.grid_id, households.grid_id),
      cadre_name = coalesce(excluded.cadre_name, households.cadre_name),
      cadre_id = coalesce(excluded.cadre_id, households.cadre_id)
    returning id, number`.execute(tx);
  return new Map(kept.map((row) => [row.number, row.id]));
}

export async function insertPhones(
  tx: Tx,
  villageId: VillageId,
  phones: readonly { hash: Buffer; sealed: Buffer }[],
  now: Date,
): Promise<void> {
  if (phones.length === 0) return;
  await sql`
    insert into phones (village_id, hash, phone, created_at)
    select ${villageId}, p.hash, p.phone, ${now}
      from unnest(${phones.map((p) => p.hash)}::bytea[], ${phones.map((p) => p.sealed)}::bytea[]) as p (hash, phone)
    on conflict (village_id, hash) do nothing`.execute(tx);
}

export type VillagerRow = {
  id: VillagerId;
  householdId: HouseholdId;
  name: string;
  tags: string[];
  phoneHash: Buffer | null;
  position: number;
};

export async function upsertVillagers(
  tx: Tx,
  villageId: VillageId,
  rows: readonly VillagerRow[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into villagers (id, village_id, household_id, name, tags, phone_hash, position, created_at)
    select p.id, ${villageId}, p.household_id, p.name,
           array(select jsonb_array_elements_text(p.tags::jsonb)), p.phone_hash, p.position, ${now}
      from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.householdId)}::uuid[],
                  ${rows.map((r) => r.name)}::text[], ${rows.map((r) => JSON.stringify(r.tags))}::text[],
                  ${rows.map((r) => r.phoneHash)}::bytea[], ${rows.map((r) => r.position)}::int[])
        as p (id, household_id, name, tags, phone_hash, position)
    on conflict (household_id, name) do update
      set tags = excluded.tags, phone_hash = excluded.phone_hash, position = excluded.position,
          left_at = case when villagers.merged_into is not null then villagers.left_at end,
          left_reason = case when villagers.merged_into is not null then villagers.left_reason end`.execute(tx);
}

/**
 * A household's contact phone is that of its first person here who has one, unless staff chose another that is still in
 * use; with nobody left it has none.
 */
export async function chooseContacts(tx: Tx, villageId: VillageId, households: readonly HouseholdId[]): Promise<void> {
  // No join: by stale statistics it would go through the village once for each household.
  const first = sql`(select p.phone_hash from villagers p
                      where p.household_id = h.id and p.phone_hash is not null and p.left_at is null
                      order by p.position, p.id limit 1)`;
  await sql`
    update households h set contact_hash = ${first}, contact_by_hand = false
     where h.id = any (${households}::uuid[]) and h.village_id = ${villageId}
       and h.contact_hash is distinct from ${first}
       and not (h.contact_by_hand and exists (
         select from villagers v where v.household_id = h.id and v.phone_hash = h.contact_hash
                                   and v.left_at is null))`.execute(tx);
}
