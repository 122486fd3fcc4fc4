import { audit } from "../db/audit.queries.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { lockBroadcast } from "./broadcast.queries.ts";
import { changeDraft, moveBroadcast } from "./change-broadcast.queries.ts";
import { noteEvent } from "./events.queries.ts";
import { checkPersonal, namesProblem, personalChange } from "./personal.ts";

/** Hands a draft in for approval. */
export async function submitBroadcast(work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const problem = await namesProblem(work, broadcast);
  if (problem !== null) return invalid({ field: "body", message: problem });
  const counted = broadcast.personal ? await checkPersonal(work, broadcast) : null;
  if (counted && !counted.ok) return counted;
  if (counted) await changeDraft(work.tx, id, personalChange(counted.value));
  if (!(await moveBroadcast(work.tx, id, "awaiting_approval", { note: null }))) {
    return refusal("move_not_allowed", "这条通知已经提交过了");
  }
  await noteEvent(
    work.tx,
    { broadcastId: id, villageId: broadcast.villageId, actorId: work.actor.id, kind: "submitted" },
    work.now,
  );
  await audit(work, { chain: broadcast.villageId, action: "broadcast.submit", subject: "broadcast", subjectId: id });
  return ok(id);
}
