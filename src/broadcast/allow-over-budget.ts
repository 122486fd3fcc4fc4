import { audit } from "../db/audit.queries.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { lockBroadcast } from "./broadcast.queries.ts";
import { askBudget } from "./budget.ts";
import { moveBroadcast, noteOverBudget } from "./change-broadcast.queries.ts";
import { noteEvent } from "./events.queries.ts";
import { tooLate } from "./signing/approve-broadcast.ts";

/** The township's word for this one notice. One that was held for money goes now. */
export async function allowOverBudget(work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (!["awaiting_approval", "scheduled", "held"].includes(broadcast.state)) return tooLate(broadcast);
  if (broadcast.overBudget) return refusal("move_not_allowed", "已经同意过了");
  if (!(await askBudget(work, broadcast)).over && broadcast.heldFor !== "budget") {
    return refusal("move_not_allowed", "这条通知没有超额度，不用同意");
  }
  const { villageId } = broadcast;
  await noteOverBudget(work.tx, id, work.actor.id, work.now);
  if (broadcast.heldFor === "budget") {
    await moveBroadcast(work.tx, id, "scheduled", { note: null, send_at: work.now, held_for: null });
    work.ring({ queue: "launch-broadcast", payload: { broadcastId: id } });
  }
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind: "allowed" }, work.now);
  await audit(work, {
    chain: villageId,
    action: "broadcast.allow_over_budget",
    subject: "broadcast",
    subjectId: id,
  });
  return ok(id);
}
