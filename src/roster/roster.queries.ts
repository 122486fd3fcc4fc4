import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { HouseholdId, VillageId, VillagerId } from "../lib/ids.ts";

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
  wish: { group?: string; grid?: string; tag?: string; limit: number; after: VillagerId | null },
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
    .where("v.left_at", "is", null)
    .$if(wish.after !== null, (query) => query.where("v.id", ">", wish.after as VillagerId))
    .$if(wish.group !== undefined, (query) => query.where("g.name", "=", wish.group as string))
    .$if(wish.grid !== undefined, (query) => query.where("n.name", "=", wish.grid as string))
    .$if(wish.tag !== undefined, (query) => query.where(sql<boolean>`v.tags @> array[${wish.tag}]`))
    .orderBy("v.id")
    .limit(wish.limit)
    .execute();
}

/** How many doors and people a village has, and how many doors a text reaches: a good number, not opted out. */
export type RosterCounts = { households: number; villagers: number; reachable: number };
export async function countRoster(db: Db, villageId: VillageId): Promise<RosterCounts> {
  const { rows } = await sql<RosterCounts>`
    select here.households, coalesce(here.villagers, 0) as villagers,
           (select count(*) from households h
             where h.village_id = ${villageId} and h.contact_hash is not null
               and not exists (select from phones p where p.village_id = h.village_id and p.hash = h.contact_hash
                                  and p.problem is not null)
               and not exists (select from opt_outs o
                                where o.village_id = h.village_id and o.phone_hash = h.contact_hash
                                  and o.column_id is null and o.ended_at is null))::int as reachable
      from (select count(*)::int as households, sum(d.people)::int as villagers
              from (select count(*) as people from villagers
                     where village_id = ${villageId} and left_at is null group by household_id) d) here`.execute(db);
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
                          order by v.left_at is not null, v.position, v.id limit 1) v on true
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
    .where("left_at", "is", null)
    .orderBy("position")
    .orderBy("id")
    .execute();
  for (const { household_id, name, tags } of rows)
    people.set(household_id, [...(people.get(household_id) ?? []), { name, tags }]);
  return people;
}
