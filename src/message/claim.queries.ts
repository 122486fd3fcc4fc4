import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { BroadcastId, ChannelId, ClaimId, MessageId, VillageId } from "../lib/ids.ts";
import { type Begun, expireClaims } from "./record.queries.ts";

/**
 * Taking a chunk of work. Pacing is GCRA, in segments per second, global per channel: `channels.next_free` is when the
 * next text may leave. Under that row's lock one statement picks the lane, the village whose turn it is and its
 * messages, and moves `next_free` on by what they cost. A chunk reserves at most HORIZON ahead, so no lane ever waits
 * longer than that for somebody else's sending, and no window of length L sees more than rate × L plus the burst of
 * one message or HORIZON, whichever is more. Clock: the database's; only sending hours read the injected one.
 */
const HORIZON_MS = 250;
const MAX_MESSAGES = 500;
/** A text whose turn comes this soon may be claimed and begun in one commit: it is called before another could be. */
const AT_ONCE_MS = 20;

export type ClaimedMessage = {
  id: MessageId;
  villageId: VillageId;
  broadcastId: BroadcastId | null;
  phone: Buffer;
  body: string;
  segments: number;
  sealed: boolean;
  /** Milliseconds after the claim at which this text's turn comes. */
  dueInMs: number;
  /** Its call was begun with the claim; else it has to be before it is called. */
  begun: Begun | null;
};

export type Claim =
  | { kind: "chunk"; sender: string; messages: ClaimedMessage[]; full: boolean }
  /** There may be work, but none may leave before this. */
  | { kind: "wait"; ms: number }
  /** Some were suppressed and none claimed: look again at once. */
  | { kind: "again" }
  | { kind: "nothing" };

export type ClaimRequest = {
  id: ClaimId;
  channelId: ChannelId;
  worker: string;
  leaseMs: number;
  now: Date;
  /** How many texts at most, and for how many of them, if their turn has come, the call begins with the claim. */
  max: number;
  begin: number;
};

export function claimChunk(db: Db, request: ClaimRequest): Promise<Claim> {
  return db.transaction().execute(async (tx): Promise<Claim> => {
    const channel = await sql<{ rate: number; sender: string; at: Date; ahead: number }>`
      select rate_at(rate, slowed_to, slowed_at, at) as rate, sender, at,
             greatest(0, extract(epoch from next_free - at) * 1000)::float8 as ahead
        from (select *, clock_timestamp() as at from channels where id = ${request.channelId} for update) c`
      .execute(tx)
      .then((result) => result.rows[0]);
    if (!channel) return { kind: "nothing" };

    const idle = channel.ahead === 0;
    const capacity = Math.floor(((HORIZON_MS - channel.ahead) * channel.rate) / 1000);
    // Half a horizon at a time: enough to never run dry, not so little that claiming becomes the work.
    if (!idle && (capacity < 1 || channel.ahead > HORIZON_MS / 2)) {
      const untilOneFits = channel.ahead + 1000 / channel.rate - HORIZON_MS;
      return { kind: "wait", ms: Math.min(channel.ahead, Math.max(channel.ahead - HORIZON_MS / 2, untilOneFits)) };
    }

    const soon = Math.floor(((AT_ONCE_MS - channel.ahead) * channel.rate) / 1000);
    const rows = await selectChunk(tx, { ...request, at: channel.at, rate: channel.rate, capacity, soon, idle });
    const first = rows[0];
    if (!first) return { kind: "nothing" };
    const messages = rows.flatMap((row): ClaimedMessage[] =>
      row.id === null
        ? []
        : [
            {
              id: row.id,
              villageId: row.village_id,
              broadcastId: first.broadcast_id,
              phone: row.phone,
              body: (row.body ?? first.text) as string,
              segments: row.segments,
              sealed: row.sealed,
              begun: row.called_at === null ? null : { attempt: row.attempt, calledAt: row.called_at },
              dueInMs: channel.ahead + ((row.upto - row.segments) / channel.rate) * 1000,
            },
          ],
    );
    if (messages.length > 0) {
      return {
        kind: "chunk",
        sender: channel.sender,
        messages,
        full: first.candidates > messages.length || first.candidates === request.max,
      };
    }
    if (first.suppressed > 0) return { kind: "again" };
    return first.candidates > 0 ? { kind: "wait", ms: Math.max(channel.ahead, 1) } : { kind: "nothing" };
  });
}

