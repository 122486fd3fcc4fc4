import { daysBetween, type IsoDay } from "../lib/iso-day.ts";
import type { Calendar } from "../lib/workdays.ts";
import type { GroundRules } from "./catalogue.ts";
import type { ChainRow } from "./chain.queries.ts";
import { CHAINS, type ChainStep, stepsOf } from "./chain.ts";
import { type ChainFacts, dueOfStep, nextStep, type StepDone } from "./chain-state.ts";
import type { Disclosure } from "./disclosure.queries.ts";
import { type DueDate, sayIsoDay } from "./due-date.ts";
import type { Tone } from "./obligation.ts";

/** One chain as a line of a list. */
export function sayChain(row: ChainRow, facts: ChainFacts) {
  const next = nextStep(facts);
  const done = stepsOf(row.kind).filter((step) => facts.done[step.key]).length;
  const running = next !== null && row.stoppedAt === null;
  return {
    id: row.id,
    title: row.title,
    kind: CHAINS[row.kind].words,
    running,
    tone: (running ? "wait" : row.stoppedAt ? "off" : "done") satisfies Tone,
    words: row.stoppedAt ? "停下了" : next ? `下一步：${next.words}` : "走完了",
    done,
    all: stepsOf(row.kind).length,
  };
}

type Rules = { ground: Pick<GroundRules, "event">; calendar: Calendar };

/** Its steps one under the other, each with its day and why, and what may be ticked now. */
export function describeChain(
  row: ChainRow,
  facts: ChainFacts,
  published: readonly Disclosure[],
  rules: Rules,
  today: IsoDay,
) {
  const next = row.stoppedAt === null ? nextStep(facts) : null;
  const steps = stepsOf(row.kind).map((step) => {
    const due = dueOfStep(step, facts, rules);
    const posting = published.find((one) => one.chainStep === step.key);
    const done = facts.done[step.key] ?? null;
    return {
      key: step.key,
      words: step.words,
      note: step.note ?? "",
      due: due && `最晚${sayIsoDay(due.on)}`,
      why: due?.why ?? "",
      ...lookOf(done, due, step === next, today),
      votes: done && sayVotes(step, done),
      link: posting ? { item: posting.item, period: posting.period } : null,
    };
  });
  return {
    chain: { ...sayChain(row, facts), starter: row.starter, startedAt: row.startedAt },
    steps,
    // A publication is noted on its own page.
    tick: next && !next.publishes ? { key: next.key, words: next.words, vote: next.vote ?? null } : null,
  };
}

function lookOf(
  done: StepDone | null,
  due: DueDate | null,
  isNext: boolean,
  today: IsoDay,
): { tone: Tone; state: string } {
  if (done) {
    const late = due === null ? 0 : daysBetween(due.on, done.doneOn);
    const on = sayIsoDay(done.doneOn);
    return late > 0 ? { tone: "done-late", state: `${on}，晚了 ${late} 天` } : { tone: "done", state: on };
  }
  if (due !== null && today > due.on) return { tone: "late", state: `超了 ${daysBetween(due.on, today)} 天` };
  return isNext ? { tone: "soon", state: "该办这一步" } : { tone: "off", state: "还没到" };
}

const sayVotes = (step: ChainStep, { eligible, present, agreeing }: StepDone): string =>
  eligible === null ? "" : `应到${step.vote?.who ?? ""} ${eligible} 人，到了 ${present} 人，${agreeing} 人同意`;
