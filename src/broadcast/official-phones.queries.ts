import type { Db } from "../db/connect.ts";
import type { VillageId } from "../lib/ids.ts";

/** The sealed numbers of the village's own staff: they stand on the plates by the doors (公示牌). */
export const listStaffPhones = async (db: Db, villageId: VillageId): Promise<Buffer[]> =>
  (
    await db
      .selectFrom("actors as a")
      .innerJoin("staff as f", "f.id", "a.id")
      .select("f.phone")
      .where("a.village_id", "=", villageId)
      .where("a.active", "=", true)
      .where("f.phone", "is not", null)
      .execute()
  ).flatMap(({ phone }) => (phone === null ? [] : [phone]));

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
