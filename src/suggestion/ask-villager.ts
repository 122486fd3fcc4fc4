import { sayDate } from "../lib/china-time.ts";
import { after, DAY } from "../lib/clock.ts";
import type { InboundId, SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork, Work } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { notAllowed, readWords, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import { askQuestion, closeQuestions, expiredAsking } from "./question.queries.ts";
import { lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { sayNumber } from "./suggestion.ts";
import { ownerOf, sayOwner, tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

/** How long a villager's next text is taken for the answer. The promise does not wait for it. */
const ASKING_DAYS = 3;

/** Texts the villager one question; his next text is the answer. The clock goes on, so nobody can buy time with it. */
export async function askVillager(work: Work, id: SuggestionId, words: string): Promise<Outcome<Suggestion>> {
  const question = readWords(words);
  if (question === "") return invalid({ field: "question", message: "请写要问村民什么，这句话会发给他" });
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  if (!suggestion.phoneHash) return refusal("move_not_allowed", "这位村民没有手机，请当面问他");
  if (!(await moveSuggestion(work.tx, id, "need_info", responseNow(suggestion, work.now)))) {
    return notAllowed(suggestion);
  }
  const village = await getVillage(work.tx, suggestion.villageId);
  const text = renderSms("ask", { number: sayNumber(suggestion), question });
  await closeQuestions(work.tx, id, work.now);
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  if (messageId) {
    const expiresAt = after(work.now, ASKING_DAYS * DAY);
    const { phoneHash, villageId } = suggestion;
    await askQuestion(
      work.tx,
      { villageId, phoneHash, kind: "info", messageId, suggestionId: id, expiresAt },
      work.now,
    );
  }
  await write(work, suggestion, "asked", { text, ...(messageId ? { messageId } : {}) });
  return taken;
}

/** The villager's answer: it joins the case, which goes on. False if the case was not waiting for one. */
export async function hearAnswer(
  work: SystemWork,
  village: Village,
  id: SuggestionId,
  said: { inboundId: InboundId; text: string },
): Promise<boolean> {
  const suggestion = await lockSuggestion(work.tx, id);
  if (suggestion?.state !== "need_info") return false;
  await moveSuggestion(work.tx, id, "working", {});
  await closeQuestions(work.tx, id, work.now);
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  await addEvent(work.tx, { ...event, voice: "villager", kind: "added", ...said }, work.now);
  const text = renderSms("added", {
    number: sayNumber(suggestion),
    owner: sayOwner(ownerOf(suggestion)),
    due: sayDate(new Date(suggestion.dueAt.getTime() - 1), work.now),
  });
  const messageId = await tellVillager(work, village, suggestion, "receipt", text);
  await addEvent(
    work.tx,
    { ...event, voice: "service", kind: "receipt", text, ...(messageId ? { messageId } : {}) },
    work.now,
  );
  return true;
}

/** Whoever was asked and said nothing: the case goes on with what is known. */
export async function resumeUnanswered(work: SystemWork): Promise<number> {
  const silent = await expiredAsking(work.tx, work.now, 200);
  for (const { id, villageId } of silent) {
    if (!(await moveSuggestion(work.tx, id, "working", {}))) continue;
    await closeQuestions(work.tx, id, work.now);
    await addEvent(
      work.tx,
      { suggestionId: id, villageId, actorId: null, voice: "service", kind: "unanswered" },
      work.now,
    );
  }
  return silent.length;
}
