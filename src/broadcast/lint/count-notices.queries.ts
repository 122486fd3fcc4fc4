import type { Db } from "../../db/connect.ts";
import type { VillageId } from "../../lib/ids.ts";

/** Notices of this village, other than this one and emergencies, that leave or left between these moments. */
export async function countNotices(
  db: Db,
  villageId: VillageId,
  { from, until, except }: { from: Date; until: Date; except: string | null },
): Promise<number> {
  const { count } = await db
    .selectFrom("broadcasts")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("village_id", "=", villageId)
    .where("kind", "<>", "emergency")
    .where("state", "in", ["scheduled", "sending", "paused", "sent"])
    .where((eb) => {
      const at = eb.fn.coalesce("launched_at", "send_at", "approved_at");
      return eb.and([eb(at, ">=", from), eb(at, "<", until)]);
    })
    .$if(except !== null, (query) => query.where("id", "<>", except as never))
    .executeTakeFirstOrThrow();
  return Number(count);
}
