import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, VillageId } from "../lib/ids.ts";
import { LANE } from "../message/message.ts";
import type { Audience } from "./broadcast.ts";

/**
 * Everybody of an audience who has a phone, with the reason not to text him, if there is one. The same rows are
 * counted while a notice is written and inserted when it is launched, so the preview cannot promise what the
 * launch does not do. A phone shared by several doors is texted once, for the first of them.
 */
function reachable(
  villageId: VillageId,
  audience: Audience,
  columnId: RawBuilder<unknown>,
  emergency: RawBuilder<unknown>,
) {
  const people =
    audience.scope === "households"
      ? sql`select h.id as household_id, h.contact_hash as hash,
                   row_number() over (partition by h.contact_hash order by h.number, h.id) as nth
              from households h where h.village_id = ${villageId} and h.contact_hash is not null`
      : sql`select v.household_id, v.phone_hash as hash,
                   row_number() over (partition by v.phone_hash order by v.position, v.id) as nth
              from villagers v where v.village_id = ${villageId} and v.phone_hash is not null`;
  return sql`
    select a.household_id, a.hash, p.phone,
           case when p.problem = 'blocked' then 'opted_out'
                when p.problem is not null then 'bad_number'
                when a.nth > 1 then 'same_phone'
                when not ${emergency} and exists (
                  select from opt_outs o
                   where o.village_id = ${villageId} and o.phone_hash = a.hash and o.ended_at is null
                     and (o.column_id is null or o.column_id = ${columnId})) then 'opted_out'
           end as reason
      from (${people}) a join phones p on p.village_id = ${villageId} and p.hash = a.hash`;
}

export type AudienceCount = { recipients: number; optedOut: number; badNumber: number; samePhone: number };

export async function countAudience(
  db: Db,
  wish: { villageId: VillageId; audience: Audience; columnId: string | null; emergency: boolean },
): Promise<AudienceCount> {
  const people = reachable(wish.villageId, wish.audience, sql`${wish.columnId}::uuid`, sql`${wish.emergency}::boolean`);
  const { rows } = await sql<AudienceCount>`
    select count(*) filter (where reason is null)::int as recipients,
           count(*) filter (where reason = 'opted_out')::int as "optedOut",
           count(*) filter (where reason = 'bad_number')::int as "badNumber",
           count(*) filter (where reason = 'same_phone')::int as "samePhone"
      from (${people}) r`.execute(db);
  return rows[0] ?? { recipients: 0, optedOut: 0, badNumber: 0, samePhone: 0 };
}

/**
 * Every recipient of a broadcast in one statement; whoever is left out gets a row too, with the reason. A million rows
 * may take longer than a statement usually may: cut off, such a launch would be tried again for ever.
 */
export async function insertRecipients(
  tx: Tx,
  broadcast: { id: BroadcastId; villageId: VillageId; audience: Audience },
  now: Date,
): Promise<number> {
  const people = reachable(broadcast.villageId, broadcast.audience, sql`b.column_id`, sql`(b.kind = 'emergency')`);
  await sql`set local statement_timeout = '30min'`.execute(tx);
  // `offset 0` keeps the planner from asking for the reason anew in each of the columns that depend on it.
  const { numAffectedRows } = await sql`
    insert into messages (id, village_id, channel_id, broadcast_id, household_id, lane, purpose, phone_hash, phone,
                          segments, once_key, state, reason, created_at, state_at)
    select uuid_v7(), b.village_id, b.channel_id, b.id, r.household_id,
           case b.kind when 'emergency' then ${LANE.emergency}::int else ${LANE.broadcast}::int end, 'broadcast',
           r.hash, r.phone, b.segments_per_message, case when r.reason is null then r.hash end,
           case when r.reason is null then 'pending' else 'suppressed' end, r.reason, ${now}, ${now}
      from broadcasts b cross join lateral (${people} offset 0) r
     where b.id = ${broadcast.id}`.execute(tx);
  return Number(numAffectedRows ?? 0);
}
