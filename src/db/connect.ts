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
 * A pool that survives its server: an idle connection that drops is logged, not thrown (an unheard `error` event
 * would end the process), and a statement that hangs is given up after a minute.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    ...(options.searchPath ? { options: `-c search_path=${options.searchPath}` } : { statement_timeout: 60_000 }),
  });
  pool.on("error", (error) => options.log.warn({ pool: options.name, error: error.message }, "connection lost"));
  return pool;
}

export const createDb = (pool: pg.Pool): Db => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
