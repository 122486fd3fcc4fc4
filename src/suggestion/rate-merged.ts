import { audit } from "../db/audit.queries.ts";
import { sayDate } from "../lib/china-time.ts";
import { endOfSpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { changeMerged, mergedInto } from "./merge.queries.ts";
import { closeQuestions } from "./question.queries.ts";
import type { VillagerRating } from "./rate-suggestion.ts";
import { lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { afterRating, RATING_WORDS } from "./suggestion.ts";
import { tellOwner } from "./tell-owner.ts";
import { ownerOf, sayOwner, tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

/**
 * The verdict of a villager whose case follows another: it stands on his own case, and "not solved" reopens the main
 * one, because that is where the work is done. False if no answer waits for his verdict.
 */
export async function rateMerged(
  work: SystemWork,
  village: Village,
  follower: Suggestion,
  said: VillagerRating,
): Promise<boolean> {
  const { tx, now } = work;
  const main = await mergedInto(tx, follower.id);
  if (!main || follower.answeredAt === null) return false;
  await changeMerged(tx, [follower.id], { rating: said.rating, rated_at: now });
  await closeQuestions(tx, follower.id, now);
  const words = `${said.rating} ${RATING_WORDS[said.rating]}`;
  const event = { villageId: village.id, actorId: null, kind: "rated", voice: "villager" } as const;
  const by = "heardBy" in said ? { actorId: said.heardBy } : { inboundId: said.inboundId };
  await addEvent(tx, { ...event, ...by, suggestionId: follower.id, text: words }, now);
  await addEvent(tx, { ...event, suggestionId: main.id, text: `（第 ${follower.number} 件）${words}` }, now);
  if (afterRating(said.rating) === "reopened") await reopenMain(work, village, follower, main.id);
  await audit(work, {
    chain: village.id,
    action: "suggestion.rated",
    subject: "suggestion",
    subjectId: follower.id,
    detail: { rating: said.rating, main: main.id },
  });
  return true;
}

async function reopenMain(work: SystemWork, village: Village, follower: Suggestion, id: Suggestion["id"]) {
  const { tx, now } = work;
  const main = await lockSuggestion(tx, id);
  if (!main) return;
  const dueAt = endOfSpan(village.promises.result, now, village.calendar);
  const moved =
    ["answered", "closed"].includes(main.state) &&
    (await moveSuggestion(tx, id, "reopened", {
      due_at: dueAt,
      round_at: now,
      reopened_times: main.reopenedTimes + 1,
      extended_once: false,
      closed_at: null,
    }));
  const text = renderSms("reopened", {
    number: String(follower.number),
    owner: sayOwner(ownerOf(main)),
    due: sayDate(new Date((moved ? dueAt : main.dueAt).getTime() - 1), now),
  });
  const messageId = await tellVillager(work, village, follower, "notice", text);
  const event = { villageId: village.id, actorId: null, voice: "service", kind: "reopened" } as const;
  const told = { ...event, text, ...(messageId ? { messageId } : {}) };
  await addEvent(tx, { ...told, suggestionId: follower.id }, now);
  if (moved) {
    await closeQuestions(tx, id, now);
    await tellOwner(work, village, id, "reopened");
    await addEvent(tx, { ...event, suggestionId: id, text: `第 ${follower.number} 件的村民说没办好` }, now);
  }
}
