import type { Db, Tx } from "../db/connect.ts";
import type { VillageId } from "../lib/ids.ts";

/** A village's month: how many segments its broadcasts may take (null: no limit) and have taken. */
export type Budget = { month: string; limit: number | null; used: number };

export async function readBudget(db: Db, villageId: VillageId, month: string): Promise<Budget> {
  const row = await db
    .selectFrom("villages as v")
    .leftJoin("segment_months as m", (join) => join.onRef("m.village_id", "=", "v.id").on("m.month", "=", month))
    .select(["v.monthly_segments as limit", "m.used"])
    .where("v.id", "=", villageId)
    .executeTakeFirstOrThrow();
  return { month, limit: row.limit, used: Number(row.used ?? 0) };
}

export async function updateLimit(tx: Tx, villageId: VillageId, limit: number | null): Promise<void> {
  await tx.updateTable("villages").set({ monthly_segments: limit }).where("id", "=", villageId).execute();
}
