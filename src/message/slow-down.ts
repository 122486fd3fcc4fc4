import { isTooFast } from "../carrier/refusals.ts";
import type { Db } from "../db/connect.ts";
import { SECOND } from "../lib/clock.ts";
import type { ChannelId } from "../lib/ids.ts";
import type { Log } from "../log.ts";
import type { CallResult } from "./record.queries.ts";
import { halveRate } from "./slow-down.queries.ts";

/**
 * When the carrier answers "too fast", going on at the same rate only makes more of these answers. The channel's rate
 * halves and grows back over a minute (`rate_at`). The texts keep their place: they are the oldest when they come back.
 */
export async function slowDown(
  deps: { system: Db; log: Log; onSlowDown?(): void },
  results: readonly CallResult[],
): Promise<void> {
  const newest = new Map<ChannelId, CallResult>();
  for (const result of results) {
    if (result.outcome !== "not_taken" || !isTooFast(result.code)) continue;
    const known = newest.get(result.channelId);
    if (!known || known.calledAt < result.calledAt) newest.set(result.channelId, result);
  }
  for (const [channelId, { calledAt, code }] of newest) {
    const rate = await halveRate(deps.system, channelId, calledAt);
    if (rate === null) continue;
    deps.onSlowDown?.();
    deps.log.warn({ channelId, code, rate }, "the carrier says too fast; the channel slows down");
  }
}

/** 1 s, 2 s, 4 s, 8 s: the channel's own rate does the waiting, so a text need not wait long for its next turn. */
export const shortBackOff = (attempt: number, random = Math.random): number =>
  Math.min(2 ** (attempt - 1), 8) * SECOND * (0.9 + 0.2 * random());
