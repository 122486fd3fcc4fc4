import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, ChannelId, VillageId } from "../lib/ids.ts";

/** Approved broadcasts whose moment has come: their bell is rung again by the sweep. */
export async function dueBroadcasts(db: Db, now: Date): Promise<BroadcastId[]> {
  const rows = await db
    .selectFrom("broadcasts")
    .select("id")
    .where("state", "=", "scheduled")
    .where((eb) => eb.or([eb("send_at", "is", null), eb("send_at", "<=", now)]))
    .execute();
  return rows.map((row) => row.id);
}

/** Broadcasts of which nothing is pending or claimed any more become `sent`; unknowns may be left. */
export async function finishBroadcasts(
  tx: Tx,
  channelId: ChannelId | null,
  now: Date,
): Promise<{ id: BroadcastId; villageId: VillageId }[]> {
  const { rows } = await sql<{ id: BroadcastId; villageId: VillageId }>`
    update broadcasts b set state = 'sent', finished_at = ${now}
     where b.state = 'sending' and (${channelId}::uuid is null or b.channel_id = ${channelId}::uuid)
       and not exists (select from messages m where m.broadcast_id = b.id and m.queued and m.broadcast_id is not null)
       and not exists (select from claims c join messages m on m.id = any (c.message_ids)
                        where m.broadcast_id = b.id and m.state = 'claimed')
    returning b.id, b.village_id as "villageId"`.execute(tx);
  return rows;
}

/** What has not left yet never will. */
export async function cancelPending(tx: Tx, id: BroadcastId, now: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("messages")
    .set({ state: "canceled", reason: "canceled", state_at: now })
    .where("broadcast_id", "=", id)
    .where("queued", "=", true)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
