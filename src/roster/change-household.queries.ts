import { sql } from "kysely";
import type { Tx } from "../db/connect.ts";
import {
  type ActorId,
  type GridId,
  type GroupId,
  type HouseholdId,
  newId,
  type VillageId,
  type VillagerId,
} from "../lib/ids.ts";
import { insertPhones } from "./import.queries.ts";
import type { LeftReason } from "./left.ts";

export type Phone = { hash: Buffer; sealed: Buffer };

/** Writes a number down as good: somebody who knows has just given it. What a carrier refuses stays refused. */
export async function takePhone(tx: Tx, villageId: VillageId, phone: Phone, now: Date): Promise<void> {
  await insertPhones(tx, villageId, [phone], now);
  await clearProblem(tx, villageId, phone.hash, ["invalid", "wrong_person"]);
}

/** The number is tried again: what was heard of it before no longer counts (src/roster/standing.queries.ts). */
export async function clearProblem(
  tx: Tx,
  villageId: VillageId,
  hash: Buffer,
  problems: readonly ("invalid" | "wrong_person" | "blocked")[],
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("phones")
    .set({ problem: null, problem_at: sql`clock_timestamp()` })
    .where("village_id", "=", villageId)
    .where("hash", "=", hash)
    .where("problem", "in", [...problems])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** False where the door has somebody of this name, present or not. */
export async function insertResident(
  tx: Tx,
  at: { villageId: VillageId; householdId: HouseholdId },
  person: { name: string; tags: readonly string[]; phoneHash: Buffer | null },
  now: Date,
): Promise<VillagerId | null> {
  const id = newId<VillagerId>(now.getTime());
  const { rows } = await sql`
    insert into villagers (id, village_id, household_id, name, tags, phone_hash, position, created_at)
    select ${id}, ${at.villageId}, ${at.householdId}, ${person.name}, ${[...person.tags]}::text[], ${person.phoneHash},
           coalesce(max(position) + 1, 0), ${now}
      from villagers where household_id = ${at.householdId}
    on conflict (household_id, name) do nothing returning id`.execute(tx);
  return rows.length > 0 ? id : null;
}

export async function updateResident(
  tx: Tx,
  id: VillagerId,
  change: {
    name?: string;
    tags?: string[];
    phone_hash?: Buffer | null;
    left_at?: Date | null;
    left_reason?: LeftReason | null;
    merged_into?: VillagerId | null;
    erased_at?: Date;
  },
): Promise<void> {
  await tx.updateTable("villagers").set(change).where("id", "=", id).execute();
}

/**
 * The phone that texts to a door go to: the one that staff chose while somebody of the door still has it, else its first
 * person's. `moved`: a number that was replaced, so that a choice follows it.
 */
export async function settleContact(
  tx: Tx,
  householdId: HouseholdId,
  moved: { from: Buffer; to: Buffer } | null = null,
): Promise<void> {
  if (moved) {
    await tx
      .updateTable("households")
      .set({ contact_hash: moved.to })
      .where("id", "=", householdId)
      .where("contact_hash", "=", moved.from)
      .where("contact_by_hand", "=", true)
      .execute();
  }
  await sql`
    update households h set contact_hash = n.hash, contact_by_hand = n.chosen
      from (select h.id, c.chosen, case when c.chosen then h.contact_hash else f.phone_hash end as hash
              from households h
              cross join lateral (select h.contact_by_hand and exists (
                select from villagers v where v.household_id = h.id and v.left_at is null
                                          and v.phone_hash = h.contact_hash) as chosen) c
              left join lateral (
                select v.phone_hash from villagers v
                 where v.household_id = h.id and v.left_at is null and v.phone_hash is not null
                 order by v.position, v.id limit 1) f on true
             where h.id = ${householdId}) n
     where h.id = n.id`.execute(tx);
}

export const setContact = (tx: Tx, householdId: HouseholdId, hash: Buffer) =>
  tx
    .updateTable("households")
    .set({ contact_hash: hash, contact_by_hand: true })
    .where("id", "=", householdId)
    .execute();

export type DoorValues = {
  number: string;
  groupId: GroupId | null;
  gridId: GridId | null;
  cadreId: ActorId | null;
  cadreName: string | null;
  note: string;
};

const columnsOf = (door: DoorValues) => ({
  number: door.number,
  group_id: door.groupId,
  grid_id: door.gridId,
  cadre_id: door.cadreId,
  cadre_name: door.cadreName,
  note: door.note,
});

export const updateDoor = (tx: Tx, id: HouseholdId, door: DoorValues) =>
  tx.updateTable("households").set(columnsOf(door)).where("id", "=", id).execute();

/** Null where the village has this number. */
export async function insertDoor(
  tx: Tx,
  villageId: VillageId,
  door: DoorValues,
  now: Date,
): Promise<HouseholdId | null> {
  const id = newId<HouseholdId>(now.getTime());
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("households")
    .values({ ...columnsOf(door), id, village_id: villageId, contact_hash: null, created_at: now })
    .onConflict((oc) => oc.columns(["village_id", "number"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n ? id : null;
}

export async function findDoorNumbered(tx: Tx, villageId: VillageId, number: string): Promise<HouseholdId | undefined> {
  const row = await tx
    .selectFrom("households")
    .select("id")
    .where("village_id", "=", villageId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row?.id;
}
