import { HOUR } from "../lib/clock.ts";
import type { ActorId, AlarmId, SuggestionId, VillageId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { LANE } from "../message/message.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { findName } from "../staff/staff.queries.ts";
import { getVillage } from "../village/village.queries.ts";
import { type Alarm, findAlarm, lockAlarm, moveAlarm } from "./alarm.queries.ts";
import { sayCaller } from "./alarm.ts";
import { findAlarmAsked, listAsked } from "./alarm-calls.queries.ts";
import { auditCase } from "./audit-case.ts";
import { changeSuggestion } from "./change-suggestion.queries.ts";
import { findSuggestion } from "./suggestion.queries.ts";
import { addEvent } from "./timeline.queries.ts";

/** Somebody goes: nobody else is called, and whoever was asked before hears who it is. */
export async function confirmAlarm(work: SystemWork, id: AlarmId, by: ActorId): Promise<Outcome<Alarm>> {
  const { tx, now } = work;
  const alarm = await lockAlarm(tx, id);
  const suggestion = alarm && (await findSuggestion(tx, alarm.suggestionId));
  if (!alarm || !suggestion) return refusal("not_found", "没有这件急事");
  if (!(await moveAlarm(tx, id, "confirmed", { id: by, at: now }))) {
    return refusal("move_not_allowed", `${alarm.confirmedBy ?? "别人"}已经去处理了`);
  }
  if (suggestion.firstResponseAt === null) await changeSuggestion(tx, suggestion.id, { first_response_at: now });
  const { villageId, suggestionId } = alarm;
  await addEvent(tx, { suggestionId, villageId, actorId: by, voice: "staff", kind: "alarm_taken" }, now);
  const village = await getVillage(tx, villageId);
  const body = renderSms("alarm-taken", { who: sayCaller(alarm), owner: await findName(tx, by) });
  for (const { actorId, phone } of (await listAsked(tx, [id])).get(id) ?? []) {
    if (actorId === by || !phone) continue;
    await queueText(work, {
      ...{ villageId, signature: village.signature, phone, householdId: null, suggestionId },
      ...{ purpose: "alarm", body, sealed: false, lane: LANE.emergency },
    });
  }
  await auditCase(work, suggestion, "alarm.confirm", { alarm: id, by });
  const confirmed = await findAlarm(tx, id);
  return confirmed ? ok(confirmed) : refusal("not_found", "没有这件急事");
}

/** How long after being asked any text from his phone means that he goes. */
const ANSWERS_FOR = 12 * HOUR;

/** A member of staff who was called to an alarm replies, in whatever words. Null: this phone was asked nothing. */
export async function confirmByText(
  work: SystemWork,
  phoneHash: Buffer,
): Promise<{ villageId: VillageId; suggestionId: SuggestionId } | null> {
  const asked = await findAlarmAsked(work.tx, phoneHash, new Date(work.now.getTime() - ANSWERS_FOR));
  if (!asked) return null;
  const confirmed = await confirmAlarm(work, asked.id, asked.actorId);
  return confirmed.ok ? asked : null;
}
