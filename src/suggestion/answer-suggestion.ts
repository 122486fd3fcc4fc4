import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { endOfSpan } from "../lib/spans.ts";
import { countSegments } from "../message/segments.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { refuseNamed } from "./choose-handler.ts";
import { answerFollowers } from "./follow-main.ts";
import { notAllowed, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import { askQuestion, closeQuestions } from "./question.queries.ts";
import { type AnswerWish, readAnswer } from "./read-answer.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { RESULT_WORDS, sayNumber } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";

/** An answer is a text message: more than this and nobody reads it on a phone. */
const MAX_ANSWER_SEGMENTS = 6;

/** The text that a villager will read, without the signature. */
export const writeAnswer = (of: { number: number; sealed: boolean }, text: string): string =>
  renderSms("answer", { number: sayNumber(of), answer: text });

/**
 * The answer goes out at once, ahead of every broadcast, and asks for one digit. The case is closed by the villager's
 * word, not by this.
 */
export async function answerSuggestion(work: Work, id: SuggestionId, wish: AnswerWish): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  const free = await refuseNamed(work, suggestion);
  if (!free.ok) return free;
  const read = readAnswer(wish, work.now);
  if (!read.ok) return read;
  const { resultKind, text, plannedFor } = read.value;
  const village = await getVillage(work.tx, suggestion.villageId);
  const body = writeAnswer(suggestion, text);
  const { segments } = countSegments(writeSignature(village.signature) + body);
  if (segments > MAX_ANSWER_SEGMENTS) {
    return invalid({ field: "text", message: `答复太长（${segments} 条），请精简到 ${MAX_ANSWER_SEGMENTS} 条以内` });
  }
  const moved = await moveSuggestion(work.tx, id, "answered", {
    answered_at: work.now,
    result_kind: resultKind,
    planned_for: plannedFor,
    answer: text,
    rating: null,
    rated_at: null,
    rated_orally: false,
    told_at: null,
    ...responseNow(suggestion, work.now),
  });
  if (!moved) return notAllowed(suggestion);
  await closeQuestions(work.tx, id, work.now);
  const messageId = await tellVillager(work, village, suggestion, "answer", body);
  if (messageId && suggestion.phoneHash) {
    await askQuestion(
      work.tx,
      {
        villageId: village.id,
        phoneHash: suggestion.phoneHash,
        kind: "rating",
        messageId,
        suggestionId: id,
        expiresAt: endOfSpan(village.promises.rating, work.now, village.calendar),
      },
      work.now,
    );
  }
  await answerFollowers(work, village, suggestion, { resultKind, text, plannedFor });
  await write(work, suggestion, "answered", {
    text: `${RESULT_WORDS[resultKind]}：${text}`,
    ...(messageId ? { messageId } : {}),
  });
  return ok(suggestion);
}
