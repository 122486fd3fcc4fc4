import { sql } from "kysely";
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

/** Runs a transaction as the service itself: sign-in, webhooks, workers. The `system` role has its own policies. */
export const asSystem = <T>(db: Db, body: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(body);
