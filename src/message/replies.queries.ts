import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import { after, DAY, HOUR } from "../lib/clock.ts";
import type { VillageId } from "../lib/ids.ts";
import { AUTOMATIC, type SentTo } from "./reply-limits.ts";

/**
 * What we wrote to a phone by ourselves in the last hour and day. Sealed texts are left out: village staff must not be
 * able to tell from a missing reply that there were any.
 */
export async function countAutomatic(db: Db, phoneHash: Buffer, now: Date): Promise<SentTo[]> {
  const { rows } = await sql<SentTo>`
    select purpose, count(*) filter (where created_at > ${after(now, -HOUR)})::int as hour, count(*)::int as day
      from messages
     where phone_hash = ${phoneHash} and id >= uuid_floor(${after(now, -DAY)}::timestamptz)
       and created_at > ${after(now, -DAY)} and broadcast_id is null and not sealed
       and purpose = any (${[...AUTOMATIC]}::text[])
     group by purpose`.execute(db);
  return rows;
}

/** What a broadcast still wants to send to a phone that turned out to be somebody else's stays where it is. */
export async function suppressQueued(tx: Tx, villageId: VillageId, phoneHash: Buffer, now: Date): Promise<void> {
  await tx
    .updateTable("messages")
    .set({ state: "suppressed", reason: "bad_number", once_key: null, state_at: now })
    .where("phone_hash", "=", phoneHash)
    .where("village_id", "=", villageId)
    .where("broadcast_id", "is not", null)
    .where("state", "=", "pending")
    .execute();
}
