import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, VillageId } from "../lib/ids.ts";

/** `phone`: sealed. */
export type PublicPhone = { hash: Buffer; phone: Buffer; label: string };

export const readPublicPhones = (db: Db, villageId: VillageId): Promise<PublicPhone[]> =>
  db
    .selectFrom("public_phones")
    .select(["hash", "phone", "label"])
    .where("village_id", "=", villageId)
    .orderBy("added_at")
    .execute();

/** False if it is there already. */
export async function insertPublicPhone(
  tx: Tx,
  villageId: VillageId,
  { hash, phone, label }: PublicPhone,
  addedBy: ActorId,
  now: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("public_phones")
    .values({ village_id: villageId, hash, phone, label, added_by: addedBy, added_at: now })
    .onConflict((oc) => oc.columns(["village_id", "hash"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** False if it was not there. */
export async function deletePublicPhone(tx: Tx, villageId: VillageId, hash: Buffer): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("public_phones")
    .where("village_id", "=", villageId)
    .where("hash", "=", hash)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
