import type { Moves } from "../lib/moves.ts";

export const SUGGESTION_STATES = [
  "registered",
  "accepted",
  "assigned",
  "working",
  "need_info",
  "answered",
  "reopened",
  "closed",
  "merged",
  "declined",
  "transferred",
] as const;
export type SuggestionState = (typeof SUGGESTION_STATES)[number];

/**
 * The life of a suggestion. Only the villager's word — or his silence, counted apart — closes it.
 *
 *   registered ─▶ accepted ─▶ assigned ─▶ working ◀─▶ need_info
 *        │            └───────────┴──────────┴──▶ answered ─▶ closed     rated 1 or 2, or never rated
 *        │                                           └──▶ reopened       rated 3 or 4; again like `accepted`
 *        └─▶ merged | declined | transferred
 *
 * `need_info` may follow any open state, and ends with the villager's next text, or after three days without one. The committee itself may reopen
 * what it answered, closed, declined or passed on.
 *
 * "Overdue" and "escalated" are facts about an open case (its date, its escalation), not states of it.
 */
export const SUGGESTION_MOVES: Moves<SuggestionState> = {
  registered: ["accepted", "assigned", "need_info", "answered", "merged", "declined", "transferred"],
  accepted: ["assigned", "working", "need_info", "answered", "merged", "declined", "transferred"],
  assigned: ["assigned", "working", "need_info", "answered", "merged", "declined", "transferred"],
  working: ["assigned", "need_info", "answered", "merged", "transferred"],
  need_info: ["working", "answered", "merged", "declined", "transferred"],
  answered: ["closed", "reopened"],
  reopened: ["accepted", "assigned", "working", "need_info", "answered", "merged", "transferred"],
  closed: ["reopened"],
  merged: [],
  declined: ["reopened"],
  transferred: ["reopened"],
};

export const SUGGESTION_STATE_WORDS: Record<SuggestionState, string> = {
  registered: "新到，等受理",
  accepted: "已受理",
  assigned: "已交办",
  working: "办理中",
  need_info: "等村民补充",
  answered: "已答复，等评价",
  reopened: "重新办理",
  closed: "已办结",
  merged: "已并入别件",
  declined: "不予受理",
  transferred: "已转有关部门",
};

/** `42`; a sealed case counts apart: `密1`. */
export const sayNumber = ({ number, sealed }: { number: number; sealed: boolean }): string =>
  sealed ? `密${number}` : String(number);

/** Somebody still owes the villager an answer. */
export const OPEN_STATES: readonly SuggestionState[] = [
  "registered",
  "accepted",
  "assigned",
  "working",
  "need_info",
  "reopened",
];
export const isOpen = (state: SuggestionState): boolean => OPEN_STATES.includes(state);

export const NATURES = ["consult", "help", "complaint", "suggestion", "report", "thanks"] as const;
export type Nature = (typeof NATURES)[number];
export const NATURE_WORDS: Record<Nature, string> = {
  consult: "咨询",
  help: "求助",
  complaint: "投诉",
  suggestion: "建议",
  report: "举报",
  thanks: "感谢",
};

/** Five honest ways to answer: what the village cannot solve has a truthful one too. */
export const RESULT_KINDS = ["solved", "partly", "planned", "explained", "transferred"] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];
export const RESULT_WORDS: Record<ResultKind, string> = {
  solved: "已解决",
  partly: "部分解决",
  planned: "列入计划",
  explained: "解释说明",
  transferred: "已转上级",
};

export const RATING_WORDS = { 1: "满意", 2: "基本满意", 3: "不满意", 4: "没解决" } as const;
export type Rating = keyof typeof RATING_WORDS;

/** What a rating does to an answered case. */
export const afterRating = (rating: Rating): "closed" | "reopened" => (rating <= 2 ? "closed" : "reopened");

/** Where somebody of the village heard what an elder without a phone said. */
export const HEARD_WORDS = { visit: "入户走访", call: "接到电话", office: "来村委会", meeting: "会上" } as const;
export type Heard = keyof typeof HEARD_WORDS;

export const QUESTION_KINDS = ["rating", "poll", "confirmation", "policy", "info"] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];
