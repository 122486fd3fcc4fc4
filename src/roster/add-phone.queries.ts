import type { Db, Tx } from "../db/connect.ts";
import { type HouseholdId, newId, type VillageId, type VillagerId } from "../lib/ids.ts";
import { insertPhones, upsertHouseholds } from "./import.queries.ts";

export type NamedVillager = { id: VillagerId; phoneHash: Buffer | null };

export const findVillagerAt = (db: Db, householdId: HouseholdId, name: string): Promise<NamedVillager | undefined> =>
  db
    .selectFrom("villagers")
    .select(["id", "phone_hash as phoneHash"])
    .where("household_id", "=", householdId)
    .where("name", "=", name)
    .executeTakeFirst();

/** The door of this number, made if the roster has none. */
export async function ensureDoor(tx: Tx, villageId: VillageId, number: string, now: Date): Promise<HouseholdId> {
  const fresh = { id: newId<HouseholdId>(now.getTime()), number };
  const nothing = { groupId: null, gridId: null, cadreName: null, cadreId: null };
  const doors = await upsertHouseholds(tx, villageId, [{ ...fresh, ...nothing }], now);
  return doors.get(number) ?? fresh.id;
}

/** Gives a person of a door his phone; a door without a contact is texted there from now on. */
export async function givePhone(
  tx: Tx,
  at: { villageId: VillageId; householdId: HouseholdId; name: string; known: VillagerId | null },
  phone: { hash: Buffer; sealed: Buffer },
  now: Date,
): Promise<void> {
  await insertPhones(tx, at.villageId, [phone], now);
  // Whoever had left and writes from here is back.
  const back = { phone_hash: phone.hash, left_at: null, left_reason: null };
  if (at.known) await tx.updateTable("villagers").set(back).where("id", "=", at.known).execute();
  else await insertPerson(tx, at, phone.hash, now);
  await tx
    .updateTable("households")
    .set({ contact_hash: phone.hash })
    .where("id", "=", at.householdId)
    .where("contact_hash", "is", null)
    .execute();
}

async function insertPerson(
  tx: Tx,
  { villageId, householdId, name }: { villageId: VillageId; householdId: HouseholdId; name: string },
  hash: Buffer,
  now: Date,
): Promise<void> {
  const { n } = await tx
    .selectFrom("villagers")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("household_id", "=", householdId)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("villagers")
    .values({
      id: newId<VillagerId>(now.getTime()),
      village_id: villageId,
      household_id: householdId,
      name,
      phone_hash: hash,
      position: Number(n),
      created_at: now,
    })
    .execute();
}
