import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { BroadcastId, VillageId } from "../../lib/ids.ts";
import { type AudienceWish, everybody } from "../audience/audience.queries.ts";
import type { Audience, BroadcastKind, BroadcastState } from "../broadcast.ts";

export type EarlierNotice = {
  id: BroadcastId;
  columnId: string;
  column: string;
  kind: BroadcastKind;
  state: BroadcastState;
  body: string;
  audience: Audience;
  recipients: number;
  launchedAt: Date | null;
  /** When it left, or will. */
  at: Date;
};

/** Notices handed in that left, or will leave, after this moment, newest first; what was canceled before is none. */
export async function listNoticesSince(
  db: Db,
  villageId: VillageId,
  { from, except, now }: { from: Date; except: BroadcastId | null; now: Date },
): Promise<EarlierNotice[]> {
  const { rows } = await sql<EarlierNotice>`
    select * from (
      select b.id, b.column_id as "columnId", c.name as column, b.kind, b.state, b.body, b.audience, b.recipients,
             b.launched_at as "launchedAt", coalesce(b.launched_at, b.send_at, ${now}::timestamptz) as at
        from broadcasts b join columns c on c.id = b.column_id
       where b.village_id = ${villageId} and b.id is distinct from ${except}
         and (b.launched_at is not null or b.state in ('awaiting_approval', 'scheduled', 'held'))
         and b.created_at > ${from}::timestamptz - interval '60 days') n
     where at > ${from}
     order by at desc, id desc limit 300`.execute(db);
  return rows;
}

/** How many of those who would get this one have got that one, or will: by the phone. */
export async function countOverlap(db: Db, wish: AudienceWish, earlier: EarlierNotice): Promise<number> {
  const mine = await everybody(db, wish);
  const { villageId } = wish;
  const { audience, columnId, kind } = earlier;
  const theirs = earlier.launchedAt
    ? sql`select phone_hash as hash from messages where broadcast_id = ${earlier.id}
            and state in ('pending', 'claimed', 'accepted', 'sent', 'delivered')`
    : sql`select hash from (${await everybody(db, { villageId, audience, columnId, emergency: kind === "emergency" })}) t
           where reason is null`;
  const { rows } = await sql<{ n: number }>`
    select count(distinct hash)::int as n from (${mine}) m where reason is null and hash in (${theirs})`.execute(db);
  return rows[0]?.n ?? 0;
}
