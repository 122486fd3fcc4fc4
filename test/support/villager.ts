import { storeInbound } from "../../src/inbound/inbound.queries.ts";
import { understandInbound } from "../../src/inbound/understand-inbound.ts";
import { type InboundId, newId, type SuggestionId } from "../../src/lib/ids.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import type { TestContext } from "./context.ts";
import { phoneOf } from "./given.ts";

/** A villager who texts, and reads what came to his phone. No workers: everything happens when the test says so. */
export function villager(t: TestContext, n: number, phone = phoneOf(n)) {
  const { ctx, carrier, clock } = t;
  const sealer = ctx.sealer;
  const send = () => ctx.dispatcher.dispatch(ctx.channelId, new AbortController().signal);
  return {
    phone,
    /** Texts, is understood, and what follows from it is sent. */
    async texts(body: string): Promise<InboundId> {
      const [id] = await storeInbound(ctx.db.system, [
        {
          channelId: ctx.channelId,
          carrier: "simulator",
          carrierMessageId: newId(),
          fromHash: sealer.hashPhone(phone as never),
          fromPhone: sealer.phone(phone as never),
          raw: sealer.bytes(Buffer.from(body)),
          body,
          receivedAt: clock.now(),
          backfilled: false,
        },
      ]);
      if (!id) throw new Error("not stored");
      await inSystemWork(ctx.work, (work) => understandInbound(work, id));
      await send();
      return id;
    },
    reads: async (): Promise<string[]> => {
      await send();
      return carrier.textsTo(phone);
    },
    lastCase: async (): Promise<SuggestionId> =>
      (
        await ctx.db.system
          .selectFrom("suggestions")
          .select("id")
          .where("phone_hash", "=", sealer.hashPhone(phone as never))
          .orderBy("id", "desc")
          .executeTakeFirstOrThrow()
      ).id,
  };
}
