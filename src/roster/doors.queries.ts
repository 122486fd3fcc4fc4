import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { HouseholdId, VillageId } from "../lib/ids.ts";
import { type DoorStanding, reachOf, standingOf } from "./standing.queries.ts";
import type { DoorTrouble, Standing } from "./standing.ts";

export type ListedDoor = DoorStanding & {
  id: HouseholdId;
  number: string;
  group: string | null;
  grid: string | null;
  cadre: string | null;
  people: number;
  phone: Buffer | null;
  problem: "invalid" | "blocked" | "wrong_person" | null;
  /** Columns that its contact phone does not want. */
  declined: string[];
};

/** Which doors; null: whatever it is. A door that everybody has left is no door. */
export type DoorFilter = {
  /** A part of a name or of a door's number; `also` are doors that have it in a way that no column says. */
  words: { part: string; also: readonly HouseholdId[] } | null;
  group: string | null;
  grid: string | null;
  cadre: string | null;
  tag: string | null;
  standing: Standing | "not_reached" | null;
  trouble: DoorTrouble | null;
};

export const ALL_DOORS: DoorFilter = {
  ...{ words: null, group: null, grid: null, cadre: null, tag: null, standing: null, trouble: null },
};

/** The word for doors without a group, grid or cadre in a filter. */
export const NONE = "-";

function conditionsOf(villageId: VillageId, filter: DoorFilter) {
  const found = [
    sql`h.village_id = ${villageId}`,
    sql`exists (select from villagers v where v.household_id = h.id and v.left_at is null)`,
  ];
  const named = (column: "g.name" | "n.name" | "h.cadre_name", value: string) =>
    value === NONE ? sql`${sql.ref(column)} is null` : sql`${sql.ref(column)} = ${value}`;
  if (filter.group !== null) found.push(named("g.name", filter.group));
  if (filter.grid !== null) found.push(named("n.name", filter.grid));
  if (filter.cadre !== null) found.push(named("h.cadre_name", filter.cadre));
  if (filter.words !== null) {
    const part = `%${filter.words.part.replace(/[\\%_]/g, "\\$&")}%`;
    found.push(sql`(h.number like ${part} or h.id = any (${[...filter.words.also]}::uuid[]) or h.id in (
      select v.household_id from villagers v
       where v.village_id = ${villageId} and v.left_at is null and v.name like ${part}))`);
  }
  if (filter.tag !== null) {
    found.push(sql`exists (select from villagers v
      where v.household_id = h.id and v.left_at is null and v.tags @> array[${filter.tag}])`);
  }
  if (filter.trouble !== null) {
    found.push(isMarked(filter.trouble) ? sql`p.problem = ${filter.trouble}` : sql`s.trouble = ${filter.trouble}`);
  }
  if (filter.standing === "not_reached") found.push(sql`s.standing = 'reachable' and not s.reached`);
  else if (filter.standing !== null) found.push(sql`s.standing = ${filter.standing}`);
  return sql.join(found, sql` and `);
}

/** What a mark on the phone says, whatever the carrier says: no text needs to be looked at. */
const isMarked = (trouble: DoorTrouble | null): boolean => trouble === "wrong_person" || trouble === "blocked";

const DOORS = sql`
  from households h
  left join groups g on g.id = h.group_id
  left join grids n on n.id = h.grid_id
  left join phones p on p.village_id = h.village_id and p.hash = h.contact_hash`;

/** The doors that a filter asks for. A door's standing costs a look at its last texts: only where it is asked for. */
function matching(villageId: VillageId, now: Date, filter: DoorFilter): RawBuilder<unknown> {
  const standing =
    filter.trouble !== null && !isMarked(filter.trouble)
      ? sql`cross join ${standingOf(now)} s`
      : filter.standing !== null
        ? sql`cross join ${reachOf(now)} s`
        : sql``;
  return sql`${DOORS} ${standing} where ${conditionsOf(villageId, filter)}`;
}

