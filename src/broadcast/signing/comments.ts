import { audit } from "../../db/audit.queries.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import type { Work } from "../../queue/work.ts";
import { findBroadcast } from "../broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";

const LONGEST_COMMENT = 500;

/** What staff say to each other about a notice; no villager ever reads it, whatever becomes of the notice. */
export async function commentOnBroadcast(work: Work, id: BroadcastId, words: string): Promise<Outcome<BroadcastId>> {
  const note = cleanText(words).trim();
  if (note === "") return invalid({ field: "comment", message: "请写留言" });
  if (Array.from(note).length > LONGEST_COMMENT) {
    return invalid({ field: "comment", message: `留言最多 ${LONGEST_COMMENT} 个字` });
  }
  const broadcast = await findBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const { villageId } = broadcast;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind: "commented", note }, work.now);
  await audit(work, { chain: villageId, action: "broadcast.comment", subject: "broadcast", subjectId: id });
  return ok(id);
}
