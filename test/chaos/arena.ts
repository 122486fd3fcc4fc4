import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type EmbeddedDatabase, startEmbedded } from "../../src/db/embedded.ts";
import { freePort } from "../../src/db/owner.ts";
import { workOutAccess } from "../../src/db/roles.ts";
import { pause } from "../../src/lib/slots.ts";
import { ACCOUNT } from "../support/account.ts";
import { type CarrierProcess, startCarrier } from "../support/carrier-process.ts";
import { descendants, type Process, startMain, startProcess } from "../support/process.ts";
import type { Backend } from "../support/redis.ts";

/**
 * Production's shape with everything in it mortal: two web and two worker processes, a durable PostgreSQL and, if
 * wanted, Redis, each started again when it ends, as an orchestrator does. Only the carrier lives through it.
 */
export type Kind = "worker" | "web" | "postgres" | "redis";
export type Mortal = {
  kind: Kind;
  up(): boolean;
  /** SIGKILL, to PostgreSQL's children too. */
  kill(): Promise<void>;
  /** Asked to end in order (PostgreSQL: its fast shutdown), and started again at once, or when this has come. */
  restart(when?: Promise<unknown>): Promise<void>;
};

export type Arena = {
  env: Record<string, string>;
  carrier: CarrierProcess;
  webs: string[];
  mortals: Mortal[];
  /** Fails while PostgreSQL is down. */
  query<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]>;
  /** What ended although nobody killed it: must stay empty. */
  unasked: string[];
  stop(): Promise<void>;
};

const KEY = Buffer.alloc(32, 5);
/** Nobody answers there: the carrier knows the webs behind it. */
const PUBLIC = "http://gateway.invalid";

export async function openArena(options: {
  backend: Backend;
  seed: string;
  rate: number;
  /** Web and worker processes, of each so many. */
  each?: number;
}): Promise<Arena> {
  const dir = await mkdtemp(join(tmpdir(), "cunwu-chaos-"));
  const [carrier, database] = await Promise.all([
    startCarrier({ SEED: options.seed, HOSTILE: "0" }),
    startEmbedded({ dir, password: "chaos", durable: true }),
  ]);
  const each = Array.from({ length: options.each ?? 2 });
  const ports = await Promise.all(each.map(() => freePort()));
  const webs = ports.map((port) => `http://127.0.0.1:${port}`);
  const redisPort = options.backend === "redis" ? await freePort() : null;
  const env = {
    DATABASE_URL: database.url,
    DATA_KEY: KEY.toString("base64"),
    CARRIER: "twilio",
    TWILIO_ACCOUNT_SID: ACCOUNT.sid,
    TWILIO_AUTH_TOKEN: ACCOUNT.token,
    TWILIO_FROM: ACCOUNT.from,
    TWILIO_BASE_URL: carrier.url,
    PUBLIC_BASE_URL: PUBLIC,
    SEND_RATE: String(options.rate),
    SEND_CONCURRENCY: "16",
    RECONCILE_AFTER: "1",
    LOG_LEVEL: "warn",
    ...(redisPort ? { REDIS_URL: `redis://127.0.0.1:${redisPort}` } : {}),
  };
  const unasked: string[] = [];
  const kept: Kept[] = [];
  const keep = (kind: Kind, launch: () => Process, ready: (process: Process) => Promise<unknown>) => {
    const one = keepUp(kind, launch, ready, unasked);
    kept.push(one);
    return one.firstUp;
  };
  if (redisPort)
    await keep(
      "redis",
      () => launchRedis(redisPort, dir),
      (redis) => redis.says("Ready to accept"),
    );
  await Promise.all([
    ...ports.map((port) =>
      keep(
        "web",
        () => startMain("web", { ...env, PORT: String(port) }),
        (web) => web.ready(PATIENCE),
      ),
    ),
    ...each.map(() =>
      keep(
        "worker",
        () => startMain("worker", env),
        (worker) => worker.ready(PATIENCE),
      ),
    ),
  ]);
  await carrier.control({ webs });
  const { system } = workOutAccess({ databaseUrl: database.url, dataKey: KEY, given: {} });
  const pool = new pg.Pool({ connectionString: system.url, max: 2, connectionTimeoutMillis: 2000 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    env,
    carrier,
    webs,
    mortals: [...kept, mortalPostgres(dir, database)],
    query: async <Row extends pg.QueryResultRow>(statement: string) => (await pool.query<Row>(statement)).rows,
    unasked,
    async stop() {
      await Promise.all(kept.map((one) => one.end()));
      await pool.end();
      await carrier.stop();
      await database.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const PATIENCE = 90_000;
const soon = (): Promise<unknown> => pause(100);

type Kept = Mortal & { firstUp: Promise<unknown>; end(): Promise<void> };

function keepUp(
  kind: Kind,
  launch: () => Process,
  ready: (process: Process) => Promise<unknown>,
  unasked: string[],
): Kept {
  let current = launch();
  let up = false;
  let asked = false;
  let ending = false;
  let back = soon;
  const watch = (one: Process) =>
    ready(one).then(() => {
      if (one === current) up = one.ending() === null;
    });
  const firstUp = watch(current);
  const keeping = (async () => {
    for (;;) {
      await current.ended;
      // One that ends while it starts found its database away: it says so and is started again.
      if (up && !asked && !ending) unasked.push(`${kind}: ${current.stderr().slice(-2000)}`);
      if (ending) return;
      up = false;
      asked = false;
      await back();
      back = soon;
      current = launch();
      watch(current).catch(() => undefined);
    }
  })();
  return {
    kind,
    firstUp,
    up: () => up,
    async kill() {
      asked = true;
      up = false;
      await current.stop("SIGKILL");
    },
    async restart(when) {
      asked = true;
      up = false;
      if (when) back = () => when;
      await current.stop("SIGTERM");
    },
    async end() {
      ending = true;
      current.signal("SIGKILL");
      await keeping;
    },
  };
}

const launchRedis = (port: number, dir: string): Process =>
  startProcess("redis-server", ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", dir]);

/** The product's own keeper starts it again (src/db/embedded.ts), on the same folder and port. */
function mortalPostgres(dir: string, database: EmbeddedDatabase): Mortal {
  let up = true;
  const end = async (signal: (pid: number) => void) => {
    up = false;
    const pid = Number.parseInt(await readFile(join(dir, "pg/postmaster.pid"), "utf8"), 10);
    signal(pid);
    // It does not answer any more, and then it does.
    while (send(pid, 0)) await pause(20);
    void waitFor(database.url).then(() => {
      up = true;
    });
  };
  return {
    kind: "postgres",
    up: () => up,
    kill: () =>
      end((pid) => {
        // Stopped first: a backend that it starts while we look would outlive it.
        const all = [pid, ...(send(pid, "SIGSTOP") ? descendants(pid) : [])];
        for (const each of all) send(each, "SIGKILL");
      }),
    restart: () => end((pid) => void send(pid, "SIGINT")),
  };
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it has ended meanwhile
  }
}

async function waitFor(url: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await client.end();
    } catch {
      await pause(100);
    }
  }
}
