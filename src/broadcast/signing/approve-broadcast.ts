import { audit } from "../../db/audit.queries.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work } from "../../queue/work.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { BROADCAST_STATE_WORDS } from "../broadcast.ts";
import { type BroadcastChange, signBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { freezeBroadcast, prepareBroadcast } from "./freeze-broadcast.ts";
import { hasOverseer } from "./overseers.queries.ts";
import { type Key, keysOf, missingKeys } from "./signatures.ts";

/**
 * The second key, and of finance and subsidies the third, in either order; with the last one the text is frozen and
 * nothing leaves before. Drafter, approver and overseer are compared as actors, so two API keys are two people and one
 * person with two keys is not something the software can know. `seen`: the version that the signer had before him.
 */
export async function approveBroadcast(
  work: Work,
  id: BroadcastId,
  seen: number | null = null,
): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (broadcast.draftedBy === work.actor.id) return refusal("self_approval", "自己写的通知要由别人审批");
  if (broadcast.state !== "awaiting_approval") return tooLate(broadcast);
  const key = await keyOf(work, broadcast);
  if (!key.ok) return key;
  const missing = missingKeys(broadcast);
  if (!missing.includes(key.value)) return refusal("move_not_allowed", "已经签过了，不用再签");
  if ([broadcast.approvedBy, broadcast.overseenBy].includes(work.actor.id)) {
    return refusal("self_approval", "您已经签过一个名字了，另一个要由别人签");
  }
  if (seen !== null && seen !== broadcast.version) return refusal("move_not_allowed", "内容刚改过，请再看一遍");

  const last = missing.length === 1;
  // Whoever decides hears at once that it could not leave; the overseer decides about the account, not the budget.
  const prepared = last || key.value === "approver" ? await prepareBroadcast(work, broadcast) : null;
  if (prepared && !prepared.ok) return prepared;
  const { actor, now } = work;
  const signed: BroadcastChange =
    key.value === "approver"
      ? { approved_by: actor.id, approved_at: now }
      : { overseen_by: actor.id, overseen_at: now };
  if (last && prepared) await freezeBroadcast(work, broadcast, prepared.value, signed);
  else await signBroadcast(work.tx, id, signed);

  const inPlace = key.value === "overseer" && actor.role !== "overseer";
  const kind = key.value === "approver" ? "approved" : inPlace ? "overseen_for" : "overseen";
  const { villageId } = broadcast;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: actor.id, kind }, now);
  const action =
    key.value === "approver" ? "broadcast.approve" : inPlace ? "broadcast.oversee_for" : "broadcast.oversee";
  await audit(work, { chain: villageId, action, subject: "broadcast", subjectId: id });
  return ok(id);
}

/** Which of the keys this actor holds. The township signs for an overseer only where the village has none. */
export async function keyOf(work: Work, broadcast: Broadcast): Promise<Outcome<Key>> {
  const [key] = keysOf(work.actor.role, await hasOverseer(work.tx, broadcast.villageId));
  if (!key) return refusal("forbidden", "村里有村监会的账号，要由村监会签字");
  if (key === "approver" || broadcast.needsOverseer) return ok(key);
  return refusal("forbidden", "这条通知不用村监会签字，书记批准就行");
}

export const tooLate = (broadcast: Broadcast): Outcome<never> =>
  refusal("move_not_allowed", `这条通知现在是“${BROADCAST_STATE_WORDS[broadcast.state]}”，不能这样操作`);
