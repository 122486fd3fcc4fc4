import type pg from "pg";

/**
 * Lets one process at a time do something, and the others skip it. The lock belongs to a session, so it ends with the
 * process that holds it, however that ends; no transaction is open meanwhile.
 */
export const ifUnlocked = (pool: pg.Pool, name: string, body: () => Promise<void>): Promise<boolean> =>
  underLock(pool, "select pg_try_advisory_lock(hashtext($1)) as locked", name, body);

/** The same, by whoever cannot skip it: waits until nobody else is at it. */
export async function onceUnlocked(pool: pg.Pool, name: string, body: () => Promise<void>): Promise<void> {
  await underLock(pool, "select true as locked from pg_advisory_lock(hashtext($1))", name, body);
}

async function underLock(pool: pg.Pool, take: string, name: string, body: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  let broken = false;
  try {
    const { rows } = await client.query<{ locked: boolean }>(take, [name]);
    if (!rows[0]?.locked) return false;
    try {
      await body();
    } finally {
      await client.query("select pg_advisory_unlock(hashtext($1))", [name]).catch(() => {
        broken = true;
      });
    }
    return true;
  } finally {
    client.release(broken);
  }
}
