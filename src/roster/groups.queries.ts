import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import { type ActorId, type GridId, type GroupId, newId, type VillageId } from "../lib/ids.ts";

/** A 村民小组 or a grid, with as many doors as somebody lives behind. */
export type Unit = { id: string; name: string; doors: number };
export type Group = Unit & { id: GroupId };
/** `cadres`: whom its doors name, most doors first. */
export type Grid = Unit & { id: GridId; cadres: { name: string; id: ActorId | null; doors: number }[] };

const doorsOf = (column: "group_id" | "grid_id") => sql`(
  select count(*)::int from households h
   where h.village_id = u.village_id and h.${sql.ref(column)} = u.id
     and exists (select from villagers v where v.household_id = h.id and v.left_at is null))`;

export async function listUnits(db: Db, villageId: VillageId): Promise<{ groups: Group[]; grids: Grid[] }> {
  const { rows: groups } = await sql<Group>`
    select u.id, u.name, ${doorsOf("group_id")} as doors from groups u
     where u.village_id = ${villageId} order by u.name`.execute(db);
  const { rows: grids } = await sql<Grid>`
    select u.id, u.name, ${doorsOf("grid_id")} as doors,
           coalesce((select jsonb_agg(jsonb_build_object('name', c.name, 'id', c.id, 'doors', c.doors)
                                      order by c.doors desc, c.name)
                       from (select h.cadre_name as name, h.cadre_id as id, count(*)::int as doors from households h
                              where h.village_id = u.village_id and h.grid_id = u.id and h.cadre_name is not null
                              group by 1, 2) c), '[]') as cadres
      from grids u where u.village_id = ${villageId} order by u.name`.execute(db);
  return { groups, grids };
}

export type UnitKind = "group" | "grid";
const TABLES = { group: "groups", grid: "grids" } as const;
/** Where the two stand in a notice's audience, by their names (src/broadcast/broadcast.ts). */
const IN_AUDIENCE = { group: "groups", grid: "grids" } as const;

export async function findUnit(
  db: Db,
  villageId: VillageId,
  kind: UnitKind,
  by: { id: string } | { name: string },
): Promise<{ id: string; name: string } | undefined> {
  const wanted = "id" in by ? sql<boolean>`id = ${by.id}` : sql<boolean>`name = ${by.name}`;
  return await db
    .selectFrom(TABLES[kind])
    .select(["id", "name"])
    .where("village_id", "=", villageId)
    .where(wanted)
    .executeTakeFirst();
}

/** False if the village has one of this name. */
export async function insertUnit(tx: Tx, villageId: VillageId, kind: UnitKind, name: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto(TABLES[kind])
    .values({ id: newId() as never, village_id: villageId, name })
    .onConflict((oc) => oc.columns(["village_id", "name"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function renameUnit(
  tx: Tx,
  villageId: VillageId,
  kind: UnitKind,
  unit: { id: string; name: string },
  name: string,
): Promise<void> {
  await sql`update ${sql.table(TABLES[kind])} set name = ${name} where id = ${unit.id}`.execute(tx);
  await renameInAudiences(tx, villageId, kind, unit.name, name);
}

/** The doors go over to the other one, and the name is gone. */
export async function mergeUnit(
  tx: Tx,
  villageId: VillageId,
  kind: UnitKind,
  unit: { id: string; name: string },
  into: { id: string; name: string },
): Promise<void> {
  const column = sql.ref(kind === "group" ? "group_id" : "grid_id");
  await sql`update households set ${column} = ${into.id}
             where village_id = ${villageId} and ${column} = ${unit.id}`.execute(tx);
  await renameInAudiences(tx, villageId, kind, unit.name, into.name);
  await sql`delete from ${sql.table(TABLES[kind])} where id = ${unit.id}`.execute(tx);
}

const names = (kind: UnitKind, name: string) => sql<boolean>`(
  audience -> ${IN_AUDIENCE[kind]} ? ${name} or audience -> 'except' -> ${IN_AUDIENCE[kind]} ? ${name})`;
const NOT_LAUNCHED = sql`state in ('draft', 'returned', 'awaiting_approval', 'scheduled', 'held')`;

/** How many notices that somebody has signed, or is asked to sign, go by this name. */
export async function countWaiting(db: Db, villageId: VillageId, kind: UnitKind, name: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select (select count(*) from broadcasts
             where village_id = ${villageId} and state in ('awaiting_approval', 'scheduled', 'held')
               and ${names(kind, name)})::int
         + (select count(*) from schedules
             where village_id = ${villageId} and active and ${names(kind, name)})::int as n`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Notices that have not left name their groups: the same doors under another name. */
async function renameInAudiences(
  tx: Tx,
  villageId: VillageId,
  kind: UnitKind,
  before: string,
  after: string,
): Promise<void> {
  const where = IN_AUDIENCE[kind];
  for (const table of ["broadcasts", "schedules"] as const) {
    for (const path of [[where], ["except", where]]) {
      await sql`
        update ${sql.table(table)}
           set audience = jsonb_set(audience, ${path}::text[], (
             select jsonb_agg(distinct case x when ${before} then ${after}::text else x end)
               from jsonb_array_elements_text(audience #> ${path}::text[]) x))
         where village_id = ${villageId} and ${table === "broadcasts" ? NOT_LAUNCHED : sql`active`}
           and audience #> ${path}::text[] ? ${before}`.execute(tx);
    }
  }
}

/** All doors of a grid are this person's from now on; how many those are. */
export async function setGridCadre(
  tx: Tx,
  villageId: VillageId,
  gridId: string,
  cadre: { id: ActorId; name: string },
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("households")
    .set({ cadre_id: cadre.id, cadre_name: cadre.name })
    .where("village_id", "=", villageId)
    .where("grid_id", "=", gridId as GridId)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
