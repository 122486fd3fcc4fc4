import { recordUnderstanding, storeInbound, takeInbound } from "../../src/inbound/inbound.queries.ts";
import { openSealed } from "../../src/inbound/open-sealed.ts";
import { raiseAlarm } from "../../src/inbound/raise-alarm.ts";
import type { Verdict } from "../../src/inbound/verdict.ts";
import { type InboundId, newId } from "../../src/lib/ids.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import { findByPhone } from "../../src/roster/roster.queries.ts";
import { findSealedTalk } from "../../src/suggestion/sealed.queries.ts";
import { getVillage } from "../../src/village/village.queries.ts";
import type { TestContext } from "./context.ts";
import { phoneOf } from "./given.ts";

/** A text of the n-th door that was read as this: its consequences, whatever words the rules know. */
export async function hears(
  t: TestContext,
  n: number,
  body: string,
  verdict: Extract<Verdict, { meaning: "emergency" | "sealed" }>,
): Promise<InboundId> {
  const { sealer, db, work: deps, channelId, dispatcher } = t.ctx;
  const phone = phoneOf(n) as never;
  const [id] = await storeInbound(db.system, [
    {
      ...{
        channelId,
        carrier: "simulator",
        carrierMessageId: newId(),
        body,
        receivedAt: t.clock.now(),
        backfilled: false,
      },
      ...{ fromHash: sealer.hashPhone(phone), fromPhone: sealer.phone(phone), raw: sealer.bytes(Buffer.from(body)) },
    },
  ]);
  if (!id) throw new Error("not stored");
  await inSystemWork(deps, async (work) => {
    const text = await takeInbound(work.tx, id);
    const sender = text && (await findByPhone(work.tx, text.fromHash))[0];
    if (!text || !sender) throw new Error("nobody spoke");
    const village = await getVillage(work.tx, sender.villageId);
    const talk = await findSealedTalk(work.tx, village.id, text.fromHash);
    const hearing = { text, sender, village, questions: [], talk, sealed: false, about: null };
    const found =
      verdict.meaning === "sealed"
        ? await openSealed(work, hearing, verdict)
        : await raiseAlarm(work, hearing, verdict);
    const { meaning, why } = verdict;
    const read = { meaning, rule: "test", why, registered: true, sealed: meaning === "sealed" };
    const { villageId, householdId, villagerId } = sender;
    const { detail, suggestionId } = found;
    const understood = { ...read, villageId, householdId, villagerId, detail, suggestionId, aboutBroadcastId: null };
    await recordUnderstanding(work.tx, id, understood, work.now);
  });
  await dispatcher.dispatch(channelId, new AbortController().signal);
  return id;
}
