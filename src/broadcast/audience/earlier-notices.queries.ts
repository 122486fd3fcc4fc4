import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { BroadcastId, VillageId } from "../../lib/ids.ts";

/** Earlier notices that did not reach everybody, newest first; suppressed texts count too: those doors know nothing of it. */
export type Unreached = { id: BroadcastId; body: string; launchedAt: Date; doors: number };
export async function listNoticesNotReached(db: Db, villageId: VillageId, limit: number): Promise<Unreached[]> {
  const { rows } = await sql<Unreached>`
    select b.id, b.body, b.launched_at as "launchedAt", m.doors
      from (select id, body, launched_at from broadcasts
             where village_id = ${villageId} and launched_at is not null order by id desc limit 30) b
     cross join lateral (select count(distinct household_id)::int as doors from messages
                          where broadcast_id = b.id and missed) m
     where m.doors > 0 order by b.id desc limit ${limit}`.execute(db);
  return rows;
}
