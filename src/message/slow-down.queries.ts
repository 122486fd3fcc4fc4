import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { ChannelId } from "../lib/ids.ts";

/** Halving stops here: a share of the rate, or so many segments per second, whichever is faster. */
const SLOWEST_SHARE = 1 / 64;
const SLOWEST_RATE = 1;
/** One burst of complaints is one complaint: their calls were under way before anybody could slow down. */
const BURST_SECONDS = 1;

/**
 * Halves the rate a channel has at this moment, for all processes. A complaint about a call that began before the last
 * halving says nothing about the rate since. Returns the new rate, or null where that one has been heeded already.
 */
export async function halveRate(db: Db, channelId: ChannelId, calledAt: string): Promise<number | null> {
  const { rows } = await sql<{ rate: number }>`
    update channels set
      slowed_to = least(1, greatest(rate_at(rate, slowed_to, slowed_at, clock_timestamp()) / 2,
                                    rate * ${SLOWEST_SHARE}::float8, ${SLOWEST_RATE}::float8) / rate),
      slowed_at = clock_timestamp()
     where id = ${channelId}
       and (slowed_at is null or (slowed_at < ${calledAt}::timestamptz
              and slowed_at <= clock_timestamp() - make_interval(secs => ${BURST_SECONDS}::float8)))
    returning slowed_to * rate as rate`.execute(db);
  return rows[0]?.rate ?? null;
}

/** The rate of each channel that takes texts now, beside the one it was given. */
export async function listRates(db: Db): Promise<{ id: ChannelId; full: number; now: number }[]> {
  const { rows } = await sql<{ id: ChannelId; full: number; now: number }>`
    select id, rate as full, rate_at(rate, slowed_to, slowed_at, clock_timestamp()) as now
      from channels where active`.execute(db);
  return rows;
}
