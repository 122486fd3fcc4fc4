import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SECOND } from "../../src/lib/clock.ts";
import type { BroadcastId, ChannelId } from "../../src/lib/ids.ts";
import { createLog } from "../../src/log.ts";
import { connectQueues, type Doorbells } from "../../src/queue/connect.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { type Gate, openGate } from "../support/gate.ts";
import { eventually, type Ledger, openLedger } from "../support/ledger.ts";
import { BACKENDS, startRedis, type TestRedis } from "../support/redis.ts";

/** Bells over a server that goes away: what hangs on them repairs itself, and nobody who rings waits for it. */
describe.each(BACKENDS)("the bells over %s", (backend) => {
  let database: TestDatabase;
  let redis: TestRedis | null = null;
  let gate: Gate;
  let bells: Doorbells;

  beforeAll(async () => {
    database = await cloneDatabase();
    redis = backend === "redis" ? await startRedis() : null;
  });
  afterEach(async () => {
    gate.open();
    await bells.stopAnswering();
    await bells.close();
    gate.stop();
  });
  afterAll(async () => {
    await redis?.stop();
    await database.drop();
  });

  const connect = async () => {
    gate = await openGate(redis?.url ?? database.access.queue.url);
    const log = createLog(process.env.LOG_LEVEL ?? "silent");
    bells = redis
      ? connectQueues({ redisUrl: gate.url, postgresUrl: "", log })
      : connectQueues({ redisUrl: undefined, postgresUrl: gate.url, log });
  };
  let rung = 0;
  const heard: string[] = [];
  const answer = () => bells.answer("dispatch-messages", async ({ channelId }) => void heard.push(channelId));
  const ring = async (): Promise<string> => {
    const channelId = `bell ${++rung}`;
    await bells.ring([{ queue: "dispatch-messages", payload: { channelId: channelId as ChannelId } }]);
    return channelId;
  };
  const many = Array.from({ length: 20 }, (_, i) => ({
    queue: "launch-broadcast" as const,
    payload: { broadcastId: `of a sweep ${i}` as BroadcastId },
  }));
  const untilHeard = (bell: string) =>
    eventually(
      bell,
      async () => [...heard],
      (seen) => seen.includes(bell),
      15 * SECOND,
    );
  /** As a sweep does. */
  const ringUntilHeard = () =>
    eventually(
      "a bell",
      async () => {
        const bell = await ring();
        await new Promise((resolve) => setTimeout(resolve, 200));
        return heard.includes(bell);
      },
      Boolean,
      15 * SECOND,
    );

  test("are heard again by a worker whose server was away, then and later", async () => {
    await connect();
    await bells.start();
    answer();
    await untilHeard(await ring());
    for (let times = 0; times < 3; times++) {
      gate.shut();
      await ring();
      gate.open();
      await ringUntilHeard();
    }
  });

  test("are heard by a worker that did not meet its server at first", async () => {
    await connect();
    await bells.start();
    gate.shut();
    answer();
    await new Promise((resolve) => setTimeout(resolve, 500));
    gate.open();
    await ringUntilHeard();
  });

  test.runIf(backend === "redis").each(["shut", "hush"] as const)(
    "do not keep waiting whoever rings them at a server that is %s",
    async (how) => {
      await connect();
      await bells.start();
      gate[how]();
      for (let times = 0; times < 2; times++) {
        const asked = performance.now();
        await ring();
        await bells.ring(many);
        expect(performance.now() - asked).toBeLessThan(6 * SECOND);
      }
    },
  );
});

describe("the session that listens for bells in PostgreSQL", () => {
  test("is ended by the server, again and again: the next bell is heard, by a session of its own", async () => {
    const database = await cloneDatabase();
    const log = createLog(process.env.LOG_LEVEL ?? "silent");
    const bells = connectQueues({ redisUrl: undefined, postgresUrl: database.access.queue.url, log });
    const ledger: Ledger = await openLedger(database.access.queue.url);
    const listening = async (): Promise<number[]> =>
      (
        await ledger.query<{ pid: number }>(
          "select pid from pg_stat_activity where query like '%LISTEN bullmq_jobs%' and pid <> pg_backend_pid() and datname = current_database()",
        )
      ).map(({ pid }) => pid);
    try {
      await bells.start();
      const heard: string[] = [];
      bells.answer("dispatch-messages", async ({ channelId }) => void heard.push(channelId));
      for (let times = 1; times <= 5; times++) {
        const before = await eventually("a session that listens", listening, ({ length }) => length === 1);
        await ledger.query(`select pg_terminate_backend(${before[0]})`);
        // At once: while nobody listens.
        await bells.ring([{ queue: "dispatch-messages", payload: { channelId: `bell ${times}` as ChannelId } }]);
        await eventually(
          "heard",
          async () => heard.length,
          (n) => n === times,
          5 * SECOND,
        );
        const after = await eventually("another session", listening, ({ length }) => length === 1);
        expect(after).not.toEqual(before);
      }
    } finally {
      await bells.stopAnswering();
      await bells.close();
      await ledger.close();
      await database.drop();
    }
  });
});
