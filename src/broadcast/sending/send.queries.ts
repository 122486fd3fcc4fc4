import { sql } from "kysely";
import type { Db, Tx } from "../../db/connect.ts";
import type { BroadcastId, ChannelId, VillageId } from "../../lib/ids.ts";

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
  await settleSegments(
    tx,
    rows.map((row) => row.id),
  );
  return rows;
}

/**
 * Broadcasts that ended while a text of theirs was in doubt, which then turned out not to have left: a worker that had
 * been away says so late. They go on, or the text would wait for ever; one that was canceled takes its text along. One
 * index probe per broadcast with texts waiting.
 */
export async function reopenBroadcasts(tx: Tx): Promise<BroadcastId[]> {
  const { rows } = await sql<{ id: BroadcastId }>`
    with recursive waiting (broadcast_id) as (
      (select broadcast_id from messages where queued and broadcast_id is not null order by broadcast_id limit 1)
      union all
      select next.broadcast_id from waiting w cross join lateral (
        select m.broadcast_id from messages m
         where m.queued and m.broadcast_id is not null and m.broadcast_id > w.broadcast_id
         order by m.broadcast_id limit 1) next
    ), taken_along as (
      update messages m set state = 'canceled', reason = 'canceled', state_at = clock_timestamp()
        from waiting w join broadcasts b on b.id = w.broadcast_id
       where m.broadcast_id = b.id and b.state = 'canceled' and m.queued
    )
    update broadcasts b set state = 'sending', finished_at = null
      from waiting w where b.id = w.broadcast_id and b.state = 'sent'
    returning b.id`.execute(tx);
  return rows.map((row) => row.id);
}

/**
 * Gives back to the month what was reserved at the launch and never left: suppressed by an opt-out in between, or
 * canceled. What a carrier refused stays counted, as it may be on the bill. Counts anew each time, so it may run often.
 */
export async function settleSegments(tx: Tx, ids: readonly BroadcastId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    with unspent as (
      select b.id, b.village_id, b.budget_month, b.reserved_segments - coalesce((
               select sum(m.segments) from messages m
                where m.broadcast_id = b.id and m.state not in ('suppressed', 'canceled')), 0) as segments
        from broadcasts b where b.id = any (${ids}::uuid[]) and b.budget_month is not null
    ), noted as (
      update broadcasts b set reserved_segments = b.reserved_segments - u.segments
        from unspent u where u.id = b.id and u.segments <> 0
    )
    update segment_months m set used = m.used - u.segments
      from (select village_id, budget_month, sum(segments) as segments from unspent group by 1, 2) u
     where m.village_id = u.village_id and m.month = u.budget_month and u.segments <> 0`.execute(tx);
}

/** What has not left yet never will: somebody canceled it, or the poll has closed. */
export async function cancelPending(
  tx: Tx,
  id: BroadcastId,
  reason: "canceled" | "closed",
  now: Date,
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("messages")
    .set({ state: "canceled", reason, state_at: now })
    .where("broadcast_id", "=", id)
    .where("queued", "=", true)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
