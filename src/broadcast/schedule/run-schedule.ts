import { audit } from "../../db/audit.queries.ts";
import { localDate } from "../../lib/china-time.ts";
import { type BroadcastId, newId, type ScheduleId } from "../../lib/ids.ts";
import { channelOfVillage } from "../../message/channel.queries.ts";
import { countSegments } from "../../message/segments.ts";
import type { SystemWork } from "../../queue/work.ts";
import { getVillage } from "../../village/village.queries.ts";
import { writeSignature } from "../../village/village.ts";
import { countAudience } from "../audience/audience.queries.ts";
import { insertBroadcast, moveBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { nextOccurrence } from "../sending/rhythm.ts";
import { changeSchedule, lockSchedule, type Schedule } from "./schedule.queries.ts";

/**
 * Makes the broadcast of one occurrence and moves the schedule on, in one commit. Whoever rings, and however often,
 * an occurrence makes one broadcast: the row's lock and its `next_at` say so, and a unique key has the last word.
 * After a downtime every missed occurrence is made, one at a time; the launch holds what it finds late.
 */
export async function runSchedule(work: SystemWork, id: ScheduleId): Promise<BroadcastId | null> {
  const schedule = await lockSchedule(work.tx, id);
  if (!schedule?.active || schedule.nextAt > work.now) return null;
  const date = localDate(schedule.nextAt);
  const nextAt = nextOccurrence(schedule, schedule.nextAt);
  await changeSchedule(work.tx, id, { last_date: date, next_at: nextAt });
  if (nextAt <= work.now) work.ring({ queue: "run-schedule", payload: { scheduleId: id } });
  const made = await makeOccurrence(work, schedule, date);
  if (made) {
    await audit(work, {
      chain: schedule.villageId,
      action: "schedule.occur",
      subject: "broadcast",
      subjectId: made,
      detail: { schedule: id, date },
    });
  }
  return made;
}

async function makeOccurrence(work: SystemWork, schedule: Schedule, date: string): Promise<BroadcastId | null> {
  const { villageId, columnId, audience, body } = schedule;
  const village = await getVillage(work.tx, villageId);
  const channel = await channelOfVillage(work.tx, villageId);
  const { recipients } = await countAudience(work.tx, { villageId, audience, columnId, emergency: false });
  const text = writeSignature(village.signature) + body;
  const id = newId<BroadcastId>(work.now.getTime());
  const isNew = await insertBroadcast(
    work.tx,
    {
      id,
      villageId,
      columnId,
      channelId: channel.id,
      kind: "notice",
      atLeastOnce: false,
      body,
      audience,
      personal: false,
      personalSegments: null,
      segmentsPerMessage: countSegments(text).segments,
      recipients,
      price: channel.price,
      // One that still needs its approval goes when it has it, whenever that is.
      sendAt: schedule.approvedBy ? schedule.nextAt : null,
      stages: null,
      options: null,
      closesAt: null,
      draftedBy: schedule.madeBy,
      needsOverseer: false,
      urgentReason: null,
      quorum: null,
      origin: {},
      occurrence: { scheduleId: schedule.id, date },
    },
    work.now,
  );
  if (!isNew) return null;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: null, kind: "repeated" }, work.now);
  await moveBroadcast(work.tx, id, "awaiting_approval", { submitted_at: work.now, remind_at: work.now });
  if (schedule.approvedBy) {
    const frozen = {
      remind_at: null,
      text,
      frozen_at: work.now,
      approved_by: schedule.approvedBy,
      approved_at: work.now,
    };
    await moveBroadcast(work.tx, id, "scheduled", frozen);
    work.ring({ queue: "launch-broadcast", payload: { broadcastId: id } });
  }
  return id;
}
