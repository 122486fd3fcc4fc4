import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { pause } from "../lib/slots.ts";
import type { Db } from "./connect.ts";
import { refuseWrongKey } from "./installation.queries.ts";
import { type Access, WORKING_ROLES } from "./roles.ts";

const FOLDER = resolve(import.meta.dirname, "../../migrations");

/** Below this the `nulls not distinct` of our unique keys does not exist. */
const OLDEST_POSTGRES = 150_000;

export class MigrationProblem extends Error {}

/**
 * Brings a database to the newest schema: working roles, then `migrations/*.sql` in the order of their numbers, each
 * once, all in one transaction. Several processes may start at once: the migrator's own lock lets one work and the
 * others find nothing left. Connects as the owner, who has nothing to do with it afterwards.
 */
export async function migrate(access: Access): Promise<{ applied: string[] }> {
  const pool = new pg.Pool({ connectionString: access.owner, max: 1, application_name: "cunwu migrate" });
  pool.on("error", () => undefined).on("connect", (client) => client.on("error", () => undefined));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await reach(pool);
    await refuseOldServer(pool);
    await refuseWrongKey(pool, access.keyMark);
    await untilAlone(() => createRoles(pool, access));
    const { rows } = await pool.query<{ owner: string }>("select current_user as owner");
    const names = { owner: rows[0]?.owner ?? "", ...roleNames(access) };
    const migrator = new Migrator({ db, provider: { getMigrations: () => readMigrations(names) } });
    const { error, results } = await migrator.migrateToLatest();
    if (error) throw error;
    // Rights stand in a row of the catalogue, which fails whoever writes it together with another: one at a time.
    await pool.query(
      `select pg_advisory_xact_lock(hashtext('cunwu roles'));
       grant select on kysely_migration to ${pg.escapeIdentifier(access.system.name)}`,
    );
    return { applied: (results ?? []).map((result) => result.migrationName) };
  } finally {
    await db.destroy();
  }
}

const migrationNames = async (): Promise<string[]> =>
  (await readdir(FOLDER))
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -4))
    .sort();

/** What this checkout has and the database has not. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const done = new Set(rows.map((row) => row.name));
  return (await migrationNames()).filter((name) => !done.has(name));
}

async function readMigrations(roles: Record<string, string>): Promise<Record<string, Migration>> {
  const migrations: Record<string, Migration> = {};
  for (const name of await migrationNames()) {
    const text = await readFile(resolve(FOLDER, `${name}.sql`), "utf8");
    const statement = text.replace(/\{\{(\w+)\}\}/g, (_, role: string) => pg.escapeIdentifier(roles[role] ?? role));
    migrations[name] = { up: async (db) => void (await sql.raw(statement).execute(db)) };
  }
  return migrations;
}

const roleNames = (access: Access): Record<string, string> =>
  Object.fromEntries(WORKING_ROLES.map((role) => [role, access[role].name]));

/** PostgreSQL's own words name the host, the account or the database, never the password. */
async function reach(pool: pg.Pool): Promise<void> {
  try {
    await pool.query("select 1");
  } catch (error) {
    const said = error instanceof AggregateError ? error.errors.map(String).join("; ") : (error as Error).message;
    throw new MigrationProblem(`the database in DATABASE_URL cannot be used: ${said}`);
  }
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  );
  const server = rows[0];
  if (server && server.number < OLDEST_POSTGRES) {
    throw new MigrationProblem(`PostgreSQL 15 or newer is needed; this server is ${server.version}`);
  }
}

/**
 * Roles belong to the whole server and our locks to one database: another database's migration may be making the same
 * ones at this moment, and whoever is second is sent away.
 */
async function untilAlone(make: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await make();
    } catch (error) {
      const said = error instanceof Error ? error.message : "";
      if (tries >= 10 || !/tuple concurrently updated|pg_authid_rolname_index|role .* already exists/.test(said))
        throw error;
      await pause(20 * tries);
    }
  }
}

/** Once per database at a time. */
async function createRoles(pool: pg.Pool, access: Access): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtext('cunwu roles'))");
    for (const kind of WORKING_ROLES) {
      const { name, password } = access[kind];
      const known = await client.query("select 1 from pg_roles where rolname = $1", [name]);
      const id = pg.escapeIdentifier(name);
      if (password !== null) {
        if (known.rowCount === 0) await client.query(`create role ${id} login`);
        await client.query(`alter role ${id} password ${pg.escapeLiteral(password)}`);
      } else if (known.rowCount === 0) {
        throw new MigrationProblem(`the role ${name}, named in the environment, does not exist on this server`);
      }
    }
    await createQueueSchema(client, access);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    if (error instanceof Error && "code" in error && error.code === "42501") {
      throw new MigrationProblem(
        `the owner in DATABASE_URL may not create roles (${error.message}); grant it CREATEROLE, or make three roles ` +
          "and give their URLs as DATABASE_URL_APP, DATABASE_URL_SYSTEM and DATABASE_URL_QUEUE",
      );
    }
    throw error;
  } finally {
    client.release();
  }
}

/** BullMQ creates sequences while it runs, so its role owns its schema, and nothing else (src/queue/migrate.ts). */
async function createQueueSchema(client: pg.PoolClient, access: Access): Promise<void> {
  const known = await client.query("select 1 from pg_namespace where nspname = 'bullmq'");
  if (known.rowCount) return;
  const queue = pg.escapeIdentifier(access.queue.name);
  await client.query(`grant ${queue} to current_user`);
  await client.query(`create schema bullmq authorization ${queue}`);
}
