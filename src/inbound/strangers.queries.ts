import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, InboundId, VillageId } from "../lib/ids.ts";

export type StrangersText = {
  id: InboundId;
  receivedAt: Date;
  fromHash: Buffer;
  fromPhone: Buffer;
  body: string;
  dismissedWhy: string | null;
};

const readTexts = (db: Db) =>
  db
    .selectFrom("inbound")
    .select([
      "id",
      "received_at as receivedAt",
      "from_hash as fromHash",
      "from_phone as fromPhone",
      "body",
      "dismissed_why as dismissedWhy",
    ])
    .where("registered", "=", false);

/** Texts of phones that no roster knows, newest first; the row-level policy says whose they are. */
export const listStrangers = (
  db: Db,
  list: { dismissed: boolean; limit: number; before: InboundId | null },
): Promise<StrangersText[]> =>
  readTexts(db)
    .where("dismissed_at", list.dismissed ? "is not" : "is", null)
    .$if(list.before !== null, (query) => query.where("id", "<", list.before as InboundId))
    .orderBy("id", "desc")
    .limit(list.limit)
    .execute();

/** One that still waits for a decision. */
export const takeStrangersText = (tx: Tx, id: InboundId): Promise<StrangersText | undefined> =>
  readTexts(tx).where("id", "=", id).where("dismissed_at", "is", null).forUpdate().executeTakeFirst();

/** All of a phone's texts that this actor may see wait to be understood as this village's. The first of them. */
export async function replayTexts(
  tx: Tx,
  fromHash: Buffer,
  villageId: VillageId,
  now: Date,
): Promise<InboundId | undefined> {
  const rows = await tx
    .selectFrom("inbound")
    .select("id")
    .where("from_hash", "=", fromHash)
    .where("registered", "=", false)
    .where("dismissed_at", "is", null)
    .where("understood_at", "is not", null)
    .where((eb) => eb.or([eb("village_id", "is", null), eb("village_id", "=", villageId)]))
    .orderBy("id")
    .execute();
  const ids = rows.map((row) => row.id);
  await sql`select replay_texts(${ids}::uuid[], ${villageId}, null, ${now})`.execute(tx);
  return ids[0];
}

/** A person's word that a phone is nobody's here: its texts so far leave the list, and can still be read. */
export async function dismissTexts(tx: Tx, fromHash: Buffer, by: ActorId, why: string, now: Date): Promise<void> {
  await tx
    .updateTable("inbound")
    .set({ dismissed_at: now, dismissed_by: by, dismissed_why: why })
    .where("from_hash", "=", fromHash)
    .where("registered", "=", false)
    .where("dismissed_at", "is", null)
    .execute();
}
