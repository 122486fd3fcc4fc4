import { sql } from "kysely";
import type { Db } from "../db/connect.ts";

export type StateCounts = {
  messages: { pending: number; claimed: number; unknown: number };
  waiting: { inbound: number; reports: number; overdue: number };
};

/**
 * Each part is a look at a small partial index, so that scraping costs nothing. Sealed things are left out: anybody may
 * read the metrics, and count.
 */
export async function countStates(db: Db): Promise<StateCounts> {
  const { rows } = await sql<{
    pending: number;
    claimed: number;
    unknown: number;
    inbound: number;
    reports: number;
    overdue: number;
  }>`
    select (select count(*) from messages where queued and broadcast_id is not null)::int
             + (select count(*) from messages where queued and broadcast_id is null and not sealed)::int as pending,
           (select coalesce(sum(cardinality(message_ids)), 0) from claims)::int as claimed,
           (select count(*) from messages where doubtful and not sealed)::int as unknown,
           (select count(*) from inbound where understood_at is null)::int as inbound,
           (select count(*) from reports where not matched)::int as reports,
           (select count(*) from suggestions where due_at < now() and not sealed
              and state not in ('closed', 'merged', 'declined', 'transferred', 'answered'))::int as overdue`.execute(
    db,
  );
  const row = rows[0];
  if (!row) throw new Error("counting gave no row");
  const { pending, claimed, unknown, inbound, reports, overdue } = row;
  return { messages: { pending, claimed, unknown }, waiting: { inbound, reports, overdue } };
}
