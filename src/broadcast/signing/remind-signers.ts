import { sayMoment } from "../../lib/china-time.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { shorten } from "../../lib/text.ts";
import { queueText } from "../../message/queue-text.ts";
import { renderSms } from "../../message/templates.ts";
import type { SystemWork } from "../../queue/work.ts";
import { listReachable, type Reachable } from "../../staff/reachable.queries.ts";
import { getVillage, type Village } from "../../village/village.queries.ts";
import { nextServiceMoment } from "../../village/village.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { signBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { hasOverseer } from "./overseers.queries.ts";
import { missingKeys, type SignRung, waitsForCountersignature } from "./signatures.ts";
import { type DueRung, rungsAfter, rungsBefore } from "./signing-clock.ts";
import { insertReminders, rungsAsked } from "./signing-reminders.queries.ts";

/**
 * Asks by text whoever must sign a notice, once for each rung, and notes when to look again. The text and the note are
 * one commit. Of a notice whose time has passed nobody is asked any more: its drafter is told on his page.
 */
export async function remindSigners(work: SystemWork, id: BroadcastId): Promise<void> {
  const { tx, now } = work;
  const broadcast = await lockBroadcast(tx, id);
  if (!broadcast?.submittedAt) return;
  const { submittedAt, sendAt, villageId } = broadcast;
  if (broadcast.state === "awaiting_approval" && sendAt !== null && sendAt <= now) {
    await signBroadcast(tx, id, { remind_at: null });
    return await noteEvent(tx, { broadcastId: id, villageId, actorId: null, kind: "missed" }, now);
  }
  const village = await getVillage(tx, villageId);
  const asked = await rungsAsked(tx, id, submittedAt);
  const open = rungsOf(village, broadcast, submittedAt).filter(({ rung }) => !asked.includes(rung));
  const due = open.filter(({ at }) => at <= now).map(({ rung }) => rung);
  const atWork = nextServiceMoment(village.serviceHours, village.calendar, now);
  if (due.length > 0 && atWork > now) return await signBroadcast(tx, id, { remind_at: atWork });
  if (due.length > 0) {
    const people = await whomToAsk(work, village, broadcast, due);
    for (const { phone } of people) {
      await queueText(work, {
        ...{ villageId, signature: village.signature, phone, householdId: null, suggestionId: null },
        ...{ purpose: "reminder", body: write(broadcast, now), sealed: false },
      });
    }
    await insertReminders(tx, { id, villageId, submittedAt }, due, people.length > 0 ? "texted" : "nobody", now);
  }
  const next = [...open.filter(({ at }) => at > now).map(({ at }) => at), ...(isTimed(broadcast) ? [sendAt] : [])];
  const times = next.filter((at) => at !== null).sort((a, b) => a.getTime() - b.getTime());
  await signBroadcast(tx, id, { remind_at: times[0] ?? null });
}

const isTimed = ({ state, sendAt }: Broadcast): boolean => state === "awaiting_approval" && sendAt !== null;

function rungsOf(village: Village, broadcast: Broadcast, submittedAt: Date): DueRung[] {
  if (broadcast.state === "awaiting_approval") return rungsBefore(village, submittedAt, broadcast.sendAt);
  return waitsForCountersignature(broadcast) && broadcast.launchedAt ? rungsAfter(village, broadcast.launchedAt) : [];
}

/** Never the drafter: his signature would not count. Whom a village lacks its township stands in for. */
async function whomToAsk(
  { tx }: SystemWork,
  village: Village,
  broadcast: Broadcast,
  due: readonly SignRung[],
): Promise<Reachable[]> {
  const others = (people: Reachable[]) => people.filter(({ id }) => id !== broadcast.draftedBy);
  const supervisors = async () => (village.townshipId ? listReachable(tx, { supervisorsOf: village.townshipId }) : []);
  const secretaries = async () => others(await listReachable(tx, { secretariesOf: village.id }));
  if (waitsForCountersignature(broadcast)) {
    const people = due.includes("township") ? [] : await secretaries();
    return people.length > 0 ? people : await supervisors();
  }
  const missing = missingKeys(broadcast);
  const overseers = async () =>
    (await hasOverseer(tx, village.id))
      ? others(await listReachable(tx, { overseersOf: village.id }))
      : await supervisors();
  return [
    ...(missing.includes("approver") ? await secretaries() : []),
    ...(missing.includes("overseer") ? await overseers() : []),
  ];
}

/** Enough to know which one it is. */
const MOST_WORDS = 14;
const MOST_REASON = 20;

function write(broadcast: Broadcast, now: Date): string {
  const said = shorten(broadcast.body, MOST_WORDS);
  if (waitsForCountersignature(broadcast)) {
    return renderSms("countersign", {
      who: broadcast.drafter,
      said,
      cause: shorten(broadcast.urgentReason ?? "", MOST_REASON),
    });
  }
  const standing = broadcast.sendAt ? `定在${sayMoment(broadcast.sendAt, now)}发` : "签了就发";
  return renderSms("sign", { column: broadcast.column, said, standing });
}
