import type { Db } from "../../db/connect.ts";
import type { VillageId } from "../../lib/ids.ts";

/** Whether anybody can sign for the village supervision committee: a person's account, or a program's key. */
export async function hasOverseer(db: Db, villageId: VillageId): Promise<boolean> {
  const row = await db
    .selectFrom("actors")
    .select("id")
    .where("village_id", "=", villageId)
    .where("role", "=", "overseer")
    .where("active", "=", true)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** What to do in a village without one. */
export const NO_OVERSEER = "村里还没有村监会的账号：请乡镇给村监会主任开一个，或者请乡镇督导员替他签";
