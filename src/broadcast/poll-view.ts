import { shareBar } from "../web/charts.ts";
import type { PollResult } from "./poll.ts";

/** A poll's result for its page: each option in words and as a bar; null for a notice that is no poll. */
export function describeVotes(results: readonly PollResult[] | null, closesAt: Date | null, now: Date) {
  if (results === null) return null;
  const all = results.reduce((sum, { votes }) => sum + votes, 0);
  return {
    all,
    closesAt,
    open: closesAt !== null && closesAt > now,
    options: results.map(({ option, votes }) => ({
      option,
      votes,
      percent: all === 0 ? 0 : Math.round((votes / all) * 100),
      bar: shareBar(all === 0 ? 0 : votes / all),
    })),
  };
}
