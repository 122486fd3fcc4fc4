import { sql } from "kysely";
import type { Db, Tx } from "../../db/connect.ts";
import type { BroadcastId, InboundId } from "../../lib/ids.ts";
import type { PollResult } from "./poll.ts";

export type Vote = { broadcastId: BroadcastId; phoneHash: Buffer; option: number; inboundId: InboundId };

/**
 * One vote a phone, the last counts: the one that came last, whatever order they are understood in. The village is the
 * poll's own, which need not be the one that the phone belongs to.
 */
export async function storeVote(tx: Tx, vote: Vote, at: Date): Promise<void> {
  await sql`
    insert into poll_votes as v (broadcast_id, phone_hash, village_id, option, inbound_id, at)
    select b.id, ${vote.phoneHash}, b.village_id, ${vote.option}, ${vote.inboundId}, ${at}
      from broadcasts b where b.id = ${vote.broadcastId} and b.kind = 'poll' and ${vote.option} <= cardinality(b.options)
    on conflict (broadcast_id, phone_hash) do update
      set option = excluded.option, inbound_id = excluded.inbound_id, at = excluded.at
      where excluded.at >= v.at`.execute(tx);
}

/** Polls that have closed with texts of theirs still waiting to leave. */
export async function pollsClosedUnsent(db: Db, now: Date): Promise<BroadcastId[]> {
  const { rows } = await sql<{ id: BroadcastId }>`
    select b.id from broadcasts b
     where b.state in ('sending', 'paused') and b.kind = 'poll' and b.closes_at <= ${now}
       and exists (select from messages m where m.broadcast_id = b.id and m.queued and m.broadcast_id is not null)`.execute(
    db,
  );
  return rows.map((row) => row.id);
}

/** Every option with its votes, in the order in which they were asked; null for a broadcast that is no poll. */
export async function countVotes(db: Db, id: BroadcastId): Promise<PollResult[] | null> {
  const { rows } = await sql<PollResult>`
    select o.option, count(v.phone_hash)::int as votes
      from broadcasts b cross join lateral unnest(b.options) with ordinality o (option, nth)
      left join poll_votes v on v.broadcast_id = b.id and v.option = o.nth
     where b.id = ${id} and b.kind = 'poll'
     group by o.nth, o.option order by o.nth`.execute(db);
  return rows.length === 0 ? null : rows;
}
