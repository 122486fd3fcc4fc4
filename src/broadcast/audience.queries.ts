import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, VillageId } from "../lib/ids.ts";
import { LANE } from "../message/message.ts";
import type { Audience, Stages } from "./broadcast.ts";

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
              from villagers v where v.village_id = ${villageId} and v.phone_hash is not null and v.left_at is null`;
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

export type Launching = {
  id: BroadcastId;
  villageId: VillageId;
  audience: Audience;
  stages: Stages | null;
  /** The month that pays. */
  month: string;
};

/**
 * Every recipient of a broadcast and its share of the month's budget, in one statement; whoever is left out gets a row
 * too, with the reason, and costs nothing. The month's row is the lock: of two launches that both want the last
 * segments the second sees what the first took. Null: the budget does not reach, and no row was written. An emergency
 * counts but never waits for money. With stages all but the first wait on their own rows, by the database's clock, so
 * nothing has to remember the rest. A million rows may take longer than a statement usually may: cut off, such a launch
 * would be tried again for ever.
 */
export async function insertRecipients(tx: Tx, launching: Launching, now: Date): Promise<number | null> {
  const { id, villageId, month, stages } = launching;
  const people = reachable(villageId, launching.audience, sql`b.column_id`, sql`(b.kind = 'emergency')`);
  const notBefore = stages
    ? sql`case when p.reason is null
               and row_number() over (partition by p.reason is null order by p.household_id, p.hash) > ${stages.first}
          then n.rest_at else '-infinity' end`
    : sql`'-infinity'::timestamptz`;
  await sql`set local statement_timeout = '30min'`.execute(tx);
  const { rows } = await sql<{ placed: number | null }>`
    with broadcast as (
      select b.*, v.monthly_segments as budget, b.kind = 'emergency' or b.over_budget_by is not null as allowed
        from broadcasts b join villages v on v.id = b.village_id where b.id = ${id}
    ), people as materialized (
      select r.* from broadcast b cross join lateral (${people}) r
    ), need as (
      select b.*, (select count(*) from people where reason is null) * b.segments_per_message as segments,
             clock_timestamp() + make_interval(mins => ${stages?.waitMinutes ?? null}::int) as wait_until
        from broadcast b
    ), reserved as (
      insert into segment_months as m (village_id, month, used)
      select village_id, ${month}::date, segments from need where allowed or budget is null or segments <= budget
      on conflict (village_id, month) do update set used = m.used + excluded.used
       where (select allowed or budget is null or m.used + excluded.used <= budget from broadcast)
      returning used
    ), noted as (
      update broadcasts b set reserved_segments = n.segments, budget_month = ${month}::date, rest_at = n.wait_until
        from need n where b.id = n.id and exists (select from reserved)
      returning b.id, b.rest_at
    ), placed as (
      insert into messages (id, village_id, channel_id, broadcast_id, household_id, lane, purpose, phone_hash, phone,
                            segments, once_key, state, reason, not_before, created_at, state_at)
      select uuid_v7(), b.village_id, b.channel_id, b.id, p.household_id,
             case b.kind when 'emergency' then ${LANE.emergency}::int else ${LANE.broadcast}::int end, 'broadcast',
             p.hash, p.phone, b.segments_per_message, case when p.reason is null then p.hash end,
             case when p.reason is null then 'pending' else 'suppressed' end, p.reason, ${notBefore}, ${now}, ${now}
        from people p cross join broadcast b join noted n on n.id = b.id
      returning 1
    )
    select case when exists (select from noted) then (select count(*) from placed)::int end as placed`.execute(tx);
  return rows[0]?.placed ?? null;
}
