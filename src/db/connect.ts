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

export type PoolOptions = {
  url: string;
  max: number;
  name: string;
  log: Log;
  searchPath?: string;
  /** For a few large statements that run hundreds of times a second. */
  keepPlans?: boolean;
};

/**
 * For the server: a machine that lost its power says no goodbye, and its session would keep its locks (a channel's row,
 * the sweeps) for the two hours that TCP waits by default. Noticed after 40 seconds.
 */
const DEAD_PEERS = "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4";

/** A large plan looks expensive, and a server that can would compile it, for longer than any page's statement runs. */
const NO_COMPILING = "-c jit=off";

/**
 * Planning a claim takes as long as running it, so the sessions of sending plan each statement once. A plan that is kept
 * must suit a table of any size: made while a table is small, it would read all of it when it is large. So these
 * sessions walk indexes, whatever the statistics say or do not say yet.
 */
const KEPT_PLANS =
  "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

/** Names every statement with parameters, which is how PostgreSQL is told to keep its plan. */
class PlanKeeper extends pg.Client {
  // pg has a dozen ways to ask; Kysely's is a text and its values.
  // biome-ignore lint/suspicious/noExplicitAny: the overloads cannot be repeated here
  override query(...asked: any[]): any {
    const [text, values] = asked;
    if (typeof text !== "string" || !Array.isArray(values) || values.length === 0)
      return super.query(...(asked as [string]));
    return super.query({ name: keptName(text), text, values });
  }
}

const names = new Map<string, string>();
const keptName = (text: string): string => {
  if (!names.has(text)) names.set(text, `kept_${names.size}`);
  return names.get(text) as string;
};

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
    options: [
      DEAD_PEERS,
      NO_COMPILING,
      ...(options.searchPath ? [`-c search_path=${options.searchPath}`] : []),
      ...(options.keepPlans ? [KEPT_PLANS] : []),
    ].join(" "),
    ...(options.keepPlans ? { Client: PlanKeeper } : {}),
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
