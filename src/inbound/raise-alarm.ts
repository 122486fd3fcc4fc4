import type { AlarmId, SuggestionId } from "../lib/ids.ts";
import { LANE } from "../message/message.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { findRunningAlarm, readAlarmSettings } from "../suggestion/alarm.queries.ts";
import type { AlarmSettings, Callable, Danger } from "../suggestion/alarm.ts";
import { choosePeople, startAlarm } from "../suggestion/call-staff.ts";
import { registerCase } from "../suggestion/register-case.ts";
import { chooseOwner, findSuggestion } from "../suggestion/suggestion.queries.ts";
import { addEvent } from "../suggestion/timeline.queries.ts";
import { type Consequence, type Hearing, phoneOf } from "./hearing.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Danger. In one commit: the villager is told whom to ring, an urgent case is opened, and the first person is called.
 * A burst of such texts is one case and one alarm; a new danger in it is answered with its own number.
 */
export async function raiseAlarm(
  work: SystemWork,
  hearing: Hearing,
  verdict: Extract<Verdict, { meaning: "emergency" }>,
): Promise<Consequence> {
  const { text, sender, village } = hearing;
  const { danger } = verdict;
  const settings = await readAlarmSettings(work.tx, village.id);
  const people = await choosePeople(work, village, {
    ...{ danger, settings, householdId: sender.householdId, from: text.fromHash },
  });
  const running = await findRunningAlarm(work.tx, village.id, text.fromHash, work.now);
  if (running) return await joinAlarm(work, hearing, verdict, { running, settings, people });

  const owner = await chooseOwner(work.tx, village.id);
  const said = {
    ...{ inboundId: text.id, text: text.body, phone: phoneOf(hearing) },
    ...{ householdId: sender.householdId, villagerId: sender.villagerId, channelId: text.channelId },
  };
  const suggestionId = await registerCase(work, village, said, {
    ...{ nature: "help", sealed: false, danger, ownerId: owner?.id ?? null, hiddenFrom: [], lane: LANE.emergency },
    receipt: (number) => tellWhatToDo(danger, number, settings, people),
  });
  const alarmId = await startAlarm(
    work,
    { village, suggestionId, phoneHash: text.fromHash, danger, minutes: settings.minutes },
    people.map(({ id }) => id),
  );
  return { detail: { danger }, suggestionId, alarmId };
}

type Running = {
  running: { id: AlarmId; suggestionId: SuggestionId; danger: Danger };
  settings: AlarmSettings;
  people: readonly Callable[];
};

/** One more text of an alarm that is under way. */
async function joinAlarm(
  work: SystemWork,
  hearing: Hearing,
  { danger }: Extract<Verdict, { meaning: "emergency" }>,
  { running, settings, people }: Running,
): Promise<Consequence> {
  const { text, village, sender } = hearing;
  const { suggestionId } = running;
  const event = { suggestionId, villageId: village.id, actorId: null };
  const fresh = { ...event, voice: "villager", kind: "added", text: text.body, inboundId: text.id } as const;
  await addEvent(work.tx, fresh, work.now);
  const suggestion = danger === running.danger ? undefined : await findSuggestion(work.tx, suggestionId);
  if (suggestion) {
    const body = tellWhatToDo(danger, String(suggestion.number), settings, people);
    const messageId = await queueText(work, {
      ...{ villageId: village.id, signature: village.signature, phone: phoneOf(hearing), suggestionId, body },
      ...{ householdId: sender.householdId, purpose: "receipt", sealed: false, lane: LANE.emergency },
    });
    await addEvent(work.tx, { ...event, voice: "service", kind: "receipt", text: body, messageId }, work.now);
  }
  return { detail: { danger }, suggestionId };
}

/** The right number first: no text of ours puts out a fire. Despair is answered with people's names. */
function tellWhatToDo(
  danger: Danger,
  number: string,
  { dutyPhone }: AlarmSettings,
  people: readonly Callable[],
): string {
  switch (danger) {
    case "fire":
      return renderSms("danger-fire", { number });
    case "crime":
      return renderSms("danger-crime", { number });
    case "medical":
      return renderSms("danger-medical", { number });
    case "disaster":
      return renderSms("danger-disaster", { number, duty: dutyPhone ? `或村值班${dutyPhone}` : "" });
    case "crisis":
      return renderSms("danger-crisis", {
        people:
          people.length > 0
            ? people
                .slice(0, 2)
                .map(({ name }) => name)
                .join("、")
            : "村里人",
      });
  }
}
