import type { ResultKind } from "../suggestion/suggestion.ts";
import type { When } from "./calendar.ts";

/** One suggestion of the demo: who texted what and when, and what became of it. */
export type Case = { from: string; at: When; text: string; steps: readonly Step[] };

/** Something that happened so many days after the case came. */
export type Step = { day: number; clock: string; deed: Deed };

/** Who of the village acts: `cadre` is the one of the villager's grid. */
export type Hand = "cunwu" | "shuji" | "cadre";

export type Deed =
  | { does: "accept" }
  | { does: "assign" }
  | { does: "note"; by: Hand; text: string }
  | { does: "answer"; by: Hand; kind: ResultKind; text: string; plannedInDays: number | null }
  | { does: "extend"; workdays: number; reason: string }
  | { does: "decline"; reason: string }
  | { does: "escalate"; reason: string }
  | { does: "answer by text"; by: "cadre" | "shuji"; text: string }
  | { does: "text"; text: string }
  | { does: "lapse" };

// The words that the two lists of cases are written in.

export const on = (day: number, clock: string, deed: Deed): Step => ({ day, clock, deed });

/** By the clerk. */
export const accept: Deed = { does: "accept" };
/** By the secretary, to the cadre of the villager's grid. */
export const assign: Deed = { does: "assign" };
export const note = (by: Hand, text: string): Deed => ({ does: "note", by, text });
/** A plan's day counts from today, so that it still lies ahead. */
export const answer = (by: Hand, kind: ResultKind, text: string, plannedInDays: number | null = null): Deed => ({
  does: "answer",
  by,
  kind,
  text,
  plannedInDays,
});
/** From his own phone, in reply to the text that told him of the case. */
export const answerByText = (by: "cadre" | "shuji", text: string): Deed => ({ does: "answer by text", by, text });
export const extend = (workdays: number, reason: string): Deed => ({ does: "extend", workdays, reason });
export const decline = (reason: string): Deed => ({ does: "decline", reason });
export const escalate = (reason: string): Deed => ({ does: "escalate", reason });
/** The villager texts again: his verdict. */
export const texts = (text: string): Deed => ({ does: "text", text });
/** He never did, and the case closes by itself. */
export const lapse: Deed = { does: "lapse" };
