import { sql } from "kysely";
import type { Tx } from "../db/connect.ts";
import type { HouseholdId, VillageId } from "../lib/ids.ts";

/** Marks a number as somebody else's; false if it was marked already. It outweighs what a carrier said of it. */
export async function flagWrongPerson(tx: Tx, villageId: VillageId, phoneHash: Buffer, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("phones")
    .set({ problem: "wrong_person", problem_at: now })
    .where("village_id", "=", villageId)
    .where("hash", "=", phoneHash)
    .where((eb) => eb.or([eb("problem", "is", null), eb("problem", "!=", "wrong_person")]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** A person has looked: the household's number is its own after all. False if nobody had doubted it. */
export async function clearWrongPerson(tx: Tx, villageId: VillageId, householdId: HouseholdId): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("phones")
    .set({ problem: null, problem_at: sql`clock_timestamp()` })
    .where("village_id", "=", villageId)
    .where("problem", "=", "wrong_person")
    .where("hash", "=", (eb) =>
      eb
        .selectFrom("households")
        .select("contact_hash")
        .where("id", "=", householdId)
        .where("village_id", "=", villageId)
        .$castTo<Buffer>(),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
