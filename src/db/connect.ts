import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import type { Log } from "../log.ts";
import type { Tables } from "./tables.ts";

/** Reads. */
export type Db = Kysely<Tables>;
/** Writes: a function that takes a `Tx` does not compile with a plain `Db`. */
export type Tx = Transaction<Tables>;

// A date is a day on a calendar, not a moment: no time zone may shift it.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export type PoolOptions = { url: string; max: number; name: string; log: Log; searchPath?: string };

/**
 * For the server: a machine that lost its power says no goodbye, and its session would keep its locks (a channel's row,
 * the sweeps) for the two hours that TCP waits by default. Noticed after 40 seconds.
 */
const DEAD_PEERS = "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4";

/**
 * A pool that survives its server. A session that ends while idle is logged; one that ends in somebody's hands between
 * two statements fails his next statement (the `error` event of either, unheard, would end the process). A statement
 * that hangs is given up after a minute, a transaction that nobody goes on with after half a minute.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    options: `${DEAD_PEERS}${options.searchPath ? ` -c search_path=${options.searchPath}` : ""}`,
    ...(options.searchPath ? {} : { statement_timeout: 60_000 }),
  });
  pool.on("error", (error) => {
    // Sessions that a stop is closing are not lost.
    if (!pool.ending) options.log.warn({ pool: options.name, error: error.message }, "connection lost");
  });
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

export const createDb = (pool: pg.Pool): Db => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
