import { audit } from "../db/audit.queries.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import { channelOfVillage } from "../message/channel.queries.ts";
import { countSegments } from "../message/segments.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { countAudience } from "./audience.queries.ts";
import { type Broadcast, lockBroadcast } from "./broadcast.queries.ts";
import { BROADCAST_STATE_WORDS } from "./broadcast.ts";
import { askBudget } from "./budget.ts";
import { moveBroadcast } from "./change-broadcast.queries.ts";
import { noteEvent } from "./events.queries.ts";
import { checkPersonal, freezePersonal, personalChange } from "./personal.ts";
import { pollProblem, writeBody } from "./poll.ts";

/**
 * The second key. The text, the signature and the price are frozen here; phones, consent and rows are taken at launch.
 * Drafter and approver are compared as actors, so two API keys are two people and one person with two keys is not
 * something the software can know.
 */
export async function approveBroadcast(work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (broadcast.draftedBy === work.actor.id) return refusal("self_approval", "自己写的通知要由别人审批");
  if (broadcast.state !== "awaiting_approval") return tooLate(broadcast);

  const { options, closesAt, sendAt } = broadcast;
  const late = options && pollProblem(options, closesAt, sendAt ?? work.now);
  if (late) return invalid(late);
  const village = await getVillage(work.tx, broadcast.villageId);
  const channel = await channelOfVillage(work.tx, broadcast.villageId);
  const { recipients } = await countAudience(work.tx, {
    villageId: broadcast.villageId,
    audience: broadcast.audience,
    columnId: broadcast.columnId,
    emergency: broadcast.kind === "emergency",
  });
  if (recipients === 0) return invalid({ field: "audience", message: "现在没有人能收到这条通知，请先核对名册" });
  const text = writeSignature(village.signature) + writeBody(broadcast);
  const { segments } = countSegments(text);
  const counted = broadcast.personal ? await checkPersonal(work, broadcast) : null;
  if (counted && !counted.ok) return counted;
  const personalSegments = counted?.value.segments ?? null;
  const budget = await askBudget(work, { ...broadcast, personalSegments, segmentsPerMessage: segments }, recipients);
  if (budget.over) return refusal("over_budget", budget.sentence);
  if (counted) await freezePersonal(work, broadcast);
  await moveBroadcast(work.tx, id, "scheduled", {
    text,
    segments_per_message: segments,
    recipients,
    ...(counted ? personalChange(counted.value) : {}),
    price: channel.price,
    approved_by: work.actor.id,
    approved_at: work.now,
    note: null,
  });
  await noteEvent(
    work.tx,
    { broadcastId: id, villageId: broadcast.villageId, actorId: work.actor.id, kind: "approved" },
    work.now,
  );
  if (broadcast.sendAt === null || broadcast.sendAt <= work.now) {
    work.ring({ queue: "launch-broadcast", payload: { broadcastId: id } });
  }
  await audit(work, { chain: broadcast.villageId, action: "broadcast.approve", subject: "broadcast", subjectId: id });
  return ok(id);
}

/** Sends it back to whoever wrote it, with the reason. */
export async function returnBroadcast(work: Work, id: BroadcastId, reason: string): Promise<Outcome<BroadcastId>> {
  const note = cleanText(reason).trim().slice(0, 200);
  if (note === "") return invalid({ field: "reason", message: "请写明为什么退回" });
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (!(await moveBroadcast(work.tx, id, "returned", { note, over_budget_by: null, over_budget_at: null })))
    return tooLate(broadcast);
  await noteEvent(
    work.tx,
    { broadcastId: id, villageId: broadcast.villageId, actorId: work.actor.id, kind: "returned", note },
    work.now,
  );
  await audit(work, { chain: broadcast.villageId, action: "broadcast.return", subject: "broadcast", subjectId: id });
  return ok(id);
}

export const tooLate = (broadcast: Broadcast): Outcome<never> =>
  refusal("move_not_allowed", `这条通知现在是“${BROADCAST_STATE_WORDS[broadcast.state]}”，不能这样操作`);
