import { type ChildProcess, execFile, spawn } from "node:child_process";
import { open, readdir, readFile, readlink, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { pause } from "../lib/slots.ts";
import { environment, type Postgres } from "./create-cluster.ts";

/**
 * One run of the embedded server, as a child in a session of its own: a Ctrl-C in the terminal must reach us, not the
 * database under us. A small watcher stops it when we are killed, so that no orphan keeps the folder.
 */
export type Server = { process: ChildProcess; ended: Promise<void>; running(): boolean };

export const LOG = "postgres.log";
const run = promisify(execFile);

/** A lock file whose process is no PostgreSQL of this folder is left from a kill; the id may be anybody's by now. */
export async function clearStaleLock(data: string): Promise<void> {
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

/**
 * A backend that waits for a lock of one that was killed with its server never notices, and as long as it holds their
 * memory no new server starts. Only for a folder in which no server of ours runs.
 */
export async function endOrphans(data: string): Promise<void> {
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const read = (name: string) => readlink(`/proc/${pid}/${name}`).catch(() => "");
    if ((await read("cwd")) === data && basename(await read("exe")) === "postgres") signal(Number(pid), "SIGKILL");
  }
}

async function isOurServer(pid: number, data: string): Promise<boolean> {
  const { stdout } = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  const command = stdout || (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
  return command.includes("postgres") && command.includes(data);
}

export async function launch(
  { binaries, wrap }: Postgres,
  at: { dir: string; data: string; port: number; durable: boolean },
): Promise<Server> {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(at.port),
    max_connections: "200",
    shared_buffers: "128MB",
    timezone: "UTC",
    log_min_messages: "warning",
    ...(at.durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off" }),
  };
  const [command, ...args] = [
    ...wrap.command,
    binaries.postgres,
    "-D",
    at.data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ] as [string, ...string[]];
  const log = await open(join(at.dir, LOG), "a", 0o600);
  const child = spawn(command, args, {
    ...wrap.user,
    cwd: at.dir,
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
  if (child.pid) watch(child.pid, ended);
  return { process: child, ended, running: () => alive };
}

/** Its standard input is a pipe from us: when we die, however we die, the pipe ends and it stops the server. */
function watch(pid: number, ended: Promise<void>): void {
  const watcher = spawn("sh", ["-c", 'read -r nothing; kill -INT "$1" 2>/dev/null', "sh", String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.on("error", () => undefined);
  watcher.unref();
  // The process id may be somebody else's soon after.
  void ended.then(() => watcher.kill("SIGKILL"));
}

/** A server that replays what a kill left in its log says so, and is waited for however long that takes. */
export async function answers(url: string, server: Server, deadline: number): Promise<boolean> {
  for (let starting = false; server.running() && (starting || Date.now() < deadline); ) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      starting = error instanceof Error && "code" in error && error.code === "57P03";
    }
    await pause(50);
  }
  return false;
}

/** Fast shutdown: sessions are ended, everything committed is on disk. Immediate only if that takes too long. */
export async function stopServer(server: Server): Promise<void> {
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
