import { EVENT_WORDS } from "../broadcast.ts";
import type { BroadcastEvent } from "../events.queries.ts";

export type HistoryLine = {
  at: Date;
  who: string;
  what: string;
  note: string /** A remark among staff. */;
  said: boolean;
};

/**
 * What happened to a notice, line by line, oldest first. What the service sends again by itself it does in many small
 * rounds: those in a row are one line, with their sum, at the moment of the last.
 */
export function describeHistory(events: readonly BroadcastEvent[]): HistoryLine[] {
  const lines: HistoryLine[] = [];
  let sum = 0;
  for (const [i, { at, actor, kind, note }] of events.entries()) {
    const line = { at, who: actor ?? "", what: EVENT_WORDS[kind] ?? kind, note, said: kind === "commented" };
    if (kind !== "resent_itself") {
      lines.push(line);
      continue;
    }
    const goesOn = events[i - 1]?.kind === kind;
    sum = (goesOn ? sum : 0) + Number.parseInt(note, 10);
    if (goesOn) lines.pop();
    lines.push({ ...line, note: `${sum} 条，紧急通知宁可收到两遍，不能收不到` });
  }
  return lines;
}
