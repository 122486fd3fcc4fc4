import { audit } from "../db/audit.queries.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { giveUpDoubts, requeueDoubts } from "../message/doubts.queries.ts";
import type { Inquiry } from "../message/reconcile.ts";
import type { Work } from "../queue/work.ts";
import { tooLate } from "./approve-broadcast.ts";
import { type Broadcast, lockBroadcast, moveBroadcast, noteEvent } from "./broadcast.queries.ts";

/** `seen`: when the newest doubt began that the person was shown; null for all there are. */
export type DoubtDecision = { seen: Date | null; acceptRepeats: boolean };

/** Sends unknown texts again, though some may have arrived: a person's word, given with that warning before his eyes. */
export async function resendDoubts(
  work: Work,
  id: BroadcastId,
  { seen, acceptRepeats }: DoubtDecision,
): Promise<Outcome<BroadcastId>> {
  if (!acceptRepeats) {
    return invalid({ field: "acceptRepeats", message: "重发以前请先确认：有的人可能收到两遍" });
  }
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (broadcast.state === "canceled") return tooLate(broadcast);
  const texts = await requeueDoubts(work.tx, { broadcastId: id }, seen);
  if (texts === 0) return NOTHING_LEFT;
  if (broadcast.state === "sent") await moveBroadcast(work.tx, id, "sending", { finished_at: null });
  work.ring({ queue: "dispatch-messages", payload: { channelId: broadcast.channelId } });
  return await note(work, broadcast, "resent", `${texts} 条，有的人可能收到两遍`, { texts });
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

const NOTHING_LEFT = refusal("move_not_allowed", "已经没有结果不明的短信，不用再决定");

export function sayInquiry({ asked, settled, neverTaken, open, unanswered }: Inquiry): string {
  const parts = [
    settled > 0 ? `${settled} 条查到了` : "",
    neverTaken > 0 ? `${neverTaken} 条运营商没收过，已排队重发` : "",
    open > 0 ? `${open} 条还查不到` : "",
    unanswered > 0 ? `${unanswered} 条运营商没答复` : "",
  ];
  return `问了 ${asked} 条，${parts.filter((part) => part !== "").join("，")}`;
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
