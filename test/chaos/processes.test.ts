import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../src/db/owner.ts";
import { cloneDatabase, TEST_KEY, TEST_PREFIX, type TestDatabase } from "../support/database.ts";
import { eventually, expectEachOnce, type Ledger, openLedger } from "../support/ledger.ts";
import { endAll, type Process, runCli, startMain } from "../support/process.ts";
import { BACKENDS, startRedis, type TestRedis } from "../support/redis.ts";
import { openSmallVillage, type SmallVillage } from "../support/small-village.ts";

const DOORS = 300;
/** The test server's administrator has the owner's password (src/db/embedded.ts). */
const asSuperuser = (url: string) => url.replace("//cunwu:", "//postgres:");

/** Production's shape: two web and two worker processes on one PostgreSQL, and what may happen to them while they send. */
describe.each(BACKENDS)(
  "two web and two worker processes on BullMQ over %s",
  (backend) => {
    let database: TestDatabase;
    let redis: TestRedis | null = null;
    let ledger: Ledger;
    let env: Record<string, string>;
    let all: Process[] = [];
    let webs: string[];
    let workers: Process[];
    let village: SmallVillage;

    beforeAll(async () => {
      database = await cloneDatabase();
      redis = backend === "redis" ? await startRedis() : null;
      const ports = [await freePort(), await freePort()];
      webs = ports.map((port) => `http://127.0.0.1:${port}`);
      env = {
        DATABASE_URL: database.url,
        DATABASE_ROLE_PREFIX: TEST_PREFIX,
        DATA_KEY: TEST_KEY.toString("base64"),
        PUBLIC_BASE_URL: `${webs[0]}`,
        TWILIO_BASE_URL: `${webs[0]}/simulator`,
        SEND_RATE: "100",
        SEND_CONCURRENCY: "8",
        RECONCILE_AFTER: "1",
        ...(redis ? { REDIS_URL: redis.url } : {}),
      };
      const servers = (all = ports.map((port) => startMain("web", { ...env, PORT: String(port) })));
      workers = [startMain("worker", env), startMain("worker", env)];
      all.push(...workers);
      await Promise.all([...servers, ...workers].map((one) => one.ready()));
      village = await openSmallVillage(`${webs[0]}`, (args) => runCli(args, env), DOORS);
      ledger = await openLedger(database.access.system.url);
    });
    afterAll(async () => {
      await endAll();
      await ledger?.close();
      await redis?.stop();
      await database?.drop();
    });

    const texted = async (body: string) => (await ledger.texted(body)).size;
    const untilTexted = (body: string, doors: number) =>
      eventually(
        `${doors} texted`,
        () => texted(body),
        (n) => n >= doors,
      );
    /** Everybody has been texted once, and no row is left in doubt or in somebody's hands. */
    const untilDone = async (id: string, body: string) => {
      await eventually(
        "sent",
        async () => ({ ...(await village.read(id)), ...{ all: await ledger.states() } }),
        ({ state, all }) => state === "sent" && !all.pending && !all.claimed && !all.unknown,
      );
      expectEachOnce(await ledger.texted(body), DOORS);
      expect(await ledger.query("select id from claims")).toEqual([]);
    };

    test("both workers send one broadcast, and the other web shows how far it is", async () => {
      const id = await village.send("第一条通知。");
      const seen = new Set<string>();
      const others = village.at(`${webs[1]}`);
      let progress = 0;
      await eventually(
        "sent",
        async () => {
          for (const worker of await ledger.workers()) seen.add(worker);
          const { body } = await others.clerk<{ state: string; counts: Record<string, number> }>(
            "GET",
            `/broadcasts/${id}`,
          );
          const { pending = 0, claimed = 0 } = body.counts;
          if (pending + claimed > 0 && pending + claimed < DOORS) progress++;
          return body.state;
        },
        (state) => state === "sent",
      );
      expect(seen.size).toBe(2);
      expect(progress).toBeGreaterThan(3);
      await untilDone(id, "第一条通知。");
    });

    test("a worker is killed while it sends; the other, and later a new one, finish: each door once", async () => {
      const id = await village.send("第二条通知。");
      await untilTexted("第二条通知。", 60);
      await workers[0]?.killTree();
      await untilTexted("第二条通知。", 150);
      workers[0] = startMain("worker", env);
      await workers[0].ready();
      await untilDone(id, "第二条通知。");
    });

    test("every database session is ended while they send: the processes go on by themselves", async () => {
      const id = await village.send("第三条通知。");
      await untilTexted("第三条通知。", 60);
      const ended = await ledger.query<{ n: number }>(
        `select count(pg_terminate_backend(pid))::int as n from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`,
      );
      console.log(ended);
      await untilDone(id, "第三条通知。");
    });

    test.runIf(backend === "redis")("Redis is emptied while they send: nothing is lost", async () => {
      const id = await village.send("第四条通知。");
      await untilTexted("第四条通知。", 60);
      const client = new Redis(redis?.url ?? "");
      await client.flushall();
      client.disconnect();
      await untilDone(id, "第四条通知。");
    });
  },
  120_000,
);
