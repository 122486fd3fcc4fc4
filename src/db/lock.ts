import type pg from "pg";

/**
 * Lets one process at a time do something, and the others skip it. The lock belongs to a session, so it ends with the
 * process that holds it, however that ends; no transaction is open meanwhile.
 */
export async function ifUnlocked(pool: pg.Pool, name: string, body: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  let broken = false;
  try {
    const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock(hashtext($1)) as locked", [
      name,
    ]);
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
