import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Access, workOutAccess } from "../../src/db/roles.ts";

export const TEMPLATE = "cunwu_template";
/** Roles belong to the whole server: all clones share them. */
export const TEST_PREFIX = "cunwu_test";
export const TEST_KEY = Buffer.alloc(32, 7);

export type TestDatabase = { access: Access; url: string; drop(): Promise<void> };

/** A database of this file's own, cloned from the migrated one. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const server = inject("serverUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(server, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    access: workOutAccess({ databaseUrl: url.href, dataKey: TEST_KEY, given: {}, prefix: TEST_PREFIX }),
    // A closed pool's sessions take a moment to end. What stays goes with the whole server.
    async drop() {
      for (let tries = 0; tries < 20; tries++) {
        const dropped = await administer(server, `drop database if exists ${name}`).then(
          () => true,
          () => false,
        );
        if (dropped) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
