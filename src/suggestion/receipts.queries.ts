import { sql } from "kysely";
import type { Db } from "../db/connect.ts";

/** Seconds from a villager's text to the carrier's taking of the receipt: of the last hour's receipts, or none. */
export type ReceiptDelays = { receipts: number; late: number; median: number; p95: number; longest: number };

/** A receipt is promised within three minutes. */
const LATE_SECONDS = 180;

/**
 * How long villagers waited for the receipt of a new case. One that has not left yet counts with the time it waits.
 * Sealed cases and texts that were understood again are not counted: what village staff can see must not show the
 * ones, and the others were written long before.
 */
export async function measureReceipts(db: Db): Promise<ReceiptDelays> {
  const { rows } = await sql<ReceiptDelays>`
    with delays as (
      select extract(epoch from coalesce(m.accepted_at, clock_timestamp()) - i.received_at)::float8 as seconds
        from messages m
        join suggestion_events e on e.suggestion_id = m.suggestion_id and e.kind = 'opened'
        join inbound i on i.id = e.inbound_id
       where m.id > uuid_floor(now() - interval '1 hour') and m.purpose = 'receipt' and not m.sealed
         and i.replay_at is null and i.received_at > m.created_at - interval '1 day'
         and m.id = (select min(o.id::text)::uuid from messages o
                      where o.suggestion_id = m.suggestion_id and o.purpose = 'receipt'))
    select count(*)::int as receipts, count(*) filter (where seconds > ${LATE_SECONDS})::int as late,
           coalesce(percentile_cont(0.5) within group (order by seconds), 0) as median,
           coalesce(percentile_cont(0.95) within group (order by seconds), 0) as p95,
           coalesce(max(seconds), 0) as longest
      from delays`.execute(db);
  return rows[0] ?? { receipts: 0, late: 0, median: 0, p95: 0, longest: 0 };
}
