import { sql } from "kysely";
import { CODES_OF_ONE_PHONE } from "../../carrier/refusals.ts";
import type { Db, Tx } from "../../db/connect.ts";
import type { BroadcastId, MessageId } from "../../lib/ids.ts";
import { REFUSAL_RATE } from "../broadcast.ts";

export type Refusals = { broadcastId: BroadcastId; called: number; refused: number; code: string };

/** Ends of texts that the carrier did not choose: ours, and those without a reason. */
const NOT_REFUSED = [...CODES_OF_ONE_PHONE, "given_up", "unexplained"];

/** A broadcast's texts lie side by side in the order they are called in; others may lie between. */
const LOOK_BACK = 10 * REFUSAL_RATE.ofLast;

/**
 * Which broadcasts of these texts are refused too often: counted from rows, so that it makes no difference which worker
 * counts or how often, over a piece of the primary key that is as long for a hundred texts as for a million.
 */
export async function findRefused(db: Db, messageIds: readonly MessageId[]): Promise<Refusals[]> {
  const { rows } = await sql<Refusals>`
    with touched as (
      select distinct on (broadcast_id) broadcast_id, id from messages
       where id = any (${messageIds}::uuid[]) and broadcast_id is not null
       order by broadcast_id, id desc
    )
    select b.id as "broadcastId", r.called, r.refused, r.code
      from touched t join broadcasts b on b.id = t.broadcast_id and b.state = 'sending'
      cross join lateral (
        select count(*)::int as called, count(*) filter (where refused)::int as refused,
               mode() within group (order by reason) filter (where refused) as code
          from (select m.reason, m.state in ('failed', 'undelivered') and m.reason <> all (${NOT_REFUSED}) as refused
                  from (select * from messages where id <= t.id order by id desc limit ${LOOK_BACK}) m
                 where m.broadcast_id = b.id and m.called_at > b.refusals_from
                 order by m.id desc limit ${REFUSAL_RATE.ofLast}) last
      ) r
     where r.refused >= ${REFUSAL_RATE.atLeast} and r.refused >= r.called * ${REFUSAL_RATE.share}::float8`.execute(db);
  return rows;
}

/** Whoever resumes it knows of the refusals so far: only new ones count from here. */
export async function forgetRefusals(tx: Tx, id: BroadcastId): Promise<void> {
  await tx.updateTable("broadcasts").set({ refusals_from: sql`clock_timestamp()` }).where("id", "=", id).execute();
}
