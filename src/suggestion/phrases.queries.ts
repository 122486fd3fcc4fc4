import type { Db, Tx } from "../db/connect.ts";
import { newId, type PhraseId, type VillageId } from "../lib/ids.ts";

export type Phrase = { id: PhraseId; text: string };

/** Oldest first: the hand learns where they are. */
export const listPhrases = (db: Db, villageId: VillageId): Promise<Phrase[]> =>
  db.selectFrom("phrases").select(["id", "text"]).where("village_id", "=", villageId).orderBy("id").execute();

/** False if the village has it already. */
export async function insertPhrase(tx: Tx, villageId: VillageId, text: string, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("phrases")
    .values({ id: newId<PhraseId>(now.getTime()), village_id: villageId, text, created_at: now })
    .onConflict((oc) => oc.columns(["village_id", "text"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** False if it is gone already. */
export async function deletePhrase(tx: Tx, villageId: VillageId, id: PhraseId): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("phrases")
    .where("village_id", "=", villageId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
