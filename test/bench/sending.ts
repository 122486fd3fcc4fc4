import { type Backend, hasRedis, startRedis } from "../support/redis.ts";
import { sendBroadcast, settle } from "./broadcast.ts";
import { environmentOf, startDesk, startGround } from "./ground.ts";
import { type Row, Skipped } from "./harness.ts";
import { startHelper, startWorker } from "./helper.ts";

const NAMES: Record<Backend, string> = { postgres: "PostgreSQL", redis: "Redis" };

/** A broadcast from the launch's commit to the last recorded result, by a worker as it runs in production. */
const sending = (backend: Backend): Row => ({
  name: `sending on loopback, queue on ${NAMES[backend]}`,
  unit: "texts/s",
  references: [
    { name: "bare undici loop, same forms", target: { atLeast: 0.5 } },
    { name: "the usual design", target: { atLeast: 8 } },
  ],
  async prepare({ texts, usualTexts }) {
    if (backend === "redis" && !hasRedis) throw new Skipped("no redis-server on PATH");
    const atOnce = 64;
    const ground = await startGround();
    const redis = backend === "redis" ? await startRedis() : null;
    const carrier = await startHelper("carrier-server.ts");
    const setting = { ground, carrierUrl: carrier.url, redisUrl: redis?.url, rate: 100_000, atOnce };
    const ctx = await startDesk(setting);
    const cast = await settle(ctx, ground, texts);
    const worker = await startWorker(environmentOf(setting));
    const env = {
      BENCH_CARRIER: carrier.url,
      BENCH_AT_ONCE: String(atOnce),
      BENCH_DATABASE: ground.url,
      BENCH_QUEUE_DATABASE: ground.access.queue.url,
      BENCH_REDIS: redis?.url,
    };
    const bare = await startHelper("bare-loop.ts", env);
    const usual = await startHelper("usual-design.ts", env);
    return {
      ours: () => sendBroadcast(ctx, ground, cast, texts),
      references: [() => bare.ask({ texts }), () => usual.ask({ texts: usualTexts })],
      notes: async () => [`the worker held ${Math.round(worker.peakMemory())} MB at most`],
      async done() {
        bare.stop();
        usual.stop();
        await worker.stop();
        await ctx.close();
        carrier.stop();
        await redis?.stop();
        await ground.leave();
      },
    };
  },
});

export const sendingRows: readonly Row[] = [sending("postgres"), sending("redis")];
