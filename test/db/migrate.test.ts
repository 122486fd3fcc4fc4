import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import pg from "pg";
import { afterAll, expect, inject, test } from "vitest";
import { bringUpToDate } from "../../src/boot.ts";
import { workOutAccess } from "../../src/db/roles.ts";
import { TEST_KEY } from "../support/database.ts";

const MIGRATIONS = readdirSync(resolve(import.meta.dirname, "../../migrations")).length;
const NAMES = Array.from({ length: 6 }, (_, i) => `migrate_${process.pid}_${i}`);
const urlOf = (name: string) => Object.assign(new URL(inject("serverUrl")), { pathname: `/${name}` }).href;

async function administer(statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject("serverUrl") });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

afterAll(() => administer(NAMES.map((name) => `drop database if exists ${name} with (force)`)));

test("several databases of one server, and several processes of each, make the same roles at once", async () => {
  await administer(NAMES.map((name) => `create database ${name}`));
  const prefix = `migrate_${process.pid}`;
  const starts = NAMES.flatMap((name) => {
    const access = workOutAccess({ databaseUrl: urlOf(name), dataKey: TEST_KEY, given: {}, prefix });
    return [bringUpToDate(access), bringUpToDate(access)];
  });
  const applied = await Promise.all(starts);
  // In each database one of the two finds everything to do, the other nothing.
  for (const [i] of NAMES.entries()) {
    const both = [applied[2 * i]?.length, applied[2 * i + 1]?.length].sort();
    expect(both).toEqual([0, MIGRATIONS]);
  }
});