type ChunkRow = {
  candidates: number;
  suppressed: number;
  id: MessageId | null;
  village_id: VillageId;
  phone: Buffer;
  /** A broadcast's texts have none of their own. */
  body: string | null;
  segments: number;
  sealed: boolean;
  attempt: number;
  called_at: string | null;
  upto: number;
  /** All texts of a claim are of one broadcast, or of none; the first row says which, and its text. */
  broadcast_id: BroadcastId | null;
  text: string | null;
};

type ChunkRequest = ClaimRequest & { at: Date; rate: number; capacity: number; soon: number; idle: boolean };

async function selectChunk(tx: Db, request: ChunkRequest): Promise<ChunkRow[]> {
  const { channelId, at } = request;
  const limit = Math.min(request.max, MAX_MESSAGES);
  const { rows } = await sql<ChunkRow>`
    with recursive direct (lane, village_id) as (
      -- Which villages have texts of their own waiting, lane by lane: one index probe each, however many texts.
      (select lane, village_id from messages
        where channel_id = ${channelId} and broadcast_id is null and queued
        order by lane, village_id limit 1)
      union all
      select next.lane, next.village_id from direct d cross join lateral (
        select m.lane, m.village_id from messages m
         where m.channel_id = ${channelId} and m.broadcast_id is null and m.queued
           and (m.lane, m.village_id) > (d.lane, d.village_id)
         order by m.lane, m.village_id limit 1) next
    ), candidate as (
      select d.lane, d.village_id, null::uuid as broadcast_id, null::timestamptz as launched_at from direct d
       where exists (select from messages m
                      where m.channel_id = ${channelId} and m.broadcast_id is null and m.queued
                        and m.lane = d.lane and m.village_id = d.village_id and m.not_before <= ${at})
      union all
      select case b.kind when 'emergency' then 0 else 2 end, b.village_id, b.id, b.launched_at
        from broadcasts b join villages v on v.id = b.village_id
       where b.channel_id = ${channelId} and b.state = 'sending'
         and (b.kind = 'emergency' or within_hours(v.sending_hours, ${request.now}))
         and exists (select from messages m
                      where m.broadcast_id = b.id and m.queued and m.broadcast_id is not null
                        and m.not_before <= ${at})
    ), pick as (
      select c.* from candidate c
        left join turns t on t.channel_id = ${channelId} and t.lane = c.lane and t.village_id = c.village_id
       order by c.lane, t.served_at nulls first, c.village_id, c.launched_at limit 1
    ), of_broadcast as (
      select m.* from pick p cross join lateral (
        select * from messages where broadcast_id = p.broadcast_id and broadcast_id is not null and queued
                                 and not_before <= ${at}
         order by id limit ${limit} for update skip locked) m
    ), of_village as (
      select m.* from pick p cross join lateral (
        select * from messages where lane = p.lane and village_id = p.village_id and p.broadcast_id is null
                                 and channel_id = ${channelId} and broadcast_id is null and queued
                                 and not_before <= ${at}
         order by id limit ${limit} for update skip locked) m
    ), checked as (
      -- An opt-out between approval and this moment wins. It never stops an emergency or an answer to one's own case.
      select m.id, m.segments, exists (
        select from broadcasts b join opt_outs o on o.village_id = b.village_id
         where b.id = m.broadcast_id and b.kind <> 'emergency' and o.phone_hash = m.phone_hash
           and o.ended_at is null and (o.column_id is null or o.column_id = b.column_id)) as opted_out
        from (select * from of_broadcast union all select * from of_village) m
    ), priced as (
      select *, sum(case when opted_out then 0 else segments end) over before as upto,
             count(*) filter (where not opted_out) over before as nth
        from checked window before as (order by id)
    ), chosen as (
      select *, nth <= ${request.begin} and upto - segments <= ${request.soon} as begins from priced
       where opted_out or upto <= ${request.capacity} or (${request.idle} and upto = segments)
    ), suppressed as (
      update messages m set state = 'suppressed', reason = 'opted_out', once_key = null, state_at = ${at}
        from chosen c where m.id = c.id and c.opted_out returning m.id
    ), claimed as (
      update messages m set state = 'claimed', claim_id = ${request.id}, state_at = ${at},
             attempt = m.attempt + c.begins::int, called_at = case when c.begins then clock_timestamp() end
        from chosen c where m.id = c.id and not c.opted_out
      returning m.id, m.village_id, m.phone, m.body, m.segments, m.sealed, m.attempt, m.called_at, c.upto, c.nth
    ), held as (
      insert into claims (id, channel_id, worker, lease_until, message_ids)
      select ${request.id}, ${channelId}, ${request.worker},
             ${at}::timestamptz + make_interval(secs => ${request.leaseMs / 1000}::float8), array_agg(id)
        from claimed having count(*) > 0
    ), charged as (
      update channels set next_free = greatest(next_free, ${at})
             + make_interval(secs => (select sum(segments) from claimed) / ${request.rate}::float8)
       where id = ${channelId} and exists (select from claimed)
    ), turned as (
      insert into turns (channel_id, lane, village_id, served_at)
      select ${channelId}, p.lane, p.village_id, ${at} from pick p where exists (select from claimed)
      on conflict (channel_id, lane, village_id) do update set served_at = excluded.served_at
    )
    select (select count(*) from priced)::int as candidates, (select count(*) from suppressed)::int as suppressed,
           c.id, c.village_id, c.phone, c.body, c.segments, c.sealed, c.attempt, c.called_at::text, c.upto::int as upto,
           b.id as broadcast_id, b.text
      from (select 1) one left join claimed c on true
           left join (select p.broadcast_id as id, b.text from pick p join broadcasts b on b.id = p.broadcast_id) b
                  on c.nth = 1
     order by c.upto`.execute(tx);
  return rows;
}

