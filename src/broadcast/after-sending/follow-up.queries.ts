import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { reachable, resolveAudience } from "../audience/reachable.queries.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import type { BroadcastState } from "../broadcast.ts";

export type FollowUp = { id: BroadcastId; column: string; state: BroadcastState; launchedAt: Date | null };

/** The corrections of a notice, and the notice that it corrects itself. */
export async function listCorrections(db: Db, id: BroadcastId): Promise<{ by: FollowUp[]; of: FollowUp | null }> {
  const { rows } = await sql<FollowUp & { first: boolean }>`
    select b.id, c.name as column, b.state, b.launched_at as "launchedAt", b.corrects_id is distinct from ${id} as first
      from broadcasts b join columns c on c.id = b.column_id
     where (b.corrects_id = ${id} and b.state <> 'canceled')
        or b.id = (select corrects_id from broadcasts where id = ${id})
     order by b.id`.execute(db);
  return { by: rows.filter((one) => !one.first), of: rows.find((one) => one.first) ?? null };
}

/** The doors that a notice was meant for, with and without a phone. */
export async function countDoors(db: Db, { villageId, audience, launchedAt }: Broadcast): Promise<number> {
  const meant = reachable(
    {
      villageId,
      audience: await resolveAudience(db, villageId, audience),
      columnId: sql`null::uuid`,
      emergency: sql`true`,
    },
    true,
  );
  const { rows } = await sql<{ doors: number }>`
    select count(distinct w.household_id)::int as doors from (${meant}) w
      join households h on h.id = w.household_id and h.created_at <= coalesce(${launchedAt}::timestamptz, h.created_at)
     where w.reason is distinct from 'excluded'`.execute(db);
  return rows[0]?.doors ?? 0;
}

/** Segments of the texts that the carrier took, delivered or not: what it charges for. */
export async function countTaken(db: Db, id: BroadcastId): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    select coalesce(sum(m.segments), 0)::int as taken from messages m
     where m.broadcast_id = ${id} and m.accepted_at is not null`.execute(db);
  return rows[0]?.taken ?? 0;
}
