import { createHmac } from "node:crypto";
import type { Db } from "./connect.ts";

export class WrongDataKey extends Error {}

/** Refuses a DATA_KEY other than the one this database was sealed with: phones would be unreadable and unfindable. */
export async function checkDataKey(db: Db, dataKey: Buffer): Promise<void> {
  const check = createHmac("sha256", dataKey).update("cunwu data key").digest();
  await db
    .insertInto("installation")
    .values({ key_check: check, seeded_at: null })
    .onConflict((oc) => oc.column("one").doNothing())
    .execute();
  const { key_check } = await db.selectFrom("installation").select("key_check").executeTakeFirstOrThrow();
  if (!key_check.equals(check)) {
    throw new WrongDataKey("DATA_KEY is not the one this database was sealed with; use the one it was created with");
  }
}

/** Whether the demo village was made, or found to be none of ours to make. */
export async function isSeeded(db: Db): Promise<boolean> {
  const row = await db.selectFrom("installation").select("seeded_at").executeTakeFirst();
  return row?.seeded_at != null;
}

export async function markSeeded(db: Db, now: Date): Promise<void> {
  await db.updateTable("installation").set({ seeded_at: now }).execute();
}
