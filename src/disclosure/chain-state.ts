import { type IsoDay, isIsoDay } from "../lib/iso-day.ts";
import { mayMove } from "../lib/moves.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Calendar } from "../lib/workdays.ts";
import type { GroundRules } from "./catalogue.ts";
import { CHAINS, type ChainKind, type ChainStep, movesOf, type Share, stepsOf } from "./chain.ts";
import { type DueDate, dueAfterEvent, dueBefore, sayIsoDay } from "./due-date.ts";

/** What was noted of a step: when, and where one votes, how many should have come, came and agreed. */
export type StepDone = { doneOn: IsoDay; eligible: number | null; present: number | null; agreeing: number | null };
/** A chain as its rows have it. A publication's step is done on the day it was posted. */
export type ChainFacts = {
  kind: ChainKind;
  heldOn: IsoDay;
  noticeDays: number | null;
  done: Readonly<Record<string, StepDone>>;
};

/** The last of the steps that were done in their turn, or `start`. */
export function standsAt({ kind, done }: ChainFacts): string {
  const steps = stepsOf(kind);
  const open = steps.findIndex((step) => !done[step.key]);
  return (open === -1 ? steps.at(-1) : steps[open - 1])?.key ?? "start";
}

/** The step that may come next; null when all are done. */
export function nextStep(chain: ChainFacts): ChainStep | null {
  const moves = movesOf(chain.kind);
  return stepsOf(chain.kind).find((step) => mayMove(moves, standsAt(chain), step.key)) ?? null;
}

/** By when a step must be done; null while it hangs on one that is not done, and where nothing sets a day. */
export function dueOfStep(
  step: ChainStep,
  chain: ChainFacts,
  rules: { ground: Pick<GroundRules, "event">; calendar: Calendar },
): DueDate | null {
  const { day } = step;
  switch (day.kind) {
    case "free":
      return null;
    case "held":
      return { on: chain.heldOn, why: `${CHAINS[chain.kind].words}定在${sayIsoDay(chain.heldOn)}。` };
    case "before":
      return dueBefore(chain.heldOn, day.days === "notice" ? (chain.noticeDays ?? 0) : day.days);
    case "after": {
      const base = chain.done[day.step];
      if (!base) return null;
      const span = day.days === "event" ? rules.ground.event : ({ amount: day.days, unit: "calendar_days" } as const);
      return dueAfterEvent(base.doneOn, span, rules.calendar);
    }
  }
}

export type TickWish = { step: string; doneOn: string; eligible: number; present: number; agreeing: number };

/** Whether a step may be ticked so: in its turn, on a day that has come, and with the votes that make it valid. Pure. */
export function checkTick(chain: ChainFacts, wish: TickWish, today: IsoDay): Outcome<StepDone> {
  const step = nextStep(chain);
  if (!step) return refusal("move_not_allowed", "这件事的步骤都走完了");
  if (step.key !== wish.step) {
    return refusal("move_not_allowed", `要按顺序来，现在该办的是“${step.words}”`);
  }
  if (step.publishes) return refusal("move_not_allowed", "这一步是公开，请在公开的页面上记下贴公开栏的日期");
  const errors: FieldError[] = [];
  const before = chain.done[standsAt(chain)]?.doneOn ?? "";
  if (!isIsoDay(wish.doneOn) || wish.doneOn > today) {
    errors.push({ field: "doneOn", message: "请选是哪天办的，不能晚于今天" });
  } else if (wish.doneOn < before) {
    errors.push({ field: "doneOn", message: `上一步是${sayIsoDay(before)}办的，这一步不能更早` });
  }
  if (step.vote) errors.push(...voteProblems(step.vote, wish));
  if (errors.length > 0) return invalid(...errors);
  const { eligible, present, agreeing } = step.vote ? wish : { eligible: null, present: null, agreeing: null };
  return ok({ doneOn: wish.doneOn, eligible, present, agreeing });
}

type Vote = NonNullable<ChainStep["vote"]>;

function voteProblems(vote: Vote, { eligible, present, agreeing }: TickWish): FieldError[] {
  const whole = (n: number) => Number.isInteger(n) && n >= 0;
  if (!whole(eligible) || eligible < 1 || eligible > 100_000) {
    return [{ field: "eligible", message: `请写应到多少${vote.who}` }];
  }
  if (!whole(present) || present > eligible) {
    return [{ field: "present", message: `请写到了多少人，不超过应到的 ${eligible} 人` }];
  }
  if (!whole(agreeing) || agreeing > present) {
    return [{ field: "agreeing", message: `请写多少人同意，不超过到会的 ${present} 人` }];
  }
  const needed = least(vote.presentOver, eligible);
  if (present < needed) {
    return [
      { field: "present", message: `应到 ${eligible} 人，至少到 ${needed} 人才有效（${vote.law}）；没有开成就先不记` },
    ];
  }
  const of = vote.agreeOf === "present" ? present : eligible;
  const enough = least(vote.agreeOver, of);
  if (agreeing >= enough) return [];
  return [{ field: "agreeing", message: `至少 ${enough} 人同意才算通过（${vote.law}）；没有通过，可以停下这件事` }];
}

/** The smallest whole number that reaches the share: two thirds of 20 are 14, more than half of 20 are 11. */
export const least = ({ of: [part, whole], atLeast }: Share, n: number): number =>
  atLeast ? Math.ceil((n * part) / whole) : Math.floor((n * part) / whole) + 1;
