import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, GridId, GroupId, HouseholdId, VillageId, VillagerId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";

export type KnownVillager = {
  id: VillagerId;
  householdId: HouseholdId;
  household: string;
  name: string;
  tags: string[];
  phoneHash: Buffer | null;
  group: string | null;
  grid: string | null;
  cadre: string | null;
};

/** The whole roster of a village, for an import to compare with. */
export const readKnown = (db: Db, villageId: VillageId): Promise<KnownVillager[]> =>
  db
    .selectFrom("villagers as p")
    .innerJoin("households as h", "h.id", "p.household_id")
    .leftJoin("groups as g", "g.id", "h.group_id")
    .leftJoin("grids as n", "n.id", "h.grid_id")
    .select([
      "p.id",
      "h.id as householdId",
      "h.number as household",
      "p.name",
      "p.tags",
      "p.phone_hash as phoneHash",
      "g.name as group",
      "n.name as grid",
      "h.cadre_name as cadre",
    ])
    .where("p.village_id", "=", villageId)
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
      set tags = excluded.tags, phone_hash = excluded.phone_hash, position = excluded.position`.execute(tx);
}

/** A household's contact phone is its first person's that has one. */
export async function chooseContacts(tx: Tx, villageId: VillageId): Promise<void> {
  await sql`
    update households h set contact_hash = c.phone_hash
      from (select h.id, (select p.phone_hash from villagers p
                           where p.household_id = h.id and p.phone_hash is not null
                           order by p.position, p.id limit 1) as phone_hash
              from households h where h.village_id = ${villageId}) c
     where h.id = c.id and h.contact_hash is distinct from c.phone_hash`.execute(tx);
}

export type ListedHousehold = {
  id: HouseholdId;
  number: string;
  group: string | null;
  grid: string | null;
  cadre: string | null;
  people: number;
  phone: Buffer | null;
  problem: "invalid" | "blocked" | null;
  optedOut: boolean;
};

/** Households in the order of their numbers; `after` is the last number of the page before. */
export async function listHouseholds(
  db: Db,
  villageId: VillageId,
  limit: number,
  after: string | null,
): Promise<ListedHousehold[]> {
  return await db
    .selectFrom("households as h")
    .leftJoin("groups as g", "g.id", "h.group_id")
    .leftJoin("grids as n", "n.id", "h.grid_id")
    .leftJoin("phones as p", (join) =>
      join.onRef("p.village_id", "=", "h.village_id").onRef("p.hash", "=", "h.contact_hash"),
    )
    .select((eb) => [
      "h.id",
      "h.number",
      "g.name as group",
      "n.name as grid",
      "h.cadre_name as cadre",
      "p.phone",
      "p.problem",
      eb
        .selectFrom("villagers as v")
        .select((e) => e.fn.countAll<number>().as("n"))
        .whereRef("v.household_id", "=", "h.id")
        .$asScalar()
        .$notNull()
        .as("people"),
      eb
        .exists(
          eb
            .selectFrom("opt_outs as o")
            .select("o.id")
            .whereRef("o.village_id", "=", "h.village_id")
            .whereRef("o.phone_hash", "=", "h.contact_hash")
            .where("o.column_id", "is", null)
            .where("o.ended_at", "is", null),
        )
        .$castTo<boolean>()
        .as("optedOut"),
    ])
    .where("h.village_id", "=", villageId)
    .$if(after !== null, (query) => query.where("h.number", ">", after as string))
    .orderBy("h.number")
    .limit(limit)
    .execute();
}

export type ListedVillager = {
  id: VillagerId;
  household: string;
  name: string;
  tags: string[];
  phone: Buffer | null;
  group: string | null;
  grid: string | null;
};

export async function listVillagers(
  db: Db,
  villageId: VillageId,
  limit: number,
  after: VillagerId | null,
): Promise<ListedVillager[]> {
  return await db
    .selectFrom("villagers as v")
    .innerJoin("households as h", "h.id", "v.household_id")
    .leftJoin("groups as g", "g.id", "h.group_id")
    .leftJoin("grids as n", "n.id", "h.grid_id")
    .leftJoin("phones as p", (join) =>
      join.onRef("p.village_id", "=", "v.village_id").onRef("p.hash", "=", "v.phone_hash"),
    )
    .select(["v.id", "h.number as household", "v.name", "v.tags", "p.phone", "g.name as group", "n.name as grid"])
    .where("v.village_id", "=", villageId)
    .$if(after !== null, (query) => query.where("v.id", ">", after as VillagerId))
    .orderBy("v.id")
    .limit(limit)
    .execute();
}

/** How many doors and people a village has, and how many doors a text reaches: a good number, not opted out. */
export type RosterCounts = { households: number; villagers: number; reachable: number };
export async function countRoster(db: Db, villageId: VillageId): Promise<RosterCounts> {
  const { rows } = await sql<RosterCounts>`
    select (select count(*) from households where village_id = ${villageId})::int as households,
           (select count(*) from villagers where village_id = ${villageId})::int as villagers,
           (select count(*) from households h join phones p on p.village_id = h.village_id and p.hash = h.contact_hash
             where h.village_id = ${villageId} and p.problem is null
               and not exists (select from opt_outs o
                                where o.village_id = h.village_id and o.phone_hash = h.contact_hash
                                  and o.column_id is null and o.ended_at is null))::int as reachable`.execute(db);
  return rows[0] ?? { households: 0, villagers: 0, reachable: 0 };
}

/** Where a phone is known: every village that has it, with the door and the person. */
export type KnownPhone = {
  villageId: VillageId;
  householdId: HouseholdId | null;
  villagerId: VillagerId | null;
  name: string | null;
};

export async function findByPhone(db: Db, hash: Buffer): Promise<KnownPhone[]> {
  const { rows } = await sql<KnownPhone>`
    select p.village_id as "villageId", v.household_id as "householdId", v.id as "villagerId", v.name
      from phones p
      left join lateral (select v.id, v.household_id, v.name from villagers v
                          where v.village_id = p.village_id and v.phone_hash = p.hash
                          order by v.position, v.id limit 1) v on true
     where p.hash = ${hash} order by p.village_id`.execute(db);
  return rows;
}

/** The people of these doors, by door. */
export async function listHouseholdPeople(
  db: Db,
  ids: readonly HouseholdId[],
): Promise<Map<HouseholdId, { name: string; tags: string[] }[]>> {
  const people = new Map<HouseholdId, { name: string; tags: string[] }[]>();
  if (ids.length === 0) return people;
  const rows = await db
    .selectFrom("villagers")
    .select(["household_id", "name", "tags"])
    .where("household_id", "in", ids)
    .orderBy("position")
    .orderBy("id")
    .execute();
  for (const { household_id, name, tags } of rows)
    people.set(household_id, [...(people.get(household_id) ?? []), { name, tags }]);
  return people;
}
