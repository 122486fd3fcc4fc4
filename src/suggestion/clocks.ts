import { sayDay, sayMoment } from "../lib/china-time.ts";
import { explain, type Reckoning, reckon, type Span, sayCount, sayDayKind, saySpan } from "../lib/spans.ts";
import type { Calendar } from "../lib/workdays.ts";
import { CLOCKS, type ClockName, type Promises } from "../village/promises.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";
import type { Supervision } from "./supervision.queries.ts";

/** One date of a case: when, whether it was kept, and why it is this one, day by day. */
export type CaseClock = {
  name: ClockName;
  title: string;
  span: Span | null;
  from: Date;
  until: Date;
  state: "running" | "kept" | "late";
  /** "Why this date?" in words. */
  why: string;
  days: Reckoning["days"];
  source: string;
};

type Rules = { promises: Promises; calendar: Calendar };
type Timed = Pick<
  Suggestion,
  | "state"
  | "urgent"
  | "openedAt"
  | "roundAt"
  | "dueAt"
  | "toldDueAt"
  | "extendedOnce"
  | "firstResponseAt"
  | "answeredAt"
  | "ratedAt"
  | "closedAt"
>;

/** Every clock that runs or ran for a case in this round, each with its explanation. Pure. */
export function caseClocks(one: Timed, orders: readonly Supervision[], rules: Rules, now: Date): CaseClock[] {
  const clock = (name: ClockName, from: Date, doneAt: Date | null, done = doneAt !== null): CaseClock => {
    const reckoning = reckon(rules.promises[name], from, rules.calendar);
    return { ...describe(name, reckoning), state: stateOf(reckoning.until, doneAt, done, now) };
  };
  const clocks = [
    clock(one.urgent ? "urgentResponse" : "firstResponse", one.openedAt, one.firstResponseAt),
    clock(
      "acceptance",
      one.openedAt,
      one.state === "registered" ? null : one.firstResponseAt,
      one.state !== "registered",
    ),
    resultClock(one, rules, now),
  ];
  for (const order of orders.filter(({ issuedAt }) => issuedAt >= one.roundAt)) {
    const reckoning = reckon(rules.promises.township, order.issuedAt, rules.calendar);
    const set = order.issuedBy !== null || order.replyBy.getTime() !== reckoning.until.getTime();
    const base = describe("township", reckoning);
    const by = order.issuedBy === null ? "" : `${order.issuedBy}在督办单上`;
    clocks.push({
      ...base,
      title: `乡镇督办（第${order.nth}次）`,
      ...(set
        ? { until: order.replyBy, span: null, days: [], why: `${by}定的回复日期是${lastDay(order.replyBy, now)}。` }
        : {}),
      state: stateOf(order.replyBy, settledAt(one), !isOpen(one.state), now),
    });
  }
  if (one.answeredAt !== null && one.answeredAt >= one.roundAt) {
    const rated = one.ratedAt ?? one.closedAt;
    clocks.push(clock("callBack", one.answeredAt, rated, one.state !== "answered"));
    clocks.push(clock("rating", one.answeredAt, rated, one.state !== "answered"));
  }
  return clocks;
}

const describe = (name: ClockName, reckoning: Reckoning): Omit<CaseClock, "state"> => ({
  name,
  title: CLOCKS[name].words,
  span: reckoning.span,
  from: reckoning.from,
  until: reckoning.until,
  why: explain(reckoning),
  days: reckoning.days,
  source: CLOCKS[name].source,
});

/** The date that counts is the case's own: extended, or moved with the villager told another, it says how it came. */
function resultClock(one: Timed, { promises, calendar }: Rules, now: Date): CaseClock {
  const reckoning = reckon(promises.result, one.roundAt, calendar);
  const plain = { ...describe("result", reckoning), until: one.dueAt };
  const state = stateOf(one.dueAt, settledAt(one), !isOpen(one.state), now);
  if (reckoning.until.getTime() === one.dueAt.getTime()) {
    const told = one.toldDueAt === null ? "" : `村民先前知道的是${lastDay(one.toldDueAt, now)}。`;
    return { ...plain, why: plain.why + told, state };
  }
  const why = one.extendedOnce
    ? `按规定是${lastDay(reckoning.until, now)}；后来延期到${lastDay(one.dueAt, now)}，原因已发给村民，写在经过里。`
    : `按现在的时限和日历是${lastDay(reckoning.until, now)}；已经定下的${lastDay(one.dueAt, now)}不变，经过里写着怎么来的。`;
  return { ...plain, why: `${why}${explain(reckoning)}`, state };
}

const settledAt = (one: Timed): Date | null => (isOpen(one.state) ? null : (one.answeredAt ?? one.closedAt));

function stateOf(until: Date, doneAt: Date | null, done: boolean, now: Date): CaseClock["state"] {
  if (doneAt !== null && done) return doneAt <= until ? "kept" : "late";
  if (done) return "kept";
  return now < until ? "running" : "late";
}

/** A date that ends at 24:00 is the day before that midnight. */
const lastDay = (until: Date, now: Date): string => sayDay(new Date(until.getTime() - 1), now);

/** For the page: words only. */
export const describeClock = (clock: CaseClock, now: Date) => ({
  title: clock.title,
  span: clock.span === null ? null : saySpan(clock.span),
  until: clock.span?.unit === "hours" ? sayMoment(clock.until, now) : lastDay(clock.until, now),
  tone: clock.state === "running" ? "" : clock.state === "kept" ? "done" : "late",
  state: { running: "还在走", kept: "按时", late: "超过了" }[clock.state],
  why: clock.why,
  source: clock.source,
  days: clock.days.map((one) => ({
    date: one.date,
    counts: one.count !== null,
    words: sayCount(one),
    kind: sayDayKind(one.day),
    assumed: one.day.assumed,
  })),
});
