import { audit } from "../../db/audit.queries.ts";
import type { SystemWork } from "../../queue/work.ts";
import { lockBroadcast } from "../broadcast.queries.ts";
import { moveBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { cancelPending } from "../sending/send.queries.ts";
import { pollsClosedUnsent } from "./poll.queries.ts";

/**
 * Whoever has not been asked when a poll closes is not asked any more: his answer would count for nothing. What is on
 * its way arrives. Returns how many polls it stopped.
 */
export async function closePolls(work: SystemWork): Promise<number> {
  const { tx, now } = work;
  const ids = await pollsClosedUnsent(tx, now);
  for (const id of ids) {
    const poll = await lockBroadcast(tx, id);
    if (poll?.state !== "sending" && poll?.state !== "paused") continue;
    const left = await cancelPending(tx, id, "closed", now);
    // One that was paused is over too: whoever finds what has ended looks among those that are sent.
    if (poll.state === "paused") await moveBroadcast(tx, id, "sending", { note: null });
    const { villageId } = poll;
    await noteEvent(tx, { broadcastId: id, villageId, actorId: null, kind: "closed", note: `${left} 条没发` }, now);
    await audit(work, {
      chain: villageId,
      action: "poll.close",
      subject: "broadcast",
      subjectId: id,
      detail: { left },
    });
  }
  return ids.length;
}
