import { quorumBar, shareBar } from "../../web/charts.ts";
import { type PollResult, QUORUM_SHARES, type Quorum } from "./poll.ts";

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

export type Turnout = { doors: number; votes: number; needed: number; met: boolean };

/** Whether enough doors took part: more than a half of them, or two thirds. A phone that several doors share has one vote. */
export function countTurnout(quorum: Quorum, votes: number, doors: number): Turnout {
  const needed = quorum === "half" ? Math.floor(doors / 2) + 1 : Math.ceil((doors * 2) / 3);
  return { doors, votes, needed, met: doors > 0 && votes >= needed };
}

/** The same in words and as a bar with a line. */
export function describeTurnout(quorum: Quorum, { doors, votes, needed, met }: Turnout) {
  const { words } = QUORUM_SHARES[quorum];
  return {
    met,
    bar: doors === 0 ? "" : quorumBar(votes / doors, needed / doors),
    words: met
      ? `${doors} 户里 ${votes} 户表了态，够${words}（${needed} 户）了`
      : `${doors} 户里 ${votes} 户表了态，${words}要 ${needed} 户，还差 ${needed - votes} 户`,
  };
}
