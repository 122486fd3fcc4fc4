import { audit } from "../../db/audit.queries.ts";
import { newId, type ScheduleId, type VillageId } from "../../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Bell } from "../../queue/queues.ts";
import type { Work } from "../../queue/work.ts";
import type { Village } from "../../village/village.queries.ts";
import type { Audience } from "../broadcast.ts";
import { checkDraft } from "../check-draft.ts";
import { checkWords } from "../lint/check-words.ts";
import { nextOccurrence, type Rhythm, writeCron } from "../sending/rhythm.ts";
import { changeSchedule, insertSchedule, lockSchedule } from "./schedule.queries.ts";

export type ScheduleWish = Rhythm & {
  column: string;
  body: string;
  audience?: Audience | undefined;
  /** A subsidy's: then it cannot come again by itself. */
  needsOverseer?: boolean | undefined;
};

/**
 * A notice that comes again every week or month. The row says when; BullMQ's job scheduler only rings. Its text is
 * approved once, by somebody other than its maker, and each occurrence goes by that word; before it, each occurrence
 * waits for an approval of its own. Nothing of it can be changed: another text is another schedule.
 */
export async function makeSchedule(work: Work, village: Village, wish: ScheduleWish): Promise<Outcome<ScheduleId>> {
  const { weekdays, monthDay, minute, ...notice } = wish;
  if ((weekdays === null) === (monthDay === null) || weekdays?.length === 0) {
    return invalid({ field: "weekdays", message: "请选每周的哪几天，或者每月的哪一天" });
  }
  const checked = await checkDraft(work, village, notice);
  if (!checked.ok) return checked;
  const { columnId, body, audience, personal, needsOverseer } = checked.value;
  if (personal) return invalid({ field: "body", message: "重复的通知每户都一样，不能有要填的 {{ }}" });
  if (needsOverseer)
    return invalid({ field: "column", message: "财务和补贴每次都要村监会签字，不能重复发，请一次一次写" });
  const words = await checkWords(work, wordingOf(village.id, body));
  if (!words.ok) return words;
  const id = newId<ScheduleId>(work.now.getTime());
  const rhythm = { weekdays: weekdays && [...new Set(weekdays)].sort(), monthDay, minute };
  const nextAt = nextOccurrence(rhythm, work.now);
  await insertSchedule(
    work.tx,
    { ...rhythm, id, villageId: village.id, columnId, body, audience, nextAt, madeBy: work.actor.id },
    work.now,
  );
  work.ring(bellOf({ ...rhythm, id }));
  await audit(work, { chain: village.id, action: "schedule.create", subject: "schedule", subjectId: id });
  return ok(id);
}

const wordingOf = (villageId: VillageId, body: string) =>
  ({ id: null, villageId, kind: "notice", body, options: null, sendAt: null }) as const;

/** The bell of a schedule: rung now, and by BullMQ at each of its times from now on. */
export const bellOf = (schedule: Rhythm & { id: ScheduleId }): Bell => ({
  queue: "run-schedule",
  payload: { scheduleId: schedule.id },
  repeat: { id: schedule.id, cron: writeCron(schedule) },
});

/** The second key, for every occurrence to come. */
export async function approveSchedule(work: Work, id: ScheduleId): Promise<Outcome<ScheduleId>> {
  const schedule = await lockSchedule(work.tx, id);
  if (!schedule) return refusal("not_found", "没有这个重复");
  if (schedule.madeBy === work.actor.id) return refusal("self_approval", "自己定的重复要由别人同意");
  if (!schedule.active) return refusal("move_not_allowed", "这个重复已经停了");
  if (schedule.approvedBy) return refusal("move_not_allowed", "已经同意过了");
  const words = await checkWords(work, wordingOf(schedule.villageId, schedule.body));
  if (!words.ok) return words;
  await changeSchedule(work.tx, id, { approved_by: work.actor.id, approved_at: work.now });
  await audit(work, { chain: schedule.villageId, action: "schedule.approve", subject: "schedule", subjectId: id });
  return ok(id);
}

/** No further occurrence; what it has made already is a notice like any other. */
export async function stopSchedule(work: Work, id: ScheduleId): Promise<Outcome<ScheduleId>> {
  const schedule = await lockSchedule(work.tx, id);
  if (!schedule) return refusal("not_found", "没有这个重复");
  if (!schedule.active) return refusal("move_not_allowed", "这个重复已经停了");
  await changeSchedule(work.tx, id, { active: false });
  work.ring({ queue: "run-schedule", payload: { scheduleId: id }, repeat: { id, cron: null } });
  await audit(work, { chain: schedule.villageId, action: "schedule.stop", subject: "schedule", subjectId: id });
  return ok(id);
}
