import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { VillageId } from "../../lib/ids.ts";
import { listSchedules } from "../schedule/schedule.queries.ts";
import { countOccurrences } from "../sending/rhythm.ts";

/**
 * Notices of this village, other than this one and emergencies, that left between these moments or will: those that
 * wait for a signature, parts of a series and the days of repeated ones too. What has no time leaves when it may: now.
 */
export async function countNotices(
  db: Db,
  villageId: VillageId,
  { from, until, except, now }: { from: Date; until: Date; except: string | null; now: Date },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from broadcasts
     where village_id = ${villageId} and kind <> 'emergency' and id is distinct from ${except}::uuid
       and (launched_at is not null or state in ('awaiting_approval', 'scheduled', 'held'))
       and coalesce(launched_at, greatest(send_at, ${now}::timestamptz)) >= ${from}
       and coalesce(launched_at, greatest(send_at, ${now}::timestamptz)) < ${until}`.execute(db);
  const repeated = await listSchedules(db, villageId, { limit: 100, before: null, active: true });
  return repeated.reduce((sum, one) => sum + countOccurrences(one, one.nextAt, { from, until }), rows[0]?.n ?? 0);
}
