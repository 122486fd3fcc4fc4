import { sayDate } from "../lib/china-time.ts";
import type { ActorId, InboundId, SuggestionId, VillageId } from "../lib/ids.ts";
import { endOfSpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { auditCase } from "./audit-case.ts";
import { moveSuggestion, noteRating } from "./change-suggestion.queries.ts";
import { unratedTooLong } from "./ledger.queries.ts";
import { closeQuestions } from "./question.queries.ts";
import { rateMerged } from "./rate-merged.ts";
import { lockSuggestion } from "./suggestion.queries.ts";
import { afterRating, RATING_WORDS, type Rating, sayNumber } from "./suggestion.ts";
import { tellOwner } from "./tell-owner.ts";
import { ownerOf, sayOwner, tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

/** By text, or told to somebody of the village, who wrote it down. */
export type VillagerRating = { rating: Rating } & ({ inboundId: InboundId } | { heardBy: ActorId });

/**
 * The villager's verdict. 1 and 2 close the case; 3 and 4 reopen it with a new date, and he is told so. The second time
 * that he is not content the case also climbs to the township. False if the case was not waiting for one.
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
  // A case of despair is closed by a person who has seen him, not by a digit.
  const to = suggestion.danger === "crisis" && said.rating <= 2 ? "answered" : afterRating(said.rating);
  const dueAt = endOfSpan(village.promises.result, now, village.calendar);
  const climbs = to === "reopened" && suggestion.reopenedTimes > 0;
  const rated = { rating: said.rating, rated_at: now, rated_orally: "heardBy" in said };
  if (to === "answered") await noteRating(tx, id, rated);
  else {
    await moveSuggestion(tx, id, to, {
      ...rated,
      ...(to === "closed"
        ? { closed_at: now }
        : { due_at: dueAt, round_at: now, reopened_times: suggestion.reopenedTimes + 1, extended_once: false }),
      ...(climbs ? { escalated_at: now } : {}),
    });
  }
  await closeQuestions(tx, id, now);
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  await addEvent(
    tx,
    {
      ...event,
      voice: "villager",
      kind: "rated",
      text: `${said.rating} ${RATING_WORDS[said.rating]}${"heardBy" in said ? "（当面说的，由村里记下）" : ""}`,
      ...("heardBy" in said ? { actorId: said.heardBy } : { inboundId: said.inboundId }),
    },
    now,
  );
  if (to === "closed") {
    await addEvent(tx, { ...event, voice: "service", kind: "closed" }, now);
  } else if (to === "reopened") {
    if (climbs) {
      const why = `村民第 ${suggestion.reopenedTimes + 1} 次说没办好`;
      await addEvent(tx, { ...event, voice: "service", kind: "escalated", text: why }, now);
    }
    const text = renderSms(climbs ? "reopened-again" : "reopened", {
      number: sayNumber(suggestion),
      owner: sayOwner(ownerOf(suggestion)),
      due: sayDate(new Date(dueAt.getTime() - 1), now),
    });
    const messageId = await tellVillager(work, village, suggestion, "notice", text);
    await addEvent(
      tx,
      { ...event, voice: "service", kind: "reopened", text, ...(messageId ? { messageId } : {}) },
      now,
    );
    await tellOwner(work, village, id, "reopened");
  }
  await auditCase(work, suggestion, "suggestion.rated", { rating: said.rating });
  return true;
}

/**
 * Whoever never rated is not satisfied and not dissatisfied: the case closes, and is counted apart. Returns how many
 * closed, without the sealed ones: the number stands where everybody can read it.
 */
export async function closeUnrated(work: SystemWork): Promise<number> {
  let closed = 0;
  const villages = new Map<VillageId, Village>();
  for (const { id, villageId, answeredAt, sealed } of await unratedTooLong(work.tx, work.now, 2000)) {
    const village = villages.get(villageId) ?? (await getVillage(work.tx, villageId));
    villages.set(villageId, village);
    // The query knows hours and days; that a window never ends on a day of rest only the calendar knows.
    if (endOfSpan(village.promises.rating, answeredAt, village.calendar) > work.now) continue;
    if (!(await moveSuggestion(work.tx, id, "closed", { closed_at: work.now }))) continue;
    if (!sealed) closed++;
    await closeQuestions(work.tx, id, work.now);
    await addEvent(
      work.tx,
      { suggestionId: id, villageId, actorId: null, voice: "service", kind: "closed_unrated" },
      work.now,
    );
  }
  return closed;
}
