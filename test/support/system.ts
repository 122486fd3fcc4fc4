import type { Carrier } from "../../src/carrier/port.ts";
import { readConfig } from "../../src/config.ts";
import { type Context, createContext } from "../../src/context.ts";
import { checkDataKey } from "../../src/db/installation.queries.ts";
import { freePort } from "../../src/db/owner.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { OPERATOR, type Role } from "../../src/lib/roles.ts";
import { createLog, type Log } from "../../src/log.ts";
import { inWork } from "../../src/queue/work.ts";
import { runSweeps } from "../../src/run-sweeps.ts";
import { buildServer } from "../../src/server.ts";
import { createApiKey } from "../../src/staff/api-keys.ts";
import { findTownship, findVillage } from "../../src/village/village.queries.ts";
import { startWorkers } from "../../workers/index.ts";
import { ACCOUNT } from "./account.ts";
import { cloneDatabase, TEST_KEY, type TestDatabase } from "./database.ts";
import { type Backend, startRedis } from "./redis.ts";
import { type SignedForm, signForm } from "./twilio.ts";

export { ACCOUNT };

export type Reply<Body = Record<string, unknown>> = { status: number; body: Body; headers: Headers };
export type Api = {
  get<Body = Record<string, unknown>>(path: string): Promise<Reply<Body>>;
  post<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<Body>>;
};

export type System = {
  ctx: Context;
  url: string;
  database: TestDatabase;
  /** A client with a key of this role, for a village or township by code. */
  api(role: Role, scope?: { village?: string; township?: string }): Promise<Api>;
  /** A villager texts, as the carrier would bring it: signed. */
  text(from: string, body: string, more?: Record<string, string>): Promise<Response>;
  hook(path: string, form: SignedForm): Promise<Response>;
  /** Waits until everything that was set going has come to rest. */
  settle(patience?: number): Promise<void>;
  stop(): Promise<void>;
};

export type SystemOptions = {
  backend?: Backend;
  clock?: Clock;
  env?: Record<string, string>;
  wrapCarrier?: (carrier: Carrier) => Carrier;
  /** Web only, or workers only, or (as by default) everything. */
  parts?: "all" | "web" | "worker";
  database?: TestDatabase;
  log?: Log;
};

/** The real thing in this process: HTTP, PostgreSQL, BullMQ and the simulator. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const database = options.database ?? (await cloneDatabase());
  const redis = options.backend === "redis" ? await startRedis() : null;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = readConfig({
    DATABASE_URL: database.url,
    DATA_KEY: TEST_KEY.toString("base64"),
    TWILIO_ACCOUNT_SID: ACCOUNT.sid,
    TWILIO_AUTH_TOKEN: ACCOUNT.token,
    TWILIO_FROM: ACCOUNT.from,
    SEND_RATE: "1000",
    RECONCILE_AFTER: "1",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
    ...(redis ? { REDIS_URL: redis.url } : {}),
    PORT: String(port),
    ...options.env,
  });
  const log = options.log ?? createLog(config.logLevel);
  const ctx = await createContext({
    config,
    secrets: { dataKey: TEST_KEY, sessionKey: TEST_KEY, accountSid: ACCOUNT.sid, authToken: ACCOUNT.token },
    access: database.access,
    addresses: { publicBaseUrl: url, carrierBaseUrl: config.twilio.baseUrl ?? `${url}/simulator` },
    log,
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.wrapCarrier ? { wrapCarrier: options.wrapCarrier } : {}),
  });
  await checkDataKey(ctx.db.system, TEST_KEY);
  await ctx.bells.start();
  const app = await buildServer(ctx, url, { simulatorPace: "fast" });
  if (options.parts !== "worker") await app.listen({ host: "127.0.0.1", port });
  const stopping = new AbortController();
  let sweeping: Promise<void> | null = null;
  if (options.parts !== "web") {
    startWorkers(ctx);
    sweeping = runSweeps(ctx, stopping.signal);
  }

  const hook = (path: string, form: SignedForm) => {
    const signed = signForm(ACCOUNT.token, url + path, form);
    return fetch(url + path, { method: "POST", headers: signed.headers, body: signed.body });
  };
  let texts = 0;
  return {
    ctx,
    url,
    database,
    hook,
    api: (role, scope = {}) => makeApi(ctx, url, role, scope),
    text: (from, body, more = {}) =>
      hook("/hooks/twilio/inbound", {
        MessageSid: `SM${String(++texts).padStart(32, "0")}`,
        AccountSid: ACCOUNT.sid,
        From: from,
        To: ACCOUNT.from,
        Body: body,
        NumMedia: "0",
        ...more,
      }),
    settle: (patience) => settle(ctx, patience),
    async stop() {
      stopping.abort();
      await app.close();
      await Promise.all([ctx.dispatcher.stop(), sweeping]);
      await ctx.bells.stopAnswering();
      await ctx.close();
      await redis?.stop();
      if (!options.database) await database.drop();
    },
  };
}

async function makeApi(
  ctx: Context,
  url: string,
  role: Role,
  scope: { village?: string; township?: string },
): Promise<Api> {
  const key = await inWork(ctx.work, OPERATOR, async (work) =>
    createApiKey(work, {
      role,
      villageId: scope.village ? ((await findVillage(work.tx, scope.village))?.id ?? null) : null,
      townshipId: scope.township ? ((await findTownship(work.tx, scope.township))?.id ?? null) : null,
    }),
  );
  const read = async <Body>(response: Response): Promise<Reply<Body>> => ({
    status: response.status,
    body: (await response.json()) as Body,
    headers: response.headers,
  });
  const authorization = `Bearer ${key}`;
  return {
    get: async (path) => read(await fetch(`${url}/api/v1${path}`, { headers: { authorization } })),
    post: async (path, body, headers = {}) =>
      read(
        await fetch(`${url}/api/v1${path}`, {
          method: "POST",
          headers: {
            authorization,
            ...(body === undefined || typeof body === "string" || Buffer.isBuffer(body)
              ? {}
              : { "content-type": "application/json" }),
            ...headers,
          },
          ...(body === undefined
            ? {}
            : { body: typeof body === "string" || Buffer.isBuffer(body) ? (body as string) : JSON.stringify(body) }),
        }),
      ),
  };
}

/** At rest: nothing to launch, send, understand or report. Texts put off into the future don't count. */
async function settle(ctx: Context, patience = 30_000): Promise<void> {
  const pool = ctx.pools.system;
  const deadline = performance.now() + patience;
  for (let quiet = 0; quiet < 2; ) {
    const { rows } = await pool.query<{ busy: number }>(
      `select (select count(*) from inbound where understood_at is null)
            + (select count(*) from messages m left join broadcasts b on b.id = m.broadcast_id
                where m.state = 'pending' and m.not_before < now() + interval '5 seconds'
                  and (b.id is null or b.state = 'sending'))
            + (select count(*) from messages where state = 'claimed')
            + (select count(*) from broadcasts where state = 'scheduled' and (send_at is null or send_at <= $1))
            + (select count(*) from broadcasts b where state = 'sending'
                and not exists (select from messages m where m.broadcast_id = b.id and m.state in ('pending', 'claimed')))
            + (select count(*) from owner_notices where settled_at is null and due_at <= $1)
            + (select count(*) from simulator.webhooks where due_at < now() + interval '2 seconds') as busy`,
      [ctx.clock.now()],
    );
    quiet = Number(rows[0]?.busy) === 0 ? quiet + 1 : 0;
    if (performance.now() > deadline) throw new Error(`the system does not come to rest: ${JSON.stringify(rows[0])}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
