import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../src/db/owner.ts";
import { cloneDatabase, TEST_KEY, TEST_PREFIX, type TestDatabase } from "../support/database.ts";
import { eventually, type Ledger, openLedger, untilEachOnce, untilTexted } from "../support/ledger.ts";
import { endAll, type Process, runCli, startMain } from "../support/process.ts";
import { BACKENDS, startRedis, type TestRedis } from "../support/redis.ts";
import { type Notice, openSmallVillage, phonesOf, SLOW_PHONE, type SmallVillage } from "../support/small-village.ts";

const PHONES = phonesOf(299).toSpliced(60, 0, SLOW_PHONE);
const DOORS = PHONES.length;

/** Production's shape: two web and two worker processes on one PostgreSQL, and what may happen to them while they send. */
describe.each(BACKENDS)("two web and two worker processes on BullMQ over %s", { timeout: 90_000 }, (backend) => {
  let database: TestDatabase;
  let redis: TestRedis | null = null;
  let ledger: Ledger;
  let env: Record<string, string>;
  let webs: Process[];
  let urls: string[];
  let workers: Process[];
  let village: SmallVillage;

  const startWorker = async () => {
    const worker = startMain("worker", env);
    await worker.ready();
    return worker;
  };

  beforeAll(async () => {
    database = await cloneDatabase();
    redis = backend === "redis" ? await startRedis() : null;
    const ports = [await freePort(), await freePort()];
    urls = ports.map((port) => `http://127.0.0.1:${port}`);
    env = {
      DATABASE_URL: database.url,
      DATABASE_ROLE_PREFIX: TEST_PREFIX,
      DATA_KEY: TEST_KEY.toString("base64"),
      PUBLIC_BASE_URL: `${urls[0]}`,
      TWILIO_BASE_URL: `${urls[0]}/simulator`,
      SEND_RATE: "100",
      SEND_CONCURRENCY: "8",
      RECONCILE_AFTER: "1",
      ...(redis ? { REDIS_URL: redis.url } : {}),
    };
    webs = ports.map((port) => startMain("web", { ...env, PORT: String(port) }));
    const ready = Promise.all(webs.map((web) => web.ready()));
    workers = await Promise.all([startWorker(), startWorker()]);
    expect(await ready).toEqual(urls);
    village = await openSmallVillage(`${urls[0]}`, (args) => runCli(args, env), PHONES);
    ledger = await openLedger(database.access.system.url);
  });
  afterAll(async () => {
    await endAll();
    await ledger?.close();
    await redis?.stop();
    await database?.drop();
  });

  const bothAtWork = () =>
    eventually(
      "both at work",
      () => ledger.workers(),
      (seen) => seen.length === 2,
    );
  const expectAllUp = () => {
    for (const one of [...webs, ...workers])
      expect([one.ending(), one.stderr().slice(-2000)]).toEqual([null, expect.anything()]);
  };

  test("both workers send one broadcast, and the other web shows how far it is", async () => {
    const id = await village.send("第一条通知。");
    const seen = new Set<string>();
    const { clerk } = village.at(`${urls[1]}`);
    const progress = new Set<number>();
    await eventually(
      "sent",
      async () => {
        for (const worker of await ledger.workers()) seen.add(worker);
        const { state, counts } = (await clerk<Notice>("GET", `/broadcasts/${id}`)).body;
        progress.add((counts.pending ?? 0) + (counts.claimed ?? 0));
        return state;
      },
      (state) => state === "sent",
    );
    expect(seen.size).toBe(2);
    expect(progress.size).toBeGreaterThan(4);
    await untilEachOnce(ledger, "第一条通知。", DOORS);
  });

  test("one worker is killed and the other frozen while they send; a third finishes, and the frozen one wakes", async () => {
    await village.send("第二条通知。");
    await untilTexted(ledger, "第二条通知。", 60);
    await bothAtWork();
    const [killed, frozen] = workers as [Process, Process];
    await killed.killTree();
    frozen.signal("SIGSTOP");
    expect((await ledger.states()).claimed).toBeGreaterThan(0);
    const third = await startWorker();
    await untilEachOnce(ledger, "第二条通知。", DOORS);
    frozen.signal("SIGCONT");
    workers = [frozen, third];
    // What it had in its hands is not its own any more.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await untilEachOnce(ledger, "第二条通知。", DOORS);
    expectAllUp();
  });

  test("a process with another DATA_KEY is refused before it changes anybody's password", async () => {
    const stranger = startMain("web", {
      ...env,
      DATA_KEY: Buffer.alloc(32, 1).toString("base64"),
      PORT: String(await freePort()),
    });
    expect((await stranger.ended).code).toBe(1);
    expect(stranger.stderr()).toContain("DATA_KEY is not the one this database was sealed with");
    await (await openLedger(database.access.system.url)).close();
  });

  test("every database session is ended, again and again, while they send: they go on by themselves", async () => {
    await village.send("第三条通知。");
    await untilTexted(ledger, "第三条通知。", 40);
    let ended = 0;
    for (let times = 0; times < 10; times++) {
      ended += await endSessions(database.url);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(ended).toBeGreaterThan(10);
    await untilEachOnce(ledger, "第三条通知。", DOORS);
    expectAllUp();
  });

  test.runIf(backend === "redis")("Redis is emptied while they send: nothing is lost", async () => {
    await village.send("第四条通知。");
    await untilTexted(ledger, "第四条通知。", 60);
    const client = new Redis(redis?.url ?? "");
    await client.flushall();
    client.disconnect();
    await untilEachOnce(ledger, "第四条通知。", DOORS);
    expectAllUp();
  });

  test("asked to stop, each ends within ten seconds and in order", async () => {
    const endings = await Promise.all([...webs, ...workers].map((one) => one.stop("SIGTERM")));
    for (const { code, ms } of endings) expect({ code, quick: ms < 10_000 }).toEqual({ code: 0, quick: true });
  });
});

/** As an administrator can: of the sessions of this database, all but the test's own. */
async function endSessions(url: string): Promise<number> {
  // The test server's administrator has the owner's password (src/db/embedded.ts).
  const admin = new pg.Client({ connectionString: url.replace("//cunwu:", "//postgres:") });
  await admin.connect();
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'cunwu test'`,
  );
  await admin.end();
  return rowCount ?? 0;
}
