import type { Carrier, Listed } from "../carrier/port.ts";
import type { Db, Tx } from "../db/connect.ts";
import { asSystem } from "../db/tenancy.ts";
import { MINUTE, SECOND } from "../lib/clock.ts";
import type { BroadcastId, ChannelId, VillageId } from "../lib/ids.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Log } from "../log.ts";
import type { DoubtsOf } from "./doubts.queries.ts";
import { boundElsewhere, countAbsence, type Doubt, requeueDoubt, takeDoubts } from "./reconcile.queries.ts";
import { applyReports } from "./reports.queries.ts";

export type ReconcileDeps = {
  system: Db;
  carrier: Carrier;
  sealer: Sealer;
  log: Log;
  /** Seconds before the carrier is asked, and between two questions. */
  reconcileAfter: number;
  ring(channelId: ChannelId): Promise<void>;
  /** One unit of work around `requeue`, which says how many texts of this emergency go out again by themselves. */
  resend(emergency: Emergency, requeue: (tx: Tx) => Promise<number>): Promise<number>;
};

export type Emergency = { broadcastId: BroadcastId; villageId: VillageId };

/** A text may be listed a little before our clock says it was called, and long after. */
const EARLIER = 5 * SECOND;
const LATER = 10 * MINUTE;

/** What one round of asking came to, in texts. */
export type Inquiry = { asked: number; settled: number; neverTaken: number; open: number; unanswered: number };
type Finding = Exclude<keyof Inquiry, "asked">;

/** How many a person's question asks about at once: a page must not wait for hundreds of look-ups. */
const AT_ONCE = 20;
/** After so many look-ups an emergency that is to arrive at least once is sent again. */
const LOOK_UPS = 2;

/**
 * Asks the carrier about texts whose answer was lost. Found → settled by what the list says. Absent → believed only
 * when two look-ups, RECONCILE_AFTER apart, lack it while the list already shows a later text of ours (lists lag
 * behind by minutes to hours: reference/carriers.md 1); then it is sent again. Else it stays for the callback, the
 * next look-up or a person; only an emergency set to "at least once" is sent again by itself.
 */
export async function reconcile(deps: ReconcileDeps): Promise<number> {
  const doubts = await takeDoubts(deps.system, deps.reconcileAfter, 20);
  const inVain: Doubt[] = [];
  for (const doubt of doubts) if (UNSETTLED.has(await look(deps, doubt))) inVain.push(doubt);
  await resendEmergencies(deps, inVain);
  return doubts.length;
}

/** The same at a person's word: at once, about one broadcast or case, those longest unasked first. */
export async function inquire(deps: ReconcileDeps, of: DoubtsOf): Promise<Inquiry> {
  const doubts = await takeDoubts(deps.system, deps.reconcileAfter, AT_ONCE, of);
  const inquiry = { asked: doubts.length, settled: 0, neverTaken: 0, open: 0, unanswered: 0 };
  const findings = await Promise.all(doubts.map((doubt) => look(deps, doubt)));
  for (const finding of findings) inquiry[finding] += 1;
  await resendEmergencies(
    deps,
    doubts.filter((_, i) => UNSETTLED.has(findings[i] as Finding)),
  );
  return inquiry;
}

const UNSETTLED: ReadonlySet<Finding> = new Set(["open", "unanswered"]);

const look = (deps: ReconcileDeps, doubt: Doubt): Promise<Finding> =>
  settle(deps, doubt).catch((error): Finding => {
    deps.log.warn({ err: error, messageId: doubt.messageId }, "the carrier could not be asked; later again");
    return "unanswered";
  });

/** Of what was asked about in vain, the emergencies that would rather arrive twice; one commit and one note for each. */
async function resendEmergencies(deps: ReconcileDeps, inVain: readonly Doubt[]): Promise<void> {
  const due = inVain.filter((doubt) => doubt.atLeastOnce && doubt.lookUps >= LOOK_UPS);
  for (const [broadcastId, doubts] of Map.groupBy(due, (doubt) => doubt.broadcastId)) {
    const [first] = doubts;
    if (!broadcastId || !first) continue;
    const { villageId, channelId } = first;
    const texts = await deps.resend({ broadcastId, villageId }, async (tx) => {
      let requeued = 0;
      for (const doubt of doubts) if (await requeueDoubt(tx, doubt, "resent")) requeued++;
      return requeued;
    });
    if (texts === 0) continue;
    deps.log.warn({ broadcastId, texts }, "nobody knows whether an emergency's texts left; queued again");
    await deps.ring(channelId);
  }
}

async function settle(deps: ReconcileDeps, doubt: Doubt): Promise<Finding> {
  const to = deps.sealer.openPhone(doubt.phone);
  const from = new Date(doubt.calledAt.getTime() - EARLIER);
  const listed = await deps.carrier.findSent(to, from, new Date(doubt.calledAt.getTime() + LATER));
  const same = listed.filter((text) => text.body === doubt.body);
  const taken = await boundElsewhere(
    deps.system,
    doubt,
    same.map((text) => text.carrierMessageId),
  );
  const ours = nearest(
    same.filter((text) => !taken.has(text.carrierMessageId)),
    doubt.calledAt,
  );
  if (ours) {
    await asSystem(deps.system, (tx) =>
      applyReports(tx, [
        {
          messageId: doubt.messageId,
          attempt: doubt.attempt,
          carrierMessageId: ours.carrierMessageId,
          state: ours.status,
          code: ours.code,
        },
      ]),
    );
    deps.log.info({ messageId: doubt.messageId, status: ours.status }, "doubt settled by the carrier's list");
    return "settled";
  }
  const newest = await deps.carrier.newestSent();
  // Moments in the list are whole seconds.
  if (newest === null || newest.getTime() < doubt.calledAt.getTime() + SECOND) return "open";
  if (doubt.absent === "never") await asSystem(deps.system, (tx) => countAbsence(tx, doubt));
  if (doubt.absent !== "ripe") return "open";
  await asSystem(deps.system, (tx) => requeueDoubt(tx, doubt, "absent"));
  deps.log.info({ messageId: doubt.messageId, attempt: doubt.attempt }, "the carrier never took it; queued again");
  await deps.ring(doubt.channelId);
  return "neverTaken";
}

const nearest = (texts: readonly Listed[], calledAt: Date): Listed | undefined =>
  [...texts].sort((a, b) => distance(a, calledAt) - distance(b, calledAt))[0];
const distance = (text: Listed, at: Date) => Math.abs(text.createdAt.getTime() - at.getTime());
