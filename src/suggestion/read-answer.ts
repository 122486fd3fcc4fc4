import { dayNumber, fromLocal, sayDate } from "../lib/china-time.ts";
import { findDate } from "../lib/chinese-dates.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import { RESULT_KINDS, RESULT_WORDS, type ResultKind } from "./suggestion.ts";

export type AnswerWish = { resultKind: string; text: string; plannedFor?: string | undefined };
export type ReadAnswer = { resultKind: ResultKind; text: string; plannedFor: string | null };

/** Accepts the code or the word that people know. */
export const readResultKind = (word: string): ResultKind | undefined =>
  RESULT_KINDS.find((kind) => kind === word.trim() || RESULT_WORDS[kind] === word.trim());

/** What may be told to a villager: a result, words that say something, and with a plan its day. */
export function readAnswer(wish: AnswerWish, now: Date): Outcome<ReadAnswer> {
  const errors: FieldError[] = [];
  const resultKind = readResultKind(wish.resultKind);
  if (!resultKind) {
    errors.push({ field: "resultKind", message: `请选办理结果：${Object.values(RESULT_WORDS).join("、")}` });
  }
  const text = cleanText(wish.text).trim();
  if (text === "") errors.push({ field: "text", message: "请写答复的内容，它会原样发给村民" });
  else if (isBare(text)) {
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

/** "已办结" and its kin: a word that closes a file and tells nobody anything. */
export const isBare = (text: string): boolean =>
  /^(?:您?反?映?的?(?:事|问题))?(?:已?(?:经)?(?:办结|办理|处理|解决|办好|受理)(?:完毕|完成|好)?(?:了)?|收到|知道了|好的)$/.test(
    text.replace(/[\s\p{P}]/gu, ""),
  );
