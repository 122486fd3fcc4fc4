import type { SuggestionId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { auditCase } from "./audit-case.ts";
import { lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { SUGGESTION_STATE_WORDS } from "./suggestion.ts";
import { addEvent, type EventKind, type NewEvent } from "./timeline.queries.ts";

// What every move of a case by a person starts and ends with; each move has a file of its own.

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
      ...(work.inboundId ? { inboundId: work.inboundId } : {}),
      ...more,
    },
    work.now,
  );
  await auditCase(work, suggestion, `suggestion.${kind}`);
}

/** What staff typed for the villager or for colleagues, of the length that one still reads. */
export const readWords = (text: string, longest = 200): string => cleanText(text).trim().slice(0, longest);
