import type { Consequence, Hearing } from "../../src/inbound/hearing.ts";
import { recordUnderstanding, storeInbound, takeInbound } from "../../src/inbound/inbound.queries.ts";
import type { Meaning } from "../../src/inbound/meaning.ts";
import { newId } from "../../src/lib/ids.ts";
import { inSystemWork, type SystemWork } from "../../src/queue/work.ts";
import { findByPhone } from "../../src/roster/roster.queries.ts";
import { openQuestions } from "../../src/suggestion/question.queries.ts";
import { getVillage } from "../../src/village/village.queries.ts";
import type { TestContext } from "./context.ts";
import { phoneOf } from "./given.ts";

/** A text of the n-th door's phone and what follows from a meaning that the test decides; then everything due is sent. */
export async function whenHeard(
  t: TestContext,
  n: number,
  body: string,
  meaning: Meaning,
  follow: (work: SystemWork, hearing: Hearing) => Promise<Consequence>,
): Promise<Consequence> {
  const { ctx, clock } = t;
  const phone = phoneOf(n) as never;
  const [id] = await storeInbound(ctx.db.system, [
    {
      channelId: ctx.channelId,
      carrier: "simulator",
      carrierMessageId: newId(),
      fromHash: ctx.sealer.hashPhone(phone),
      fromPhone: ctx.sealer.phone(phone),
      raw: ctx.sealer.bytes(Buffer.from(body)),
      body,
      receivedAt: clock.now(),
      backfilled: false,
    },
  ]);
  if (!id) throw new Error("not stored");
  const found = await inSystemWork(ctx.work, async (work) => {
    const text = await takeInbound(work.tx, id);
    const [sender] = await findByPhone(work.tx, ctx.sealer.hashPhone(phone));
    if (!text || !sender) throw new Error("nobody of the roster wrote this");
    const village = await getVillage(work.tx, sender.villageId);
    const questions = await openQuestions(work.tx, text.fromHash, text.receivedAt);
    const consequence = await follow(work, {
      text,
      sender,
      village,
      questions,
      talk: null,
      sealed: false,
      about: null,
    });
    await recordUnderstanding(
      work.tx,
      id,
      {
        rule: "test",
        why: "test",
        sealed: false,
        ...consequence,
        meaning,
        ...sender,
        registered: true,
        aboutBroadcastId: null,
      },
      work.now,
    );
    return consequence;
  });
  await ctx.dispatcher.dispatch(ctx.channelId, new AbortController().signal);
  return found;
}
