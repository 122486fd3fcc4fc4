import { sayDate } from "../lib/china-time.ts";
import { shorten } from "../lib/text.ts";
import { renderSms } from "../message/templates.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen, RESULT_WORDS, type SuggestionState } from "./suggestion.ts";
import { sayOwner } from "./tell-villager.ts";

/** How far a case is, for whoever wrote it. Staff read other words (SUGGESTION_STATE_WORDS). */
const STATE_FOR_VILLAGER: Record<SuggestionState, string> = {
  registered: "已登记",
  accepted: "已受理",
  assigned: "已交人办",
  working: "正在办",
  need_info: "等您补充情况",
  reopened: "正在重新办",
  answered: "已答复",
  closed: "已办结",
  merged: "和别户反映的同一件事一起办",
  declined: "村里办不了，原因已告诉您",
  transferred: "已转给上级部门办",
};

const TOPIC = 10;
const ANSWER = 30;
/** With the signature and the longest line of each they fit three segments. */
const MOST_LINES = 3;

/** One line for a case: state, who, by when; a date that was missed is not hidden. */
export function sayCase(own: Suggestion, now: Date): string {
  const about = { number: String(own.number), topic: shorten(own.text, TOPIC), state: STATE_FOR_VILLAGER[own.state] };
  if (isOpen(own.state)) {
    // A promise ends with the last moment of its day.
    const due = sayDate(new Date(own.dueAt.getTime() - 1), now);
    const owner = sayOwner(own.owner === null ? null : { name: own.owner, post: own.ownerPost });
    return renderSms(own.dueAt <= now ? "status-late" : "status-open", { ...about, owner, due });
  }
  if (own.answer === null || own.resultKind === null || own.answeredAt === null)
    return renderSms("status-ended", about);
  return renderSms("status-answered", {
    number: about.number,
    topic: about.topic,
    date: sayDate(own.answeredAt, now),
    result: RESULT_WORDS[own.resultKind],
    answer: shorten(own.answer, ANSWER),
  });
}

/** Everything a household waits for, and what it was told last, in at most three segments. */
export function sayCases(own: { open: readonly Suggestion[]; answered: Suggestion | null }, now: Date): string {
  const shown = own.open.slice(0, own.answered ? MOST_LINES - 1 : MOST_LINES);
  const lines = [...shown, ...(own.answered ? [own.answered] : [])].map((one) => sayCase(one, now));
  const more = own.open.length - shown.length;
  if (own.open.length === 0) lines.unshift(renderSms(lines.length === 0 ? "status-none" : "status-nothing-open", {}));
  else if (more > 0) lines.push(renderSms("status-more", { count: String(more) }));
  return lines.join("");
}
