import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { bringUpToDate } from "../../src/boot.ts";
import { readConfig } from "../../src/config.ts";
import { type Context, createContext } from "../../src/context.ts";
import { startEmbedded } from "../../src/db/embedded.ts";
import { type Access, workOutAccess } from "../../src/db/roles.ts";
import { createLog } from "../../src/log.ts";
import { ACCOUNT, REPORTS_TO } from "./forms.ts";

export const BENCH_KEY = Buffer.alloc(32, 9);

export type Ground = {
  url: string;
  access: Access;
  /** A superuser's, whom no village's walls bind: for seeding and looking. */
  pool: pg.Pool;
  leave(): Promise<void>;
};

/** A real, durable PostgreSQL with our schema: commits wait for the disk, as they do in production. */
export async function startGround(): Promise<Ground> {
  const dir = await mkdtemp(join(tmpdir(), "cunwu-bench-"));
  const server = await startEmbedded({ dir, password: "bench" });
  const access = workOutAccess({ databaseUrl: server.url, dataKey: BENCH_KEY, given: {} });
  await bringUpToDate(access);
  const url = new URL(server.url);
  url.username = "postgres";
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  // A session that the server ends while the pool is still closing it is nobody's loss.
  pool.on("error", () => undefined);
  return {
    url: server.url,
    access,
    pool,
    async leave() {
      await pool.end();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export type Setting = {
  ground: Ground;
  carrierUrl: string;
  redisUrl?: string | undefined;
  rate: number;
  concurrency: number;
};

/** What an operator would write into the environment of every process of ours. */
export const environmentOf = ({
  ground,
  carrierUrl,
  redisUrl,
  rate,
  concurrency,
}: Setting): Record<string, string> => ({
  DATABASE_URL: ground.url,
  DATA_KEY: BENCH_KEY.toString("base64"),
  SESSION_KEY: BENCH_KEY.toString("base64"),
  ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
  PUBLIC_BASE_URL: REPORTS_TO,
  CARRIER: "twilio",
  TWILIO_ACCOUNT_SID: ACCOUNT.sid,
  TWILIO_AUTH_TOKEN: ACCOUNT.token,
  TWILIO_FROM: ACCOUNT.from,
  TWILIO_BASE_URL: carrierUrl,
  SEND_RATE: String(rate),
  SEND_CONCURRENCY: String(concurrency),
  LOG_LEVEL: "warn",
});

/** This process in the part of `web`: staff write and approve here, and the bells are rung from here. */
export async function startDesk(setting: Setting): Promise<Context> {
  const ctx = await createContext({
    config: readConfig(environmentOf(setting)),
    secrets: { dataKey: BENCH_KEY, sessionKey: BENCH_KEY, accountSid: ACCOUNT.sid, authToken: ACCOUNT.token },
    access: setting.ground.access,
    addresses: { publicBaseUrl: REPORTS_TO, carrierBaseUrl: setting.carrierUrl },
    log: createLog("warn"),
  });
  await ctx.bells.start();
  return ctx;
}
