import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, SuggestionId } from "../lib/ids.ts";

/** Whose unknown texts: a broadcast's, or those of one case. */
export type DoubtsOf = { broadcastId: BroadcastId } | { suggestionId: SuggestionId };

export const whose = (of: DoubtsOf) =>
  "broadcastId" in of ? sql`m.broadcast_id = ${of.broadcastId}` : sql`m.suggestion_id = ${of.suggestionId}`;

/** How many there are; `newest`: when the last of them became one. */
export async function countDoubts(db: Db, of: DoubtsOf): Promise<{ n: number; newest: Date | null }> {
  const { rows } = await sql<{ n: number; newest: Date | null }>`
    select count(*)::int as n, max(date_trunc('milliseconds', m.state_at)) as newest
      from messages m where m.doubtful and ${whose(of)}`.execute(db);
  return rows[0] ?? { n: 0, newest: null };
}

/**
 * The unknown texts that a person decides about: not those that became unknown after he looked (`seen`), so two people
 * who decide at once do not send a text three times; and none whose row somebody holds, because that is the carrier's
 * word coming in, and it counts more.
 */
const decidable = (of: DoubtsOf, seen: Date | null) => sql`
  select m.id, m.attempt from messages m join attempts a on a.message_id = m.id and a.attempt = m.attempt
   where m.doubtful and ${whose(of)}
     and (${seen}::timestamptz is null or date_trunc('milliseconds', m.state_at) <= ${seen}::timestamptz)
   order by m.id for update of m, a skip locked`;

/** Back to the queue. Until the next call begins, a report of the attempt so far still settles the text. */
export async function requeueDoubts(tx: Tx, of: DoubtsOf, seen: Date | null): Promise<number> {
  const { rows } = await sql`
    with doubt as (${decidable(of, seen)}), noted as (
      update attempts a set outcome = 'resent', code = 'by_person', ended_at = clock_timestamp()
        from doubt d where a.message_id = d.id and a.attempt = d.attempt
    )
    update messages m set state = 'pending', reason = null, called_at = null, claim_id = null,
                          not_before = '-infinity', state_at = clock_timestamp()
      from doubt d where m.id = d.id
    returning m.id`.execute(tx);
  return rows.length;
}

/** No more is done about them. What the carrier may still say of them counts more than this. */
export async function giveUpDoubts(tx: Tx, of: DoubtsOf, seen: Date | null): Promise<number> {
  const { rows } = await sql`
    with doubt as (${decidable(of, seen)}), noted as (
      update attempts a set outcome = 'given_up', code = 'by_person', ended_at = clock_timestamp()
        from doubt d where a.message_id = d.id and a.attempt = d.attempt
    )
    update messages m set state = 'failed', reason = 'given_up', claim_id = null, state_at = clock_timestamp()
      from doubt d where m.id = d.id
    returning m.id`.execute(tx);
  return rows.length;
}
