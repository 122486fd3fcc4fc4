import { audit } from "../db/audit.queries.ts";
import { sayDate } from "../lib/china-time.ts";
import type { InboundId, SuggestionId, VillageId } from "../lib/ids.ts";
import { endOfSpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { unratedTooLong } from "./ledger.queries.ts";
import { closeQuestions } from "./question.queries.ts";
import { rateMerged } from "./rate-merged.ts";
import { lockSuggestion, moveSuggestion } from "./suggestion.queries.ts";
import { afterRating, RATING_WORDS, type Rating } from "./suggestion.ts";
import { sayOwner, tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

export type VillagerRating = { rating: Rating; text: string; inboundId: InboundId };

/**
 * The villager's verdict. 1 and 2 close the case; 3 and 4 reopen it with a new date, and he is told so. False if the
 * case was not waiting for one.
 */
export async function rateSuggestion(
  work: SystemWork,
  village: Village,
  id: SuggestionId,
  said: VillagerRating,
): Promise<boolean> {
  const { tx, now } = work;
  const suggestion = await lockSuggestion(tx, id);
  if (suggestion?.state === "merged") return await rateMerged(work, village, suggestion, said);
  if (suggestion?.state !== "answered") return false;
  const to = afterRating(said.rating);
  const dueAt = endOfSpan(village.promises.result, now, village.calendar);
  await moveSuggestion(tx, id, to, {
    rating: said.rating,
    rated_at: now,
    ...(to === "closed"
      ? { closed_at: now }
      : { due_at: dueAt, round_at: now, reopened_times: suggestion.reopenedTimes + 1, extended_once: false }),
  });
  await closeQuestions(tx, id, now);
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  await addEvent(
    tx,
    {
      ...event,
      voice: "villager",
      kind: "rated",
      text: `${said.rating} ${RATING_WORDS[said.rating]}`,
      inboundId: said.inboundId,
    },
    now,
  );
  if (to === "closed") {
    await addEvent(tx, { ...event, voice: "service", kind: "closed" }, now);
  } else {
    const text = renderSms("reopened", {
      number: String(suggestion.number),
      owner: sayOwner(suggestion.owner === null ? null : { name: suggestion.owner, post: suggestion.ownerPost }),
      due: sayDate(new Date(dueAt.getTime() - 1), now),
    });
    const messageId = await tellVillager(work, village, suggestion, "notice", text);
    await addEvent(
      tx,
      { ...event, voice: "service", kind: "reopened", text, ...(messageId ? { messageId } : {}) },
      now,
    );
  }
  await audit(work, {
    chain: village.id,
    action: "suggestion.rated",
    subject: "suggestion",
    subjectId: id,
    detail: { rating: said.rating },
  });
  return true;
}

/** Whoever never rated is not satisfied and not dissatisfied: the case closes, and is counted apart. */
export async function closeUnrated(work: SystemWork): Promise<number> {
  let closed = 0;
  const villages = new Map<VillageId, Village>();
  for (const { id, villageId, answeredAt } of await unratedTooLong(work.tx, work.now, 2000)) {
    const village = villages.get(villageId) ?? (await getVillage(work.tx, villageId));
    villages.set(villageId, village);
    // The query knows hours and days; that a window never ends on a day of rest only the calendar knows.
    if (endOfSpan(village.promises.rating, answeredAt, village.calendar) > work.now) continue;
    if (!(await moveSuggestion(work.tx, id, "closed", { closed_at: work.now }))) continue;
    closed++;
    await closeQuestions(work.tx, id, work.now);
    await addEvent(
      work.tx,
      { suggestionId: id, villageId, actorId: null, voice: "service", kind: "closed_unrated" },
      work.now,
    );
  }
  return closed;
}