/** All that a list shows of these doors, in the order of their numbers. */
async function describe(db: Db, now: Date, ids: RawBuilder<unknown>): Promise<ListedDoor[]> {
  const { rows } = await sql<ListedDoor>`
    select h.id, h.number, g.name as group, n.name as grid, h.cadre_name as cadre, p.phone, p.problem,
           s.standing, s.trouble, s.since, s.reached,
           (select count(*)::int from villagers v where v.household_id = h.id and v.left_at is null) as people,
           array(select c.name from opt_outs o join columns c on c.id = o.column_id
                  where o.village_id = h.village_id and o.phone_hash = h.contact_hash and o.ended_at is null
                  order by c.position) as declined
    ${DOORS} cross join ${standingOf(now)} s where h.id = any (${ids}) order by h.number`.execute(db);
  return rows;
}

type DoorPage = { filter?: DoorFilter; limit: number; after: string | null };

/** Doors in the order of their numbers; `after` is the last number of the page before. */
export const listDoors = (db: Db, villageId: VillageId, now: Date, page: DoorPage): Promise<ListedDoor[]> =>
  describe(
    db,
    now,
    sql`array(select h.id ${matching(villageId, now, page.filter ?? ALL_DOORS)} and h.number > ${page.after ?? ""}
               order by h.number limit ${page.limit})`,
  );

/** The same, and how many there are on all pages: found in one go, because every door must be looked at. */
export async function findDoors(
  db: Db,
  villageId: VillageId,
  now: Date,
  { filter, limit, after }: DoorPage & { filter: DoorFilter },
): Promise<{ found: number; doors: ListedDoor[] }> {
  const { rows } = await sql<{ found: number; ids: HouseholdId[] }>`
    with found as materialized (select h.id, h.number ${matching(villageId, now, filter)})
    select (select count(*)::int from found) as found,
           array(select id from found where number > ${after ?? ""} order by number limit ${limit}) as ids`.execute(db);
  const [{ found, ids } = { found: 0, ids: [] }] = rows;
  return { found, doors: await describe(db, now, sql`${ids}::uuid[]`) };
}

export async function countDoors(db: Db, villageId: VillageId, now: Date, filter: DoorFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n ${matching(villageId, now, filter)}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The doors of whoever has this phone. */
export const findDoorsByPhone = async (db: Db, villageId: VillageId, hash: Buffer): Promise<HouseholdId[]> =>
  (
    await db
      .selectFrom("villagers")
      .select("household_id as id")
      .distinct()
      .where("village_id", "=", villageId)
      .where("phone_hash", "=", hash)
      .where("left_at", "is", null)
      .execute()
  ).map((row) => row.id);

/** People and their sealed phones, for looking at them one by one; as many as `limit`. */
export const listSealed = (db: Db, villageId: VillageId, limit: number) =>
  db
    .selectFrom("villagers as v")
    .innerJoin("phones as p", (join) =>
      join.onRef("p.village_id", "=", "v.village_id").onRef("p.hash", "=", "v.phone_hash"),
    )
    .select(["v.household_id as householdId", "p.phone"])
    .where("v.village_id", "=", villageId)
    .where("v.left_at", "is", null)
    .limit(limit)
    .execute();

export const listNames = (db: Db, villageId: VillageId) =>
  db
    .selectFrom("villagers")
    .select(["household_id as householdId", "name"])
    .where("village_id", "=", villageId)
    .where("left_at", "is", null)
    .execute();

/** What people can be told apart by in a village: for the lists to choose from. */
export type Traits = { groups: string[]; grids: string[]; cadres: string[]; tags: string[] };
export async function listTraits(db: Db, villageId: VillageId): Promise<Traits> {
  const { rows } = await sql<Traits>`
    select array(select name from groups where village_id = ${villageId} order by name) as groups,
           array(select name from grids where village_id = ${villageId} order by name) as grids,
           array(select distinct cadre_name from households
                  where village_id = ${villageId} and cadre_name is not null order by 1) as cadres,
           array(select distinct t from villagers v, unnest(v.tags) t
                  where v.village_id = ${villageId} and v.left_at is null and v.tags <> '{}' order by 1) as tags`.execute(
    db,
  );
  return rows[0] ?? { groups: [], grids: [], cadres: [], tags: [] };
}
