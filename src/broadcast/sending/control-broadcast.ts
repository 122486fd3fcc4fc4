import { lookUpCode } from "../../carrier/refusals.ts";
import { audit } from "../../db/audit.queries.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { SystemWork, Work } from "../../queue/work.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { askBudget } from "../budget.ts";
import { moveBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { waitsForEarlier } from "../series/series-order.ts";
import { tooLate } from "../signing/approve-broadcast.ts";
import { forgetRefusals } from "./refusal-rate.queries.ts";
import { cancelPending, settleSegments } from "./send.queries.ts";

/** Nothing more is claimed from the next chunk on; what is claimed already (at most 250 ms of it) still goes. */
export const pauseBroadcast = (work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> =>
  control(
    work,
    id,
    "pause",
    async () => await moveBroadcast(work.tx, id, "paused", { note: `${work.actor.name}让先停一停` }),
  );

/** Goes on where it stopped; one that was held because its time had passed goes now. */
export const resumeBroadcast = (work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> =>
  control(work, id, "resume", async (broadcast) => {
    if (broadcast.state === "held") {
      const budget = await askBudget(work, broadcast);
      if (budget.over) return refusal("over_budget", budget.sentence);
      const overtakes = await waitsForEarlier(work.tx, broadcast, true);
      if (overtakes !== null) return refusal("move_not_allowed", overtakes);
      const gap = broadcast.heldFor === "series" ? { series_gap_known: true } : {};
      const change = { note: null, send_at: work.now, held_for: null, ...gap };
      if (!(await moveBroadcast(work.tx, id, "scheduled", change))) return false;
      work.ring({ queue: "launch-broadcast", payload: { broadcastId: id } });
      return true;
    }
    if (broadcast.state !== "paused" || !(await moveBroadcast(work.tx, id, "sending", { note: null }))) return false;
    await forgetRefusals(work.tx, id);
    work.ring({ queue: "dispatch-messages", payload: { channelId: broadcast.channelId } });
    return true;
  });

/** What has left cannot be called back; the rest never leaves. */
export const cancelBroadcast = (work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> =>
  control(work, id, "cancel", async () => {
    if (!(await moveBroadcast(work.tx, id, "canceled", { finished_at: work.now, note: `${work.actor.name}取消的` })))
      return false;
    await cancelPending(work.tx, id, "canceled", work.now);
    await settleSegments(work.tx, [id]);
    return true;
  });

const EVENT = { pause: "paused", resume: "resumed", cancel: "canceled" } as const;

async function control(
  work: Work,
  id: BroadcastId,
  kind: keyof typeof EVENT,
  move: (broadcast: Broadcast) => Promise<boolean | Outcome<never>>,
): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const moved = await move(broadcast);
  if (typeof moved === "object") return moved;
  if (!moved) return tooLate(broadcast);
  const { villageId } = broadcast;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind: EVENT[kind] }, work.now);
  await audit(work, { chain: villageId, action: `broadcast.${kind}`, subject: "broadcast", subjectId: id });
  return ok(id);
}

/** The carrier takes nothing of it: paused by the service, with the reason for whoever must mend it. */
export async function stopBroadcast(work: SystemWork, id: BroadcastId, code: string): Promise<void> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return;
  const note = lookUpCode(code).sentence;
  if (!(await moveBroadcast(work.tx, id, "paused", { note }))) return;
  await noteEvent(
    work.tx,
    { broadcastId: id, villageId: broadcast.villageId, actorId: null, kind: "stopped", note },
    work.now,
  );
  await audit(work, {
    chain: broadcast.villageId,
    action: "broadcast.stop",
    subject: "broadcast",
    subjectId: id,
    detail: { code },
  });
}
