import { cancelBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import type { Context } from "../../src/context.ts";
import type { PhoneNumber } from "../../src/lib/phone.ts";
import { pause } from "../../src/lib/slots.ts";
import { queueText } from "../../src/message/queue-text.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { type Cast, expectOk } from "../support/given.ts";
import { launch, settle } from "./broadcast.ts";
import { PHONE, SIGNATURE } from "./forms.ts";
import { environmentOf, startDesk, startGround } from "./ground.ts";
import { median, quantile, type Row } from "./harness.ts";
import { type Helper, startHelper, startWorker } from "./helper.ts";

/** Segments per second of a paced channel: the broadcast is far from over when the last answer has been sent. */
const RATE = 500;
const CHUNK_MS = 250;

/** From the commit of an answer to its arrival at the carrier, while a broadcast has the channel, and while none has. */
export const answersRow: Row = {
  name: "an answer during a broadcast, p99",
  unit: "ms",
  references: [{ name: "twice the idle p99 and one chunk of 250 ms", target: { atMost: 1 } }],
  async prepare({ texts, answers }) {
    const ground = await startGround();
    const carrier = await startHelper("carrier-server.ts", { BENCH_WATCH: "1" });
    const setting = { ground, carrierUrl: carrier.url, rate: RATE, concurrency: 128 };
    const ctx = await startDesk(setting);
    const cast = await settle(ctx, ground, texts);
    const worker = await startWorker(environmentOf(setting));
    const idle: number[] = [];
    return {
      async ours() {
        const { id } = await launch(ctx, ground, cast);
        await pause(1000);
        const p99 = quantile(await clockAnswers(ctx, cast, carrier, answers), 0.99);
        const { rows } = await ground.pool.query(
          "select count(*)::int as n from messages where broadcast_id = $1 and queued",
          [id],
        );
        if (rows[0].n === 0) throw new Error("the broadcast was over before the last answer");
        expectOk(await inWork(ctx.work, cast.secretary, (work) => cancelBroadcast(work, id)));
        await pause(1000);
        return p99;
      },
      references: [
        async () => {
          idle.push(quantile(await clockAnswers(ctx, cast, carrier, answers), 0.99));
          return 2 * (idle.at(-1) ?? Number.NaN) + CHUNK_MS;
        },
      ],
      notes: async () => [
        `${answers} answers a round, a broadcast of ${texts} at ${RATE} a second; idle p99 ${median(idle).toFixed(0)} ms`,
      ],
      async done() {
        await worker.stop();
        await ctx.close();
        carrier.stop();
        await ground.leave();
      },
    };
  },
};

/** The carrier's process and this one read the same clock, so both moments can be compared. */
async function clockAnswers(ctx: Context, cast: Cast, carrier: Helper, count: number): Promise<number[]> {
  const committed = new Map<string, number>();
  const arrived = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    const probe = `probe${n}`;
    const ring = (bells: Parameters<typeof ctx.bells.ring>[0]) => {
      committed.set(probe, performance.timeOrigin + performance.now());
      return ctx.bells.ring(bells);
    };
    await inSystemWork({ ...ctx.work, bells: { ring } }, (work) =>
      queueText(work, {
        villageId: cast.village.id,
        signature: SIGNATURE,
        phone: { hash: ctx.sealer.hashPhone(PHONE as PhoneNumber), sealed: ctx.sealer.phone(PHONE as PhoneNumber) },
        householdId: null,
        suggestionId: null,
        purpose: "answer",
        body: `${probe} 路灯已修好`,
        sealed: false,
      }),
    );
    // Never in step with the chunks.
    await pause(50 + Math.random() * 100);
  }
  for (let patience = 100; arrived.size < count && patience > 0; patience--) {
    await pause(100);
    for (const [probe, at] of Object.entries(await carrier.ask<Record<string, number>>())) arrived.set(probe, at);
  }
  if (arrived.size < count) throw new Error(`${arrived.size} of ${count} answers reached the carrier`);
  return [...committed].map(([probe, at]) => (arrived.get(probe) ?? Number.NaN) - at);
}
