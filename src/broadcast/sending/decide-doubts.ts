import { audit } from "../../db/audit.queries.ts";
import type { Tx } from "../../db/connect.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { giveUpDoubts, requeueDoubts } from "../../message/doubts.queries.ts";
import { ACCEPT_FIRST, type DoubtDecision, NOTHING_LEFT, sayInquiry } from "../../message/doubts.ts";
import type { Emergency, Inquiry } from "../../message/reconcile.ts";
import type { SystemWork, Work } from "../../queue/work.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { moveBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { tooLate } from "../signing/approve-broadcast.ts";

/** Sends unknown texts again, though some may have arrived: a person's word, given with that warning before his eyes. */
export async function resendDoubts(
  work: Work,
  id: BroadcastId,
  { seen, acceptRepeats }: DoubtDecision,
): Promise<Outcome<BroadcastId>> {
  if (!acceptRepeats) return ACCEPT_FIRST;
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (broadcast.state === "canceled") return tooLate(broadcast);
  const texts = await requeueDoubts(work.tx, { broadcastId: id }, seen);
  if (texts === 0) return NOTHING_LEFT;
  if (broadcast.state === "sent") await moveBroadcast(work.tx, id, "sending", { finished_at: null });
  work.ring({ queue: "dispatch-messages", payload: { channelId: broadcast.channelId } });
  return await note(work, broadcast, "resent", `${texts} 条，有的人可能收到两遍`, { texts });
}

/** The service's own word for an emergency set to "at least once": written down like a person's, and in the same commit. */
export async function resendByItself(
  work: SystemWork,
  { broadcastId, villageId }: Emergency,
  requeue: (tx: Tx) => Promise<number>,
): Promise<number> {
  const texts = await requeue(work.tx);
  if (texts === 0) return 0;
  const event = { broadcastId, villageId, actorId: null, kind: "resent_itself", note: `${texts} 条` };
  await noteEvent(work.tx, event, work.now);
  await audit(work, {
    chain: villageId,
    action: "broadcast.doubts.resent_itself",
    subject: "broadcast",
    subjectId: broadcastId,
    detail: { texts },
  });
  return texts;
}

/** Leaves unknown texts as they are, and counts them as failed. */
export async function surrenderDoubts(
  work: Work,
  id: BroadcastId,
  { seen }: DoubtDecision,
): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const texts = await giveUpDoubts(work.tx, { broadcastId: id }, seen);
  if (texts === 0) return NOTHING_LEFT;
  return await note(work, broadcast, "surrendered", `${texts} 条不再查，也不再发`, { texts });
}

/** The carrier has been asked already, outside of this unit of work: what it said is written down. */
export async function noteInquiry(work: Work, id: BroadcastId, found: Inquiry): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (found.asked === 0) return NOTHING_LEFT;
  return await note(work, broadcast, "inquired", sayInquiry(found), { ...found });
}

async function note(
  work: Work,
  { id, villageId }: Broadcast,
  kind: "inquired" | "resent" | "surrendered",
  words: string,
  detail: Record<string, number>,
): Promise<Outcome<BroadcastId>> {
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind, note: words }, work.now);
  const action = `broadcast.doubts.${kind}`;
  await audit(work, { chain: villageId, action, subject: "broadcast", subjectId: id, detail });
  return ok(id);
}
