import { dayNumber, fromLocal, sayDate } from "../lib/china-time.ts";
import { findDate } from "../lib/chinese-dates.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { endOfSpan } from "../lib/spans.ts";
import { cleanText } from "../lib/text.ts";
import { countSegments } from "../message/segments.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { answerFollowers } from "./follow-main.ts";
import { notAllowed, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import { askQuestion, closeQuestions } from "./question.queries.ts";
import { moveSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { RESULT_KINDS, RESULT_WORDS, type ResultKind } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";

export type AnswerWish = { resultKind: string; text: string; plannedFor?: string | undefined };

/** An answer is a text message: more than this and nobody reads it on a phone. */
const MAX_ANSWER_SEGMENTS = 6;

/** Accepts the code or the word that people know. */
export const readResultKind = (word: string): ResultKind | undefined =>
  RESULT_KINDS.find((kind) => kind === word.trim() || RESULT_WORDS[kind] === word.trim());

/** The text that a villager will read, without the signature. */
export const writeAnswer = (number: number, text: string): string =>
  renderSms("answer", { number: String(number), answer: text });

/**
 * The answer goes out at once, ahead of every broadcast, and asks for one digit. The case is closed by the villager's
 * word, not by this.
 */
export async function answerSuggestion(work: Work, id: SuggestionId, wish: AnswerWish): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  const read = readAnswer(wish, work.now);
  if (!read.ok) return read;
  const { resultKind, text, plannedFor } = read.value;
  const village = await getVillage(work.tx, suggestion.villageId);
  const body = writeAnswer(suggestion.number, text);
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

type ReadAnswer = { resultKind: ResultKind; text: string; plannedFor: string | null };

function readAnswer(wish: AnswerWish, now: Date): Outcome<ReadAnswer> {
  const errors: FieldError[] = [];
  const resultKind = readResultKind(wish.resultKind);
  if (!resultKind) {
    errors.push({ field: "resultKind", message: `请选办理结果：${Object.values(RESULT_WORDS).join("、")}` });
  }
  const text = cleanText(wish.text).trim();
  const bare = text.replace(/[\s\p{P}]/gu, "");
  if (text === "") errors.push({ field: "text", message: "请写答复的内容，它会原样发给村民" });
  else if (/^(已?(经)?(办结|办理|处理|解决)(完毕|完成|好)?(了)?|收到|知道了|好的)$/.test(bare)) {
    errors.push({ field: "text", message: "请写清谁做了什么、结果怎样，只写“已办结”村民看不明白" });
  }
  let plannedFor: string | null = null;
  if (resultKind === "planned") {
    const day = findDate(wish.plannedFor?.trim() || text, now);
    if (!day) errors.push({ field: "plannedFor", message: "列入计划要写明哪天前办好" });
    else if (dayNumber(fromLocal(day.year, day.month, day.day)) < dayNumber(now)) {
      errors.push({ field: "plannedFor", message: "计划的日期已经过了，请改一个以后的日子" });
    } else {
      plannedFor = `${day.year}-${String(day.month).padStart(2, "0")}-${String(day.day).padStart(2, "0")}`;
    }
  }
  if (errors.length > 0 || !resultKind) return invalid(...errors);
  // A plan without its date in the text would leave the villager guessing.
  const told =
    plannedFor !== null && findDate(text, now) === null ? `${withStop(text)}${sayPlan(plannedFor, now)}` : text;
  return ok({ resultKind, text: told, plannedFor });
}

const withStop = (text: string) => (/[。!?\uff01\uff1f]$/.test(text) ? text : `${text}。`);

function sayPlan(day: string, now: Date): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return `计划${sayDate(fromLocal(year, month, date), now)}前办好。`;
}
