import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { channelOfVillage } from "../../message/channel.queries.ts";
import { countSegments } from "../../message/segments.ts";
import type { Work } from "../../queue/work.ts";
import { getVillage } from "../../village/village.queries.ts";
import { writeSignature } from "../../village/village.ts";
import { countAudience } from "../audience/audience.queries.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { askBudget } from "../budget.ts";
import { type BroadcastChange, moveBroadcast } from "../change-broadcast.queries.ts";
import { checkWords } from "../lint/check-words.ts";
import { checkPersonal, freezePersonal, personalChange } from "../personal/personal.ts";
import { closingProblem } from "../poll/closing.ts";
import { pollProblem, writeBody } from "../poll/poll.ts";

/** What a notice is frozen with: its text as it leaves, how many get it, and what that costs. */
export type Frozen = {
  text: string;
  segments_per_message: number;
  personal_segments?: number;
  recipients: number;
  price: number;
};

/** Whether it could leave as things stand, and with what. */
export async function prepareBroadcast(work: Work, broadcast: Broadcast): Promise<Outcome<Frozen>> {
  const { options, closesAt, sendAt, villageId } = broadcast;
  const late = options && pollProblem(options, closesAt, sendAt ?? work.now);
  if (late) return invalid(late);
  const words = await checkWords(work, broadcast);
  if (!words.ok) return words;
  const village = await getVillage(work.tx, villageId);
  const channel = await channelOfVillage(work.tx, villageId);
  const { recipients } = await countAudience(work.tx, {
    villageId,
    audience: broadcast.audience,
    columnId: broadcast.columnId,
    emergency: broadcast.kind === "emergency",
  });
  if (recipients === 0) return invalid({ field: "audience", message: "现在没有人能收到这条通知，请先核对名册" });
  const text = writeSignature(village.signature) + writeBody(broadcast);
  const { segments } = countSegments(text);
  const counted = await checkPersonal(work, broadcast);
  if (!counted.ok) return counted;
  const personalSegments = counted.value?.segments ?? null;
  const seconds = (personalSegments ?? segments * recipients) / channel.rate;
  const closing = closingProblem({
    ...{ closesAt, seconds, from: sendAt ?? work.now },
    ...{ hours: village.sendingHours, now: work.now },
  });
  if (closing) return invalid(closing);
  const budget = await askBudget(work, { ...broadcast, personalSegments, segmentsPerMessage: segments }, recipients);
  if (budget.over) return refusal("over_budget", budget.sentence);
  const frozen = { text, segments_per_message: segments, recipients, price: channel.price };
  return ok({ ...frozen, ...personalChange(counted.value) });
}

/**
 * The text, the signature and the price are frozen here; phones, consent and rows are taken at launch. `signed`: the
 * last signature, which belongs to the same move.
 */
export async function freezeBroadcast(
  work: Work,
  broadcast: Broadcast,
  frozen: Frozen,
  signed: BroadcastChange,
): Promise<void> {
  const { id, sendAt } = broadcast;
  if (frozen.personal_segments !== undefined) await freezePersonal(work, broadcast);
  await moveBroadcast(work.tx, id, "scheduled", {
    ...frozen,
    ...signed,
    frozen_at: work.now,
    remind_at: null,
    note: null,
  });
  if (sendAt === null || sendAt <= work.now) work.ring({ queue: "launch-broadcast", payload: { broadcastId: id } });
}
