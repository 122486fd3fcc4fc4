import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, DisclosureId, VillageId } from "../lib/ids.ts";
import type { PhotoType } from "./clean-photo.ts";

export type Photo = { type: PhotoType; bytes: Buffer; public: boolean };

export const findPhoto = (db: Db, villageId: VillageId, id: DisclosureId): Promise<Photo | undefined> =>
  db
    .selectFrom("disclosure_photos")
    .select(["type", "bytes", "public"])
    .where("disclosure_id", "=", id)
    .where("village_id", "=", villageId)
    .executeTakeFirst();

type NewPhoto = { id: DisclosureId; villageId: VillageId; type: PhotoType; bytes: Buffer; by: ActorId };

/** One photo for each publication: a new one takes the old one's place, and somebody must say again that it is public. */
export async function putPhoto(tx: Tx, photo: NewPhoto, now: Date): Promise<void> {
  const row = { type: photo.type, bytes: photo.bytes, public: false, added_by: photo.by, added_at: now };
  await tx
    .insertInto("disclosure_photos")
    .values({ disclosure_id: photo.id, village_id: photo.villageId, ...row })
    .onConflict((oc) => oc.column("disclosure_id").doUpdateSet(row))
    .execute();
}

/** False where there is no photo. */
export async function setPublic(tx: Tx, villageId: VillageId, id: DisclosureId, open: boolean): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("disclosure_photos")
    .set({ public: open })
    .where("disclosure_id", "=", id)
    .where("village_id", "=", villageId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function deletePhoto(tx: Tx, villageId: VillageId, id: DisclosureId): Promise<void> {
  await tx
    .deleteFrom("disclosure_photos")
    .where("disclosure_id", "=", id)
    .where("village_id", "=", villageId)
    .execute();
}
