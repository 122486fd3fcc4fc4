import type { BarPart } from "../../web/charts.ts";
import type { Unit } from "../audience/audience.ts";
import type { Counts } from "../audience/recipients.queries.ts";

/** The counts of a broadcast as people ask for them: how many have it, are waited for, never got it. */
export type Progress = {
  delivered: number;
  /** Handed over, no word from the phone yet. */
  underWay: number;
  /** Not handed over yet. */
  waiting: number;
  doubtful: number;
  lost: number;
  suppressed: number;
  canceled: number;
  total: number;
};

export function readProgress(counts: Counts): Progress {
  const n = (...states: (keyof Counts)[]) => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const progress = {
    delivered: n("delivered"),
    underWay: n("accepted", "sent"),
    waiting: n("pending", "claimed"),
    doubtful: n("unknown"),
    lost: n("undelivered", "failed"),
    suppressed: n("suppressed"),
    canceled: n("canceled"),
  };
  const everybody = Object.values(progress).reduce((sum, part) => sum + part, 0);
  return { ...progress, total: everybody - progress.suppressed };
}

export const barParts = (progress: Progress): BarPart[] => [
  { kind: "delivered", n: progress.delivered },
  { kind: "under-way", n: progress.underWay },
  { kind: "waiting", n: progress.waiting },
  { kind: "doubt", n: progress.doubtful },
  { kind: "lost", n: progress.lost },
  { kind: "waiting", n: progress.canceled },
];

/** One sentence: what is done first, then what is open. */
export function sayProgress(progress: Progress, unit: Unit): string {
  const open = [
    progress.waiting > 0 ? `${progress.waiting} ${unit}还没发` : "",
    progress.underWay > 0 ? `${progress.underWay} ${unit}在路上` : "",
    progress.doubtful > 0 ? `${progress.doubtful} ${unit}结果不明` : "",
    progress.lost > 0 ? `${progress.lost} ${unit}没收到` : "",
  ].filter((part) => part !== "");
  return [`已送达 ${progress.delivered} ${unit}`, ...open].join("，");
}
