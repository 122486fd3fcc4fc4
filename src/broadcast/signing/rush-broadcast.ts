import { audit } from "../../db/audit.queries.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { may } from "../../lib/roles.ts";
import { cleanText } from "../../lib/text.ts";
import type { Work } from "../../queue/work.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { signBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { tooLate } from "./approve-broadcast.ts";
import { freezeBroadcast, prepareBroadcast } from "./freeze-broadcast.ts";
import { waitsForCountersignature } from "./signatures.ts";

/** An emergency goes first: one key, a reason that is written down, and a second person who signs after. */
export async function rushBroadcast(work: Work, broadcast: Broadcast, reason: string): Promise<Outcome<BroadcastId>> {
  const { id, villageId } = broadcast;
  if (!may(work.actor.role, "broadcast.rush")) return refusal("forbidden", "先发出、后补签，要由村里的人发");
  const prepared = await prepareBroadcast(work, broadcast);
  if (!prepared.ok) return prepared;
  // Whoever lets it leave on his word alone answers for it, also where somebody else wrote it: another one signs after.
  await freezeBroadcast(work, broadcast, prepared.value, { drafted_by: work.actor.id });
  const event = { broadcastId: id, villageId, actorId: work.actor.id, kind: "rushed", note: reason };
  await noteEvent(work.tx, event, work.now);
  await audit(work, { chain: villageId, action: "broadcast.rush", subject: "broadcast", subjectId: id });
  return ok(id);
}

export type Countersignature = { agree: boolean; reason: string };

/** The second person's word about an emergency that has left. It calls nothing back; an objection says why. */
export async function countersignBroadcast(
  work: Work,
  id: BroadcastId,
  { agree, reason }: Countersignature,
): Promise<Outcome<BroadcastId>> {
  const note = cleanText(reason).trim().slice(0, 200);
  if (!agree && note === "") return invalid({ field: "reason", message: "不认可要写明原因" });
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (!waitsForCountersignature(broadcast)) return tooLate(broadcast);
  const { actor, now } = work;
  if (broadcast.draftedBy === actor.id) return refusal("self_approval", "自己先发出去的，要由别人补签");
  await signBroadcast(work.tx, id, {
    ...(agree ? { approved_by: actor.id, approved_at: now } : { objected_by: actor.id, objected_at: now }),
    remind_at: null,
  });
  const { villageId } = broadcast;
  const kind = agree ? "countersigned" : "objected";
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: actor.id, kind, note }, now);
  const action = agree ? "broadcast.countersign" : "broadcast.object";
  await audit(work, { chain: villageId, action, subject: "broadcast", subjectId: id });
  return ok(id);
}
