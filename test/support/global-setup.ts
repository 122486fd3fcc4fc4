import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { bringUpToDate } from "../../src/boot.ts";
import { startEmbedded } from "../../src/db/embedded.ts";
import { workOutAccess } from "../../src/db/roles.ts";
import { TEMPLATE, TEST_KEY, TEST_PREFIX } from "./database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server all test databases are cloned on; its database is the one to connect to for that. */
    serverUrl: string;
  }
}

/** One PostgreSQL for the whole run, with a migrated database that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(await fastFolder(), "cunwu-test-"));
  const server = await startEmbedded({ dir, password: "test", durable: false });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const template = new URL(server.url);
  template.pathname = `/${TEMPLATE}`;
  await bringUpToDate(workOutAccess({ databaseUrl: template.href, dataKey: TEST_KEY, given: {}, prefix: TEST_PREFIX }));
  project.provide("serverUrl", server.url);
  return async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
}

/** Hundreds of clones are made and dropped: in memory, where it is large enough, each takes a fraction of the time. */
async function fastFolder(): Promise<string> {
  const memory = await statfs("/dev/shm").catch(() => null);
  return memory && memory.bavail * memory.bsize > 4 * 1024 ** 3 ? "/dev/shm" : tmpdir();
}
