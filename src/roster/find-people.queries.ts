import type { Db } from "../db/connect.ts";
import { type HouseholdId, isUuid, type VillageId, type VillagerId } from "../lib/ids.ts";

export type FoundPerson = {
  id: VillagerId;
  name: string;
  householdId: HouseholdId;
  household: string;
  /** His own; a door's phone may be somebody else's. */
  phone: { hash: Buffer; sealed: Buffer } | null;
};

/** As many as fit a phone's screen; whoever sees more must type more. */
const MOST = 8;

const people = (db: Db, villageId: VillageId) =>
  db
    .selectFrom("villagers as v")
    .innerJoin("households as h", "h.id", "v.household_id")
    .leftJoin("phones as p", (join) =>
      join.onRef("p.village_id", "=", "v.village_id").onRef("p.hash", "=", "v.phone_hash"),
    )
    .select(["v.id", "v.name", "h.id as householdId", "h.number as household", "p.hash", "p.phone"])
    .where("v.village_id", "=", villageId)
    .where("v.left_at", "is", null);

/** People by a part of their name, or by the number of their door; whole matches first. */
export async function findPeople(db: Db, villageId: VillageId, words: string): Promise<FoundPerson[]> {
  const typed = words.trim();
  if (typed === "") return [];
  const part = `%${typed.replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await people(db, villageId)
    .where((eb) => eb.or([eb("v.name", "like", part), eb("h.number", "=", typed)]))
    .orderBy((eb) => eb.case().when("v.name", "=", typed).then(0).else(1).end())
    .orderBy("h.number")
    .orderBy("v.position")
    .orderBy("v.id")
    .limit(MOST)
    .execute();
  return rows.map(toPerson);
}

export async function findPerson(db: Db, villageId: VillageId, id: string): Promise<FoundPerson | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await people(db, villageId)
    .where("v.id", "=", id as VillagerId)
    .executeTakeFirst();
  return row && toPerson(row);
}

type Row = Omit<FoundPerson, "phone"> & { hash: Buffer | null; phone: Buffer | null };
const toPerson = ({ hash, phone, ...person }: Row): FoundPerson => ({
  ...person,
  phone: hash && phone ? { hash, sealed: phone } : null,
});

/** What must not stand in anything that everybody reads: the names and doors of a village. */
export async function listNamesAndDoors(db: Db, villageId: VillageId): Promise<{ names: string[]; doors: string[] }> {
  const [names, doors] = await Promise.all([
    db.selectFrom("villagers").select("name").distinct().where("village_id", "=", villageId).execute(),
    db.selectFrom("households").select("number").where("village_id", "=", villageId).execute(),
  ]);
  return { names: names.map((one) => one.name), doors: doors.map((one) => one.number) };
}

/** The names of a village's 村民小组, as a list to choose from. */
export const listGroups = async (db: Db, villageId: VillageId): Promise<string[]> => {
  const groups = await db
    .selectFrom("groups as g")
    .select("g.name")
    .where("g.village_id", "=", villageId)
    .where((eb) => eb.exists(eb.selectFrom("households as h").select("h.id").whereRef("h.group_id", "=", "g.id")))
    .orderBy("g.name")
    .execute();
  return groups.map((one) => one.name);
};
