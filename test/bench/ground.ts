import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bringUpToDate } from "../../src/boot.ts";
import { startEmbedded } from "../../src/db/embedded.ts";
import { type Access, workOutAccess } from "../../src/db/roles.ts";

export const BENCH_KEY = Buffer.alloc(32, 9);

export type Ground = { url: string; access: Access; leave(): Promise<void> };

/** A real, durable PostgreSQL with our schema: commits wait for the disk, as they do in production. */
export async function startGround(): Promise<Ground> {
  const dir = await mkdtemp(join(tmpdir(), "cunwu-bench-"));
  const server = await startEmbedded({ dir, password: "bench" });
  const access = workOutAccess({ databaseUrl: server.url, dataKey: BENCH_KEY, given: {} });
  await bringUpToDate(access);
  return {
    url: server.url,
    access,
    async leave() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export type Helper = { url: string; stop(): void };

/** Starts a part of the bench in a process of its own; it says its address on its first line. */
export function startHelper(file: string, env: Record<string, string> = {}): Promise<Helper> {
  const child: ChildProcess = spawn(process.execPath, [resolve(import.meta.dirname, file)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((ready, fail) => {
    child.once("exit", (code) => fail(new Error(`${file} ended with ${code}`)));
    child.stdout?.once("data", (line: Buffer) =>
      ready({ url: line.toString().trim(), stop: () => child.kill("SIGKILL") }),
    );
  });
}
