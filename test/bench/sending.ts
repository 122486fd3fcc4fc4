import { type Backend, hasRedis, startRedis } from "../support/redis.ts";
import { sendBroadcast, settle } from "./broadcast.ts";
import { makeCertificate } from "./certificate.ts";
import { environmentOf, startDesk, startGround } from "./ground.ts";
import { type Row, Skipped } from "./harness.ts";
import { startHelper, startWorker } from "./helper.ts";
import type { Scale } from "./scale.ts";

/** Two carriers: one that leaves nothing to wait for, so that everything is CPU; and one as far away as a real one. */
type Carrier = {
  name: string;
  /** Connections of the bare loop and jobs at once of the usual design: as many as serve them best there. */
  atOnce: number;
  delayMs: number;
  tls: boolean;
  least: number;
  texts(scale: Scale): number;
};
const NEAR: Carrier = {
  name: "a carrier on loopback",
  atOnce: 64,
  delayMs: 0,
  tls: false,
  least: 0.5,
  texts: (scale) => scale.texts,
};
const FAR: Carrier = {
  name: "a carrier behind TLS that takes 100 ms",
  atOnce: 256,
  delayMs: 100,
  tls: true,
  least: 0.95,
  texts: (scale) => scale.slowTexts,
};
/** Half of these are connections: 256. */
const CONCURRENCY = 512;
const QUEUES: Record<Backend, string> = { postgres: "PostgreSQL", redis: "Redis" };

/** A broadcast from the launch's commit to the last recorded result, by a worker as it runs in production. */
const sending = (to: Carrier, backend: Backend): Row => ({
  name: `sending to ${to.name}, queue on ${QUEUES[backend]}`,
  unit: "texts/s",
  references: [
    { name: "bare undici loop, same forms", target: { atLeast: to.least } },
    { name: "the usual design", target: { atLeast: 8 } },
  ],
  async prepare(scale) {
    if (backend === "redis" && !hasRedis) throw new Skipped("no redis-server on PATH");
    const texts = to.texts(scale);
    const certificate = to.tls ? await makeCertificate() : null;
    const ground = await startGround();
    const redis = backend === "redis" ? await startRedis() : null;
    const carrier = await startHelper("carrier-server.ts", {
      BENCH_DELAY_MS: String(to.delayMs),
      ...certificate?.server,
    });
    const setting = { ground, carrierUrl: carrier.url, redisUrl: redis?.url, rate: 100_000, concurrency: CONCURRENCY };
    const ctx = await startDesk(setting);
    const cast = await settle(ctx, ground, texts);
    const worker = await startWorker({ ...environmentOf(setting), ...certificate?.caller });
    const env = {
      ...certificate?.caller,
      BENCH_CARRIER: carrier.url,
      BENCH_AT_ONCE: String(to.atOnce),
      BENCH_DATABASE: ground.url,
      BENCH_QUEUE_DATABASE: ground.access.queue.url,
      BENCH_REDIS: redis?.url,
    };
    const bare = await startHelper("bare-loop.ts", env);
    const usual = await startHelper("usual-design.ts", env);
    return {
      ours: () => sendBroadcast(ctx, ground, cast, texts),
      references: [() => bare.ask({ texts }), () => usual.ask({ texts: scale.usualTexts })],
      notes: async () => [`${texts} texts; the worker held ${Math.round(worker.peakMemory())} MB at most`],
      async done() {
        bare.stop();
        usual.stop();
        await worker.stop();
        await ctx.close();
        carrier.stop();
        await redis?.stop();
        await ground.leave();
        await certificate?.remove();
      },
    };
  },
});

export const sendingRows: readonly Row[] = [NEAR, FAR].flatMap((to) =>
  (["postgres", "redis"] as const).map((backend) => sending(to, backend)),
);
