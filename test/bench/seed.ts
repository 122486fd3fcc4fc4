import type pg from "pg";
import type { PhoneNumber } from "../../src/lib/phone.ts";
import { createSealer } from "../../src/lib/seal.ts";
import { PHONE } from "./forms.ts";
import { BENCH_KEY } from "./ground.ts";

/**
 * Doors with a phone each, a million in some seconds: made inside the database. Every phone has a hash of its own, which
 * is all that a launch compares; what is sealed in it is one and the same number, because sealing is not measured here.
 */
export async function seedDoors(pool: pg.Pool, villageId: string, doors: number): Promise<void> {
  const sealed = createSealer(BENCH_KEY).phone(PHONE as PhoneNumber);
  await quietly(pool, async (client) => {
    await client.query(
      `insert into phones (village_id, hash, phone, created_at)
       select $1, sha256(int8send(i)), $2, now() from generate_series(1, $3::bigint) i`,
      [villageId, sealed, doors],
    );
    await client.query(
      `insert into households (id, village_id, number, contact_hash, created_at)
       select uuid_v7(), $1, i::text, sha256(int8send(i)), now() from generate_series(1, $2::bigint) i`,
      [villageId, doors],
    );
  });
  await pool.query("vacuum analyze phones, households");
}

/** Without the checks of foreign keys row by row: what is seeded is known to fit. */
export async function quietly(pool: pg.Pool, body: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("set session_replication_role = replica");
    await body(client);
    await client.query("reset session_replication_role");
  } finally {
    client.release();
  }
}
