import { audit } from "../../db/audit.queries.ts";
import { localMonth } from "../../lib/china-time.ts";
import { after } from "../../lib/clock.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import type { SystemWork } from "../../queue/work.ts";
import { checkAudience } from "../audience/check-audience.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { type HeldFor, LATE_AFTER_MS } from "../broadcast.ts";
import { askBudget } from "../budget.ts";
import { moveBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { USUAL_OPENING_MS } from "../poll/poll.ts";
import { waitsForEarlier } from "../series/series-order.ts";
import { insertRecipients } from "./launch.queries.ts";

export type LaunchResult = "launched" | "held" | "not_due";

/**
 * Turns an approved notice into messages: every recipient in one commit, or none. A second job for the same notice
 * finds it launched. One found long after its time is held for a person: the meeting it invites to may be over.
 */
export async function launchBroadcast(work: SystemWork, id: BroadcastId): Promise<LaunchResult> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (broadcast?.state !== "scheduled" || (broadcast.sendAt !== null && broadcast.sendAt > work.now)) return "not_due";
  const { villageId, closesAt } = broadcast;

  // One to be sent at once was due when its last key was turned.
  const due = broadcast.sendAt ?? broadcast.frozenAt;
  if (due !== null && work.now.getTime() - due.getTime() > LATE_AFTER_MS) {
    return await hold(work, broadcast, "late", "过了原定时间才轮到，请决定还发不发");
  }
  if (closesAt !== null && closesAt <= work.now) {
    return await hold(work, broadcast, "late", "表态的截止时间已经过了，请取消，重写一条");
  }
  const overtakes = await waitsForEarlier(work.tx, broadcast);
  if (overtakes !== null) return await hold(work, broadcast, "series", overtakes);
  // A group that is no more would leave its doors out, or text those who were to be left out.
  const audience = await checkAudience(work, villageId, broadcast.audience);
  if (!audience.ok) {
    return await hold(work, broadcast, "audience", `发给谁要重新选：${audience.refusal.message}。请取消，重写一条`);
  }
  const placed = await insertRecipients(work.tx, { ...broadcast, month: localMonth(work.now) }, work.now);
  if (placed === "nobody") {
    return await hold(
      work,
      broadcast,
      "audience",
      "现在没有人能收到：都没有能用的手机号，或者都退订了。请核对名册，再决定还发不发",
    );
  }
  if (placed === "over") {
    const { sentence } = await askBudget(work, broadcast);
    return await hold(work, broadcast, "budget", sentence);
  }
  const closing = broadcast.kind === "poll" ? { closes_at: closesAt ?? after(work.now, USUAL_OPENING_MS) } : {};
  // What left with one key is asked to be signed from now on.
  const asking = broadcast.urgentReason === null ? {} : { remind_at: work.now };
  await moveBroadcast(work.tx, id, "sending", { launched_at: work.now, ...closing, ...asking });
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: null, kind: "launched" }, work.now);
  work.ring({ queue: "dispatch-messages", payload: { channelId: broadcast.channelId } });
  await audit(work, {
    chain: villageId,
    action: "broadcast.launch",
    subject: "broadcast",
    subjectId: id,
    detail: placed,
  });
  return "launched";
}

const HELD_EVENT = {
  late: "held",
  budget: "over_budget",
  audience: "audience_changed",
  series: "overtakes",
} as const satisfies Record<HeldFor, string>;

async function hold(work: SystemWork, { id, villageId }: Broadcast, why: HeldFor, note: string): Promise<"held"> {
  await moveBroadcast(work.tx, id, "held", { note, held_for: why });
  const kind = HELD_EVENT[why];
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: null, kind, note }, work.now);
  await audit(work, {
    chain: villageId,
    action: "broadcast.hold",
    subject: "broadcast",
    subjectId: id,
    detail: { why },
  });
  return "held";
}
