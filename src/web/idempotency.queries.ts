import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId } from "../lib/ids.ts";

type KeyId = { actorId: ActorId; route: string; key: string };

/** Taken until the end of the transaction; false while another request with this key holds it. */
export async function lockKey(tx: Tx, id: KeyId): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`${id.actorId} ${id.route} ${id.key}`}, 1)) as locked`.execute(
    tx,
  );
  return rows[0]?.locked ?? false;
}

export async function findAnswer(
  db: Db,
  id: KeyId,
  now: Date,
): Promise<{ bodyHash: Buffer; status: number; answer: string } | undefined> {
  return await db
    .selectFrom("idempotency_keys")
    .select(["body_hash as bodyHash", "status", "answer"])
    .where("actor_id", "=", id.actorId)
    .where("route", "=", id.route)
    .where("key", "=", id.key)
    .where("created_at", ">", new Date(now.getTime() - 24 * 60 * 60 * 1000))
    .executeTakeFirst();
}

export async function keepAnswer(
  tx: Tx,
  kept: KeyId & { bodyHash: Buffer; status: number; answer: string },
  now: Date,
): Promise<void> {
  // One that is older than a day may still lie here until the housekeeping: it no longer counts.
  await tx
    .deleteFrom("idempotency_keys")
    .where("actor_id", "=", kept.actorId)
    .where("route", "=", kept.route)
    .where("key", "=", kept.key)
    .execute();
  await tx
    .insertInto("idempotency_keys")
    .values({
      actor_id: kept.actorId,
      route: kept.route,
      key: kept.key,
      body_hash: kept.bodyHash,
      status: kept.status,
      answer: kept.answer,
      created_at: now,
    })
    .execute();
}
