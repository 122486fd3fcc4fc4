import { mkdir, readFile, realpath, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { pause } from "../lib/slots.ts";
import type { Log } from "../log.ts";
import { EmbeddedProblem, ensureCluster, findPostgres, type Postgres } from "./create-cluster.ts";
import { freePort } from "./owner.ts";
import { answers, clearStaleLock, endOrphans, LOG, launch, type Server, stopServer } from "./run-postgres.ts";

/**
 * A real PostgreSQL of our own in DATA_DIR, so that the first command needs nothing but Node and npm. It listens on
 * loopback only, on a free port; if it ends by itself, it is started again on that port, and our pools find it.
 */
export type EmbeddedDatabase = { url: string; stop(): Promise<void> };

const START_WITHIN = 60_000;

export async function startEmbedded(options: {
  dir: string;
  password: string;
  /** Tests give durability away for speed. */
  durable?: boolean;
  log?: Log;
}): Promise<EmbeddedDatabase> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  // One spelling of the folder, so that a server left over from a start by another path is known as ours.
  const dir = await realpath(resolve(options.dir));
  const data = join(dir, "pg");
  const postgres = await findPostgres(dir);
  await ensureCluster(dir, data, options.password, postgres);
  await rm(join(dir, LOG), { force: true });

  const url = (user: string, port: number) =>
    `postgres://${user}:${options.password}@127.0.0.1:${port}/${user === "postgres" ? "postgres" : "cunwu"}`;
  const start = (port: number | null) =>
    bringUp(postgres, { dir, data, port, durable: options.durable ?? true, url: (at) => url("postgres", at) });

  let { server, port } = await start(null);
  await ensureDatabase(url("postgres", port), options.password);
  let stopping = false;
  const keepUp = async () => {
    while (!stopping) {
      await server.ended;
      if (stopping) return;
      options.log?.error("the embedded PostgreSQL has ended; starting it again");
      try {
        ({ server, port } = await start(port));
        if (stopping) await stopServer(server);
      } catch (error) {
        options.log?.error({ err: error }, "the embedded PostgreSQL does not start again");
        await pause(1000);
      }
    }
  };
  void keepUp();
  return {
    url: url("cunwu", port),
    async stop() {
      stopping = true;
      await stopServer(server);
    },
  };
}

/** Without a port it takes a free one; tried again for a while, because the port may be taken between look and use. */
async function bringUp(
  postgres: Postgres,
  at: { dir: string; data: string; port: number | null; durable: boolean; url(port: number): string },
): Promise<{ server: Server; port: number }> {
  await clearStaleLock(at.data);
  const deadline = Date.now() + START_WITHIN;
  for (;;) {
    const port = at.port ?? (await freePort());
    const server = await launch(postgres, { ...at, port });
    if (await answers(at.url(port), server, deadline)) return { server, port };
    await stopServer(server);
    if (Date.now() > deadline) {
      throw new EmbeddedProblem(`the embedded PostgreSQL does not start; its log ends:\n${await logTail(at.dir)}`);
    }
    // Backends of a killed server may hold its memory for a moment; one that does so for longer would do it for ever.
    await pause(500);
    await endOrphans(at.data);
  }
}

/** The owner of our database is no superuser, so that row-level security binds it here as it does in production. */
async function ensureDatabase(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const role = await client.query("select 1 from pg_roles where rolname = 'cunwu'");
    const verb = role.rowCount ? "alter" : "create";
    await client.query(`${verb} role cunwu login createrole createdb password ${pg.escapeLiteral(password)}`);
    const database = await client.query("select 1 from pg_database where datname = 'cunwu'");
    if (!database.rowCount) await client.query("create database cunwu owner cunwu");
  } finally {
    await client.end();
  }
}

const logTail = async (dir: string) =>
  (await readFile(join(dir, LOG), "utf8").catch(() => "")).trim().split("\n").slice(-12).join("\n");
