import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "../../src/db/owner.ts";

const onPath = (): boolean => {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

export const hasRedis = onPath() || Boolean(process.env.REDIS_URL);
if (!hasRedis) console.warn("skipped: suites for the Redis backend (no redis-server on PATH and no REDIS_URL)");

/** Both queue backends where there is a Redis, else the one that is always there. */
export const BACKENDS = hasRedis ? (["postgres", "redis"] as const) : (["postgres"] as const);
export type Backend = (typeof BACKENDS)[number];

export type TestRedis = { url: string; pid: number | null; stop(): Promise<void> };

/** A Redis of this file's own; with only REDIS_URL, a database number of that server, emptied first. */
export async function startRedis(): Promise<TestRedis> {
  if (!onPath()) {
    const url = new URL(process.env.REDIS_URL ?? "redis://127.0.0.1:6379");
    url.pathname = `/${1 + (process.pid % 15)}`;
    const redis = new Redis(url.href);
    await redis.flushdb();
    redis.disconnect();
    return { url: url.href, pid: null, stop: async () => undefined };
  }
  const dir = await mkdtemp(join(tmpdir(), "cunwu-redis-"));
  const port = await freePort();
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--dir",
    dir,
    "--maxmemory-policy",
    "noeviction",
  ];
  const server = spawn("redis-server", args, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => server.on("exit", () => resolve()));
  const url = `redis://127.0.0.1:${port}`;
  const probe = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  probe.on("error", () => undefined);
  await probe.ping();
  probe.disconnect();
  return {
    url,
    pid: server.pid ?? null,
    async stop() {
      server.kill("SIGKILL");
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
