import { audit } from "../db/audit.queries.ts";
import { sayDate } from "../lib/china-time.ts";
import type { ActorId, SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { endOfSpan, saySpan } from "../lib/spans.ts";
import { cleanText } from "../lib/text.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import { getVillage } from "../village/village.queries.ts";
import { tellFollowers } from "./follow-main.ts";
import { escalatedInRound } from "./ladder.ts";
import { changeSuggestion, lockSuggestion, moveSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen, SUGGESTION_STATE_WORDS } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";
import { addEvent, type EventKind, type NewEvent } from "./timeline.queries.ts";

/**
 * Locks a case for an action of this person. A township's supervisor acts only on what has climbed to him; a cadre
 * does not even find a case that is not his.
 */
export async function takeSuggestion(work: Work, id: SuggestionId): Promise<Outcome<Suggestion>> {
  const suggestion = await lockSuggestion(work.tx, id);
  if (!suggestion) return refusal("not_found", "没有这件意见");
  if (work.actor.role === "township" && suggestion.escalatedAt === null && !suggestion.sealed) {
    return refusal("forbidden", "这件还没有上报到乡镇，由村里办理");
  }
  return ok(suggestion);
}

export const notAllowed = (suggestion: Suggestion): Outcome<never> =>
  refusal("move_not_allowed", `这件现在是“${SUGGESTION_STATE_WORDS[suggestion.state]}”，不能这样办`);

/** The first thing a person does counts as the response; the automatic receipt never does. */
export const responseNow = (suggestion: Suggestion, now: Date) =>
  suggestion.firstResponseAt === null ? { first_response_at: now } : {};

export async function write(
  work: Work,
  suggestion: Suggestion,
  kind: EventKind,
  more: Pick<NewEvent, "text" | "messageId"> = {},
): Promise<void> {
  await addEvent(
    work.tx,
    {
      suggestionId: suggestion.id,
      villageId: suggestion.villageId,
      actorId: work.actor.id,
      voice: "staff",
      kind,
      ...more,
    },
    work.now,
  );
  await audit(work, {
    chain: suggestion.villageId,
    action: `suggestion.${kind}`,
    subject: "suggestion",
    subjectId: suggestion.id,
  });
}

export async function acceptSuggestion(work: Work, id: SuggestionId): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  if (!(await moveSuggestion(work.tx, id, "accepted", responseNow(taken.value, work.now))))
    return notAllowed(taken.value);
  await write(work, taken.value, "accepted");
  return taken;
}

/** Gives the case to somebody of the village; `to` is an account's id or a full name. */
export async function assignSuggestion(work: Work, id: SuggestionId, to: string): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const handlers = await listHandlers(work.tx, taken.value.villageId);
  const handler = handlers.find((one) => one.id === to || one.name === to.trim());
  if (!handler) return invalid({ field: "to", message: "请选一位承办人" });
  const change = { owner_id: handler.id as ActorId, ...responseNow(taken.value, work.now) };
  if (!(await moveSuggestion(work.tx, id, "assigned", change))) return notAllowed(taken.value);
  await write(work, taken.value, "assigned", { text: `交给${handler.name}${handler.post}` });
  return taken;
}

/** A line of the diary (民情日记): for colleagues, never for the villager. */
export async function noteSuggestion(work: Work, id: SuggestionId, text: string): Promise<Outcome<Suggestion>> {
  const note = cleanText(text).trim().slice(0, 2000);
  if (note === "") return invalid({ field: "text", message: "请写下要记的内容" });
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  await write(work, taken.value, "note", { text: note });
  return taken;
}

/** Once, within the village's limit, with a reason that the villager is told. */
export async function extendSuggestion(
  work: Work,
  id: SuggestionId,
  wish: { reason: string; dueAt: Date },
): Promise<Outcome<Suggestion>> {
  const reason = cleanText(wish.reason).trim().slice(0, 200);
  if (reason === "") return invalid({ field: "reason", message: "请写明为什么延期，这句话会发给村民" });
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  if (!isOpen(suggestion.state)) return notAllowed(suggestion);
  if (suggestion.extendedOnce) return refusal("move_not_allowed", "已经延期过一次，不能再延");
  const village = await getVillage(work.tx, suggestion.villageId);
  const latest = endOfSpan(village.promises.extension, new Date(suggestion.dueAt.getTime() - 1), village.calendar);
  if (wish.dueAt <= suggestion.dueAt) return invalid({ field: "dueAt", message: "新的日期要晚于原来承诺的日期" });
  if (wish.dueAt > latest) {
    const day = sayDate(new Date(latest.getTime() - 1), work.now);
    return invalid({ field: "dueAt", message: `最多延到 ${day}（${saySpan(village.promises.extension)}）` });
  }
  await changeSuggestion(work.tx, id, {
    due_at: wish.dueAt,
    extended_once: true,
    ...responseNow(suggestion, work.now),
  });
  const due = sayDate(new Date(wish.dueAt.getTime() - 1), work.now);
  const say = (number: number) => renderSms("extended", { number: String(number), reason, due });
  const text = say(suggestion.number);
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  await tellFollowers(work, village, suggestion, "extended", say);
  await write(work, suggestion, "extended", { text, ...(messageId ? { messageId } : {}) });
  return taken;
}

/** Not taken on, with the reason and the proper channel: "not our job" alone is being fobbed off. */
export async function declineSuggestion(work: Work, id: SuggestionId, why: string): Promise<Outcome<Suggestion>> {
  const reason = cleanText(why).trim().slice(0, 200);
  if (reason === "") return invalid({ field: "reason", message: "请写明为什么办不了，该找哪里，这句话会发给村民" });
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  const change = { closed_at: work.now, ...responseNow(suggestion, work.now) };
  if (!(await moveSuggestion(work.tx, id, "declined", change))) return notAllowed(suggestion);
  const village = await getVillage(work.tx, suggestion.villageId);
  const say = (number: number) => renderSms("declined", { number: String(number), reason });
  const text = say(suggestion.number);
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  await tellFollowers(work, village, suggestion, "declined", say);
  await write(work, suggestion, "declined", { text, ...(messageId ? { messageId } : {}) });
  return taken;
}

/** Up to the township: the case stays open and keeps its date. */
export async function escalateSuggestion(work: Work, id: SuggestionId, reason: string): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  if (!isOpen(taken.value.state) || escalatedInRound(taken.value) !== null) return notAllowed(taken.value);
  await changeSuggestion(work.tx, id, { escalated_at: work.now });
  await write(work, taken.value, "escalated", { text: cleanText(reason).trim().slice(0, 200) });
  return taken;
}
