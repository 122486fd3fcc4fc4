import { type NewMessage, storeMessages } from "../carrier/simulator/messages.queries.ts";
import { after, SECOND } from "../lib/clock.ts";
import { type BroadcastId, newId } from "../lib/ids.ts";
import type { SystemWork } from "../queue/work.ts";
import { type Delivered, notePhones, type PendingText, pendingTexts, recordDelivery } from "./delivery.queries.ts";
import { dateProblems } from "./demo.queries.ts";
import { arrives, type Fate, type Fates } from "./fate.ts";
import type { Stage } from "./stage.ts";

/** Segments per second, as a simulated channel has by default. */
const RATE = 10;
const ANSWER_TIME = 0.3 * SECOND;

/**
 * Everything of a notice that waits, or else everything to single persons, is sent, as far as the rows of both sides
 * tell: ours and the simulated carrier's.
 */
export async function deliverTexts(
  work: SystemWork,
  stage: Stage,
  { notice = null, fates = arrives }: { notice?: BroadcastId | null; fates?: Fates } = {},
): Promise<void> {
  const pending = await pendingTexts(work.tx, stage.channel.id, notice);
  if (pending.length === 0) return;
  let segments = 0;
  const texts = pending.map((text, index): Sent => {
    const calledAt = after(work.now, SECOND + (segments / RATE) * SECOND);
    segments += text.segments;
    return { text, delivered: settle(text, calledAt, fates({ door: text.door, index, count: pending.length })) };
  });
  await recordDelivery(
    work.tx,
    texts.map(({ delivered }) => delivered),
  );
  const taken = texts.flatMap((one) => atTheCarrier(stage, one));
  if (taken.length > 0) await storeMessages(work.tx, taken);
  const lost = texts.flatMap(({ delivered: { id, code } }) => (code === null ? [] : [id]));
  if (lost.length > 0) {
    await notePhones(work.tx, lost);
    await dateProblems(work.tx, stage.village.id, after(work.now, (segments / RATE) * SECOND));
  }
}

type Sent = { text: PendingText; delivered: Delivered };

function settle(text: PendingText, calledAt: Date, { state, code, afterMs }: Fate): Delivered {
  const taken = state !== "failed" && state !== "unknown";
  const settledAt = after(calledAt, afterMs);
  return {
    id: text.id,
    state,
    code,
    carrierMessageId: taken ? newSidAt(calledAt) : null,
    calledAt,
    answeredAt: taken ? after(calledAt, ANSWER_TIME) : settledAt,
    settledAt,
  };
}

/** Sids are born in order, because the carrier's list is sorted by them. */
export const newSidAt = (at: Date): string => `SM${newId(at.getTime()).replaceAll("-", "")}`;

/** The carrier's own row of a text that it took; one that it refused, or that never reached it, has none. */
function atTheCarrier(stage: Stage, { text, delivered }: Sent): NewMessage[] {
  const { state, code, carrierMessageId, calledAt, settledAt } = delivered;
  if (carrierMessageId === null || (state !== "sent" && state !== "delivered" && state !== "undelivered")) return [];
  return [
    {
      sid: carrierMessageId,
      accountSid: stage.accountSid,
      direction: "outbound-api",
      sender: stage.channel.sender,
      recipient: stage.sealer.openPhone(text.phone),
      serviceSid: null,
      body: text.body,
      segments: text.segments,
      status: state,
      errorCode: code === null ? null : Number(code),
      createdAt: calledAt,
      updatedAt: settledAt,
      sentAt: after(calledAt, SECOND),
      reachedAt: state === "undelivered" ? null : settledAt,
      listedFrom: calledAt,
      steps: [],
      url: null,
    },
  ];
}
