import { audit } from "../db/audit.queries.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { lockBroadcast } from "./broadcast.queries.ts";
import { moveBroadcast } from "./change-broadcast.queries.ts";
import { noteEvent } from "./events.queries.ts";
import { rushBroadcast } from "./rush-broadcast.ts";
import { keepVersion } from "./versions.queries.ts";

/** Hands a draft in for approval. An emergency with a reason leaves at once, and is signed after. */
export async function submitBroadcast(work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const submitted = { note: null, submitted_at: work.now, remind_at: work.now };
  if (!(await moveBroadcast(work.tx, id, "awaiting_approval", submitted))) {
    return refusal("move_not_allowed", "这条通知已经提交过了");
  }
  await keepVersion(work.tx, broadcast, work.actor.id, work.now);
  await noteEvent(
    work.tx,
    { broadcastId: id, villageId: broadcast.villageId, actorId: work.actor.id, kind: "submitted" },
    work.now,
  );
  await audit(work, { chain: broadcast.villageId, action: "broadcast.submit", subject: "broadcast", subjectId: id });
  return broadcast.urgentReason === null ? ok(id) : await rushBroadcast(work, broadcast, broadcast.urgentReason);
}