/** Keeps these claims for a while longer; a worker that cannot say so in time loses them to the sweep. */
export async function renewClaims(db: Db, ids: readonly ClaimId[], leaseMs: number): Promise<void> {
  if (ids.length === 0) return;
  await sql`update claims set lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)
             where id = any (${ids}::uuid[]) and lease_until > clock_timestamp()`.execute(db);
}

/** A claim whose commit was asked for and never confirmed: nothing of it was called, and nobody has to doubt it. */
export async function takeBack(db: Db, id: ClaimId): Promise<void> {
  await sql`
    with dropped as (delete from claims where id = ${id} returning message_ids)
    update messages m set state = 'pending', claim_id = null, called_at = null, state_at = clock_timestamp(),
           attempt = m.attempt - (m.called_at is not null)::int
      from dropped d where m.id = any (d.message_ids) and m.claim_id = ${id} and m.state = 'claimed'`.execute(db);
}

export async function dropClaim(db: Db, id: ClaimId): Promise<void> {
  await db.deleteFrom("claims").where("id", "=", id).execute();
}

/**
 * When the database itself has just been started by us: whoever held claims before has lost its connection, and with
 * it the right to begin a call. So nobody has to wait for the leases.
 */
export async function giveUpEveryClaim(db: Db): Promise<void> {
  await db.updateTable("claims").set({ lease_until: sql`'-infinity'` }).execute();
  await expireClaims(db);
}

/** At a gentle stop nobody has to wait for the lease: this worker's claims run out now, and are swept at once. */
export async function giveUpClaims(db: Db, worker: string): Promise<void> {
  await sql`update claims set lease_until = '-infinity' where worker = ${worker}`.execute(db);
  await expireClaims(db);
}
