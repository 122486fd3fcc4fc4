import { endOfSpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { changeMerged, listFollowers } from "./merge.queries.ts";
import { askQuestion, closeQuestions } from "./question.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import type { ResultKind } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";
import { addEvent, type EventKind } from "./timeline.queries.ts";

export type SharedAnswer = { resultKind: ResultKind; text: string; plannedFor: string | null };

/**
 * The answer of a main case reaches the villager of every case that was merged into it, under his own number, once
 * per phone, and asks him for his own verdict. The main case's phone has it already.
 */
export async function answerFollowers(
  work: SystemWork,
  village: Village,
  main: Suggestion,
  answer: SharedAnswer,
): Promise<void> {
  const { tx, now } = work;
  const write = (number: number) => renderSms("answer", { number: String(number), answer: answer.text });
  const told = await tellFollowers(work, village, main, "answered", write);
  await changeMerged(
    tx,
    told.map((one) => one.follower.id),
    {
      answered_at: now,
      result_kind: answer.resultKind,
      planned_for: answer.plannedFor,
      answer: answer.text,
      rating: null,
      rated_at: null,
    },
  );
  for (const { follower, messageId } of told) {
    await closeQuestions(tx, follower.id, now);
    if (!messageId || !follower.phoneHash) continue;
    const question = { villageId: village.id, phoneHash: follower.phoneHash, kind: "rating", messageId } as const;
    const expiresAt = endOfSpan(village.promises.rating, now, village.calendar);
    await askQuestion(tx, { ...question, suggestionId: follower.id, expiresAt }, now);
  }
}

/** What the main case's villager is told, the others are told too: each phone once, each under its own number. */
export async function tellFollowers(
  work: SystemWork,
  village: Village,
  main: Suggestion,
  kind: Extract<EventKind, "answered" | "declined" | "extended" | "transferred">,
  write: (number: number) => string,
) {
  const phones = new Set([main.phoneHash?.toString("hex")]);
  const told = [];
  for (const follower of await listFollowers(work.tx, main.id)) {
    const phone = follower.phoneHash?.toString("hex");
    const first = phone !== undefined && !phones.has(phone);
    phones.add(phone);
    const text = write(follower.number);
    const purpose = kind === "answered" ? "answer" : "notice";
    const messageId = first ? await tellVillager(work, village, follower, purpose, text) : null;
    const event = { suggestionId: follower.id, villageId: village.id, actorId: null, voice: "service" } as const;
    await addEvent(work.tx, { ...event, kind, text, ...(messageId ? { messageId } : {}) }, work.now);
    told.push({ follower, messageId });
  }
  return told;
}
