import { sql } from "kysely";
import type { Tx } from "../../db/connect.ts";
import type { BroadcastId, VillageId } from "../../lib/ids.ts";
import { LANE } from "../../message/message.ts";
import { reachable, resolveAudience } from "../audience/reachable.queries.ts";
import type { Audience, Stages } from "../broadcast.ts";

export type Launching = {
  id: BroadcastId;
  villageId: VillageId;
  audience: Audience;
  personal: boolean;
  stages: Stages | null;
  /** The month that pays. */
  month: string;
};

/** Rows written, and how many of them will be sent; `over`: the budget does not reach, and no row was written. */
export type Placed = { rows: number; toSend: number } | "over" | "nobody";

/**
 * Every recipient of a broadcast and its share of the month's budget, in one statement; whoever is left out gets a row
 * too, with the reason, and costs nothing. The month's row is the lock: of two launches that both want the last
 * segments the second sees what the first took. If nobody is left to send to, no row is written either. An emergency
 * counts but never waits for money. With stages all but the first wait on their own rows, by the database's clock, so
 * nothing has to remember the rest. A million rows may take longer than a statement usually may: cut off, such a launch
 * would be tried again for ever.
 */
export async function insertRecipients(tx: Tx, launching: Launching, now: Date): Promise<Placed> {
  const { id, villageId, month, stages, personal } = launching;
  const people = reachable({
    villageId,
    audience: await resolveAudience(tx, villageId, launching.audience),
    columnId: sql`b.column_id`,
    emergency: sql`(b.kind = 'emergency')`,
    texts: personal
      ? sql`select household_id, body as text_body, segments as text_segments from broadcast_texts
             where broadcast_id = ${id}`
      : null,
  });
  const notBefore = stages
    ? sql`case when p.reason is null
               and row_number() over (partition by p.reason is null order by p.household_id, p.hash) > ${stages.first}
          then n.rest_at else '-infinity' end`
    : sql`'-infinity'::timestamptz`;
  const [segments, body, onceKey] = personal
    ? [sql`coalesce(p.text_segments, 1)`, sql`p.text_body`, sql`uuid_send(p.household_id)`]
    : [sql`b.segments_per_message`, sql`null`, sql`p.hash`];
  await sql`set local statement_timeout = '30min'`.execute(tx);
  const { rows } = await sql<{ placed: number | null; toSend: number }>`
    with broadcast as (
      select b.*, v.monthly_segments as budget, b.kind = 'emergency' or b.over_budget_by is not null as allowed
        from broadcasts b join villages v on v.id = b.village_id where b.id = ${id}
    ), people as materialized (
      select r.* from broadcast b cross join lateral (${people}) r
    ), need as (
      select b.*, (select ${personal ? sql`coalesce(sum(text_segments), 0)` : sql`count(*) * b.segments_per_message`}
                     from people where reason is null) as segments,
             (select count(*) from people where reason is null) as to_send,
             clock_timestamp() + make_interval(mins => ${stages?.waitMinutes ?? null}::int) as wait_until
        from broadcast b
    ), reserved as (
      insert into segment_months as m (village_id, month, used)
      select village_id, ${month}::date, segments from need
       where to_send > 0 and (allowed or budget is null or segments <= budget)
      on conflict (village_id, month) do update set used = m.used + excluded.used
       where (select allowed or budget is null or m.used + excluded.used <= budget from broadcast)
      returning used
    ), noted as (
      update broadcasts b set reserved_segments = n.segments, budget_month = ${month}::date, rest_at = n.wait_until
        from need n where b.id = n.id and exists (select from reserved)
      returning b.id, b.rest_at
    ), placed as (
      insert into messages (id, village_id, channel_id, broadcast_id, household_id, lane, purpose, phone_hash, phone,
                            body, segments, once_key, state, reason, not_before, created_at, state_at)
      select uuid_v7(), b.village_id, b.channel_id, b.id, p.household_id,
             case b.kind when 'emergency' then ${LANE.emergency}::int else ${LANE.broadcast}::int end, 'broadcast',
             p.hash, p.phone, ${body}, ${segments}, case when p.reason is null then ${onceKey} end,
             case when p.reason is null then 'pending' else 'suppressed' end,
             p.reason, ${notBefore}, ${now}, ${now}
        from people p cross join broadcast b join noted n on n.id = b.id
      returning 1
    )
    select case when exists (select from noted) then (select count(*) from placed)::int end as placed,
           (select to_send from need)::int as "toSend"`.execute(tx);
  const { placed = null, toSend = 0 } = rows[0] ?? {};
  if (toSend === 0) return "nobody";
  return placed === null ? "over" : { rows: placed, toSend };
}
