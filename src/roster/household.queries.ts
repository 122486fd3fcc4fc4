import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, GridId, GroupId, HouseholdId, VillageId, VillagerId } from "../lib/ids.ts";
import type { LeftReason } from "./left.ts";
import { type DoorStanding, standingOf } from "./standing.queries.ts";

export type Household = DoorStanding & {
  id: HouseholdId;
  number: string;
  groupId: GroupId | null;
  gridId: GridId | null;
  group: string | null;
  grid: string | null;
  cadreId: ActorId | null;
  cadre: string | null;
  note: string;
  contactHash: Buffer | null;
  contactByHand: boolean;
  problem: "invalid" | "blocked" | "wrong_person" | null;
};

/** Undefined also for a door that this actor may not see. */
export async function findHousehold(
  db: Db,
  villageId: VillageId,
  id: HouseholdId,
  now: Date,
): Promise<Household | undefined> {
  const { rows } = await sql<Household>`
    select h.id, h.number, h.group_id as "groupId", h.grid_id as "gridId", g.name as group, n.name as grid,
           h.cadre_id as "cadreId", h.cadre_name as cadre, h.note, h.contact_hash as "contactHash",
           h.contact_by_hand as "contactByHand", p.problem, s.standing, s.trouble, s.since, s.reached
      from households h
      left join groups g on g.id = h.group_id
      left join grids n on n.id = h.grid_id
      left join phones p on p.village_id = h.village_id and p.hash = h.contact_hash
      cross join ${standingOf(now)} s
     where h.village_id = ${villageId} and h.id = ${id}`.execute(db);
  return rows[0];
}

export type Resident = {
  id: VillagerId;
  name: string;
  tags: string[];
  hash: Buffer | null;
  phone: Buffer | null;
  /** When his number came onto the roster. */
  phoneSince: Date | null;
  position: number;
  leftAt: Date | null;
  leftReason: LeftReason | null;
  /** Where the row is that stands for him now. */
  mergedInto: VillagerId | null;
  mergedDoor: string | null;
  erasedAt: Date | null;
};

/** Everybody of a door, those who left last. */
export async function listResidents(db: Db, householdId: HouseholdId): Promise<Resident[]> {
  const { rows } = await sql<Resident>`
    select v.id, v.name, v.tags, v.phone_hash as hash, p.phone, p.created_at as "phoneSince", v.position, v.left_at as "leftAt",
           v.left_reason as "leftReason", v.merged_into as "mergedInto", k.number as "mergedDoor",
           v.erased_at as "erasedAt"
      from villagers v
      left join phones p on p.village_id = v.village_id and p.hash = v.phone_hash
      left join villagers o on o.id = v.merged_into
      left join households k on k.id = o.household_id
     where v.household_id = ${householdId}
     order by v.left_at is not null, v.position, v.id`.execute(db);
  return rows;
}

/** Other doors that a text to this phone stands for, or whose people have it. */
export async function listSharers(
  db: Db,
  villageId: VillageId,
  except: HouseholdId,
  hashes: readonly Buffer[],
): Promise<{ id: HouseholdId; number: string; hash: Buffer; names: string[] }[]> {
  if (hashes.length === 0) return [];
  const { rows } = await sql<{ id: HouseholdId; number: string; hash: Buffer; names: string[] }>`
    select h.id, h.number, v.phone_hash as hash, array_agg(v.name order by v.position, v.id) as names
      from villagers v join households h on h.id = v.household_id
     where v.village_id = ${villageId} and v.phone_hash = any (${[...hashes]}::bytea[]) and v.left_at is null
       and h.id <> ${except}
     group by h.id, h.number, v.phone_hash order by h.number`.execute(db);
  return rows;
}

/** The door itself and those whose people were found to be people of this one: what came to them belongs here too. */
export async function listMergedDoors(db: Db, id: HouseholdId): Promise<HouseholdId[]> {
  const { rows } = await sql<{ id: HouseholdId }>`
    with recursive same as (
      select v.id, v.household_id from villagers v where v.household_id = ${id}
      union select d.id, d.household_id from same s join villagers d on d.merged_into = s.id
    ) select distinct household_id as id from same`.execute(db);
  return [id, ...rows.map((row) => row.id).filter((one) => one !== id)];
}

/** Keeps others from changing a door's people and phones at the same time; false if it is not there. */
export async function lockHousehold(tx: Tx, villageId: VillageId, id: HouseholdId): Promise<boolean> {
  const row = await tx
    .selectFrom("households")
    .select("id")
    .where("village_id", "=", villageId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
