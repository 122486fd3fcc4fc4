import type pg from "pg";
import { markOf } from "../lib/seal.ts";
import type { Db } from "./connect.ts";

export class WrongDataKey extends Error {
  constructor() {
    super("DATA_KEY is not the one this database was sealed with; use the one it was created with");
  }
}

/**
 * The same question before anything is touched, asked as the owner: a wrong key must not reach the point where the
 * working roles get passwords derived from it, which would lock out every process that has the right one.
 */
export async function refuseWrongKey(owner: pg.Pool, keyMark: Buffer): Promise<void> {
  const { rows } = await owner.query<{ made: boolean }>("select to_regclass('installation') is not null as made");
  if (!rows[0]?.made) return;
  const sealed = await owner.query<{ key_check: Buffer }>("select key_check from installation");
  if (sealed.rows[0] && !sealed.rows[0].key_check.equals(keyMark)) throw new WrongDataKey();
}

/** Refuses a DATA_KEY other than the one this database was sealed with: phones would be unreadable and unfindable. */
export async function checkDataKey(db: Db, dataKey: Buffer): Promise<void> {
  const check = markOf(dataKey);
  await db
    .insertInto("installation")
    .values({ key_check: check, seeded_at: null })
    .onConflict((oc) => oc.column("one").doNothing())
    .execute();
  const { key_check } = await db.selectFrom("installation").select("key_check").executeTakeFirstOrThrow();
  if (!key_check.equals(check)) throw new WrongDataKey();
}

/** Whether the demo village was made, or found to be none of ours to make. */
export async function isSeeded(db: Db): Promise<boolean> {
  const row = await db.selectFrom("installation").select("seeded_at").executeTakeFirst();
  return row?.seeded_at != null;
}

export async function markSeeded(db: Db, now: Date): Promise<void> {
  await db.updateTable("installation").set({ seeded_at: now }).execute();
}
