import { sql } from "kysely";
import type { VillageId } from "../lib/ids.ts";
import type { Actor } from "../lib/roles.ts";
import type { Db, Tx } from "./connect.ts";

/**
 * Runs a transaction as one actor: village, actor and role are set for this transaction only, and row-level
 * security reads them. It is the second lock behind the explicit filters of every query.
 */
export function asActor<T>(db: Db, actor: Actor, body: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql`select set_config('cunwu.actor', ${actor.id}, true), set_config('cunwu.role', ${actor.role}, true),
      set_config('cunwu.township', ${actor.township ?? ""}, true),
      set_config('cunwu.villages', ${`{${actor.villages.join(",")}}`}, true)`.execute(tx);
    return body(tx);
  });
}

/**
 * Runs a reading transaction for a visitor without an account. No village is his, so of all rows only those exist that
 * the policies named `public` (migrations/0024_sheets_and_public_page.sql) show of this one village.
 */
export function asPublic<T>(db: Db, villageId: VillageId, body: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setAccessMode("read only")
    .execute(async (tx) => {
      await sql`select set_config('cunwu.actor', '', true), set_config('cunwu.role', 'public', true),
        set_config('cunwu.township', '', true), set_config('cunwu.villages', '{}', true),
        set_config('cunwu.public_village', ${villageId}, true)`.execute(tx);
      return body(tx);
    });
}

/**
 * Runs a part of the service's own transaction in a person's name: the audit log says that he did it. The walls of
 * the `system` role stay as they are, so whoever calls this looks himself at what the person may see. What `undo`
 * says no to leaves nothing behind.
 */
export async function inNameOf<T>(
  tx: Tx,
  actor: Actor,
  body: () => Promise<T>,
  undo: (value: T) => boolean,
): Promise<T> {
  await sql`savepoint in_name_of`.execute(tx);
  await sql`select set_config('cunwu.actor', ${actor.id}, true), set_config('cunwu.role', ${actor.role}, true)`.execute(
    tx,
  );
  const value = await body();
  await (undo(value) ? sql`rollback to savepoint in_name_of` : sql`release savepoint in_name_of`).execute(tx);
  await sql`select set_config('cunwu.actor', '', true), set_config('cunwu.role', '', true)`.execute(tx);
  return value;
}

/** Runs a transaction as the service itself: sign-in, webhooks, workers. The `system` role has its own policies. */
export const asSystem = <T>(db: Db, body: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(body);
