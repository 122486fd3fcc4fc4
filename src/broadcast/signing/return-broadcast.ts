import { audit } from "../../db/audit.queries.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import type { Work } from "../../queue/work.ts";
import { lockBroadcast } from "../broadcast.queries.ts";
import { moveBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { keyOf, tooLate } from "./approve-broadcast.ts";

/** On its way back a notice loses every signature (the table sees to it) and the township's word about the budget. */
const BACK = { over_budget_by: null, over_budget_at: null, remind_at: null };

/** Sends it back to whoever wrote it, with the reason. Whoever may sign it may. */
export async function returnBroadcast(work: Work, id: BroadcastId, reason: string): Promise<Outcome<BroadcastId>> {
  const note = cleanText(reason).trim().slice(0, 200);
  if (note === "") return invalid({ field: "reason", message: "请写明为什么退回" });
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const key = await keyOf(work, broadcast);
  if (!key.ok) return key;
  if (!(await moveBroadcast(work.tx, id, "returned", { note, ...BACK }))) return tooLate(broadcast);
  const { villageId } = broadcast;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind: "returned", note }, work.now);
  await audit(work, { chain: villageId, action: "broadcast.return", subject: "broadcast", subjectId: id });
  return ok(id);
}

/** Whoever wrote it takes it back to change it, before the last signature. */
export async function withdrawBroadcast(work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (broadcast.draftedBy !== work.actor.id) return refusal("forbidden", "谁写的谁才能撤回；别人可以退回");
  if (broadcast.state !== "awaiting_approval" || !(await moveBroadcast(work.tx, id, "draft", BACK))) {
    return tooLate(broadcast);
  }
  const { villageId } = broadcast;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind: "withdrawn" }, work.now);
  await audit(work, { chain: villageId, action: "broadcast.withdraw", subject: "broadcast", subjectId: id });
  return ok(id);
}
