import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, VillageId } from "../lib/ids.ts";

/** Somebody who works for the village, and what of him is on its public page. `phone` was given for it, not taken from his account. */
export type Contact = {
  id: ActorId;
  name: string;
  active: boolean;
  post: string;
  duty: string;
  phone: string;
  shown: boolean;
};

export async function listContacts(db: Db, villageId: VillageId): Promise<Contact[]> {
  const rows = await db
    .selectFrom("actors as a")
    .innerJoin("staff as s", "s.id", "a.id")
    .leftJoin("public_contacts as c", "c.actor_id", "a.id")
    .select(["a.id", "a.name", "a.active", "s.post as usual", "c.post", "c.duty", "c.phone", "c.shown"])
    .where("a.village_id", "=", villageId)
    .where("a.active", "=", true)
    .orderBy("a.created_at")
    .execute();
  return rows.map(({ usual, ...row }) => ({
    ...row,
    post: row.post ?? usual,
    duty: row.duty ?? "",
    phone: row.phone ?? "",
    shown: row.shown ?? false,
  }));
}

export type ContactWords = Pick<Contact, "post" | "duty" | "phone" | "shown">;

export async function putContact(
  tx: Tx,
  contact: ContactWords & { id: ActorId; villageId: VillageId; by: ActorId },
  now: Date,
): Promise<void> {
  const { id, villageId, by, ...words } = contact;
  const row = { ...words, changed_by: by, changed_at: now };
  await tx
    .insertInto("public_contacts")
    .values({ actor_id: id, village_id: villageId, ...row })
    .onConflict((oc) => oc.column("actor_id").doUpdateSet(row))
    .execute();
}

/** The sealed numbers of the village's own staff: they stand on the plates by the doors (公示牌). */
export const listStaffPhones = async (db: Db, villageId: VillageId): Promise<Buffer[]> =>
  (
    await db
      .selectFrom("actors as a")
      .innerJoin("staff as f", "f.id", "a.id")
      .select("f.phone")
      .where("a.village_id", "=", villageId)
      .where("a.active", "=", true)
      .where("f.phone", "is not", null)
      .execute()
  ).flatMap(({ phone }) => (phone === null ? [] : [phone]));
