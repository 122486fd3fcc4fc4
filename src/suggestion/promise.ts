import { sayDay } from "../lib/china-time.ts";
import { type Calendar, PLAN, workdaysLeft } from "../lib/workdays.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";

/** Where a case stands against its promise: the words, the colour they need, and how far along its time is. */
export type PromiseView = {
  tone: "wait" | "soon" | "late" | "done";
  words: string;
  /** The promised day, as people say it. */
  due: string;
  /** Of the time from the day it came to the day promised, 0 to 1; beyond the end it is 1. */
  gone: number;
  /** Where on the way the promised day lies: 1 is the end, less when it has been passed. */
  promised: number;
};

type Case = Pick<Suggestion, "state" | "openedAt" | "dueAt" | "answeredAt" | "closedAt">;

export function readPromise(suggestion: Case, now: Date, calendar: Calendar = PLAN): PromiseView {
  const { openedAt, dueAt } = suggestion;
  const settledAt = suggestion.answeredAt ?? suggestion.closedAt ?? now;
  const lastDay = new Date(dueAt.getTime() - 1);
  const due = sayDay(lastDay, now);
  const until = isOpen(suggestion.state) ? now : settledAt;
  const share = Math.max((until.getTime() - openedAt.getTime()) / (dueAt.getTime() - openedAt.getTime()), 0);
  const gone = Math.min(share, 1);
  const promised = share > 1 ? 1 / share : 1;
  if (!isOpen(suggestion.state)) {
    return { tone: "done", words: settledAt > dueAt ? "超期后答复" : "按时答复", due, gone, promised };
  }
  const left = workdaysLeft(dueAt, now, calendar);
  if (dueAt <= now) return { tone: "late", words: `已超 ${-left} 个工作日`, due, gone, promised };
  if (left === 0) return { tone: "soon", words: "今天到期", due, gone, promised };
  return { tone: left === 1 ? "soon" : "wait", words: `还剩 ${left} 个工作日`, due, gone, promised };
}
