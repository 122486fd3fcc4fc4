import { after, MINUTE } from "../lib/clock.ts";
import type { ActorId, AlarmId, HouseholdId, SuggestionId } from "../lib/ids.ts";
import { shorten } from "../lib/text.ts";
import { LANE } from "../message/message.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { findAlarm, insertAlarm, moveAlarm, takeDueAlarm } from "./alarm.queries.ts";
import { type AlarmSettings, type Callable, type Danger, hidePhones, orderCalls, sayCaller } from "./alarm.ts";
import { findCadreOf, listCallable, nextCall, noteAsked } from "./alarm-calls.queries.ts";

/** Who would be called, in this order. */
export async function choosePeople(
  work: SystemWork,
  village: Village,
  about: { danger: Danger; householdId: HouseholdId | null; from: Buffer; settings: AlarmSettings },
): Promise<Callable[]> {
  const cadreId = await findCadreOf(work.tx, about.householdId);
  return orderCalls(await listCallable(work.tx, village.id), { ...about, cadreId });
}

/** Raises the alarm of a case: the first is asked in this very commit. */
export async function startAlarm(
  work: SystemWork,
  about: { village: Village; suggestionId: SuggestionId; phoneHash: Buffer; danger: Danger; minutes: number },
  people: readonly ActorId[],
): Promise<AlarmId> {
  const { village, suggestionId, phoneHash, danger, minutes } = about;
  const fresh = { villageId: village.id, suggestionId, phoneHash, danger, minutes, people };
  const id = await insertAlarm(work.tx, fresh, work.now);
  await callNext(work, id);
  return id;
}

export type CallResult = "asked" | "unanswered" | "not_due";

/**
 * Asks the next person, if he is due, whatever the hour. The text and the note that he was asked are one commit, so
 * after a crash nobody is asked twice and nobody is left out. `unanswered`: there is nobody left to ask.
 */
export async function callNext(work: SystemWork, id: AlarmId): Promise<CallResult> {
  const { tx, now } = work;
  if (!(await takeDueAlarm(tx, id, now))) return "not_due";
  const alarm = await findAlarm(tx, id);
  if (!alarm) throw new Error(`an alarm without its case: ${id}`);
  const village = await getVillage(tx, alarm.villageId);
  const body = renderSms("alarm", {
    who: sayCaller(alarm),
    words: shorten(hidePhones(alarm.text), MOST_WORDS),
    minutes: String(alarm.minutes),
  });
  for (let next = await nextCall(tx, id); next; next = await nextCall(tx, id)) {
    const { actorId, phone } = next;
    const messageId =
      phone &&
      (await queueText(work, {
        ...{ villageId: village.id, signature: village.signature, phone, householdId: null },
        ...{ suggestionId: alarm.suggestionId, purpose: "alarm", body, sealed: false, lane: LANE.emergency },
      }));
    await noteAsked(tx, id, { actorId, messageId, at: now, nextAt: after(now, alarm.minutes * MINUTE) });
    if (messageId) return "asked";
  }
  await moveAlarm(tx, id, "unanswered", null);
  return "unanswered";
}

/** Enough to know what happened and where; the rest stands on the page. */
const MOST_WORDS = 60;
