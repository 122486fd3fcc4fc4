import { existsSync } from "node:fs";
import { chown, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { freePort } from "../../src/db/owner.ts";
import { ROLE_NAMES } from "../../src/lib/roles.ts";
import { signIn } from "../support/browser-session.ts";
import { endAll, type Process, REPOSITORY, startMain } from "../support/process.ts";

/** The first command on a bare machine: its own database in DATA_DIR, started and stopped as people do. */
const root = await mkdtemp(join(tmpdir(), "cunwu-embedded-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const installation = async (name: string, env: Record<string, string> = {}) => ({
  DATA_DIR: join(root, name),
  PORT: String(await freePort()),
  ...env,
});
const lines = (text: string, pattern: RegExp) => text.split("\n").filter((line) => pattern.test(line));
const readyz = async (url: string) => (await fetch(`${url}/readyz`)).status;

describe("a first start, in a path with spaces and Chinese characters", async () => {
  const env = await installation("掌上 村务/我的 数据");
  const url = `http://127.0.0.1:${env.PORT}`;
  let first: Process;
  let secretary: { login: string; password: string };
  afterAll(endAll);

  test("prints how everybody signs in, then one line `ready <url>`", async () => {
    first = startMain("start", env);
    expect(await first.ready()).toBe(url);
    const out = first.stdout();
    expect(lines(out, /^ready /)).toEqual([`ready ${url}`]);
    expect(out.trimEnd().endsWith(`ready ${url}`)).toBe(true);
    for (const role of Object.values(ROLE_NAMES)) expect(lines(out, new RegExp(`^ +${role}\\s`))).not.toEqual([]);
    const [, login = "", password = ""] = /书记\s+(\S+)\s+(\S+)/.exec(out) ?? [];
    secretary = { login, password };
    expect(await readyz(url)).toBe(200);
    expect((await signIn(url, login, password)).token).not.toBe("");
  });

  test("keeps pages and database to this machine, and its files to this user", async () => {
    const { databaseUrl } = JSON.parse(await readFile(join(env.DATA_DIR, "running.json"), "utf8"));
    expect(await listeningAt(Number(env.PORT))).toEqual(["127.0.0.1"]);
    expect(await listeningAt(Number(new URL(databaseUrl).port))).toEqual(["127.0.0.1"]);
    for (const file of ["running.json", "secrets.json", "postgres.log", "pg", "."]) {
      expect([file, ((await stat(join(env.DATA_DIR, file))).mode & 0o077).toString(8)]).toEqual([file, "0"]);
    }
  });

  test("a second start in the same folder is refused in a sentence, and the first goes on", async () => {
    expect(await refusal("start", env)).toEqual({
      code: 1,
      said: `DATA_DIR ${env.DATA_DIR} is already in use by process ${first.pid} (${url}); stop it, or choose another DATA_DIR`,
    });
    expect(await readyz(url)).toBe(200);
  });

  test("so it is while the first is stopped by Ctrl-Z and cannot answer", async () => {
    first.signal("SIGSTOP");
    const { code, said } = await refusal("start", env);
    first.signal("SIGCONT");
    expect(code).toBe(1);
    expect(said).toContain(`already in use by process ${first.pid}`);
    expect(await readyz(url)).toBe(200);
  });

  test("stopped and started again: everything is there, and no password is shown again", async () => {
    const { code, ms } = await first.stop("SIGTERM");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    const again = startMain("start", env);
    await again.ready();
    expect(again.stdout()).toBe(`ready ${url}\n`);
    expect((await signIn(url, secretary.login, secretary.password)).token).not.toBe("");
    expect((await again.stop("SIGHUP")).code).toBe(0);
  });

  test("another DATA_KEY is refused, and so is a folder without its secrets", async () => {
    const wrong = await refusal("start", { ...env, DATA_KEY: Buffer.alloc(32, 1).toString("base64") });
    expect(wrong).toEqual({ code: 1, said: expect.stringMatching(/^DATA_KEY is not the one .* sealed with/) });
    await rm(join(env.DATA_DIR, "secrets.json"));
    expect(await refusal("start", env)).toEqual({ code: 1, said: expect.stringMatching(/secrets\.json is gone/) });
    expect(existsSync(join(env.DATA_DIR, "secrets.json"))).toBe(false);
  });
});

describe("what cannot work is said in a sentence, with an exit code", () => {
  afterEach(endAll);
  test("web and worker, when nothing runs", async () => {
    const env = await installation("nobody");
    const said = `no database is running in DATA_DIR ${env.DATA_DIR}: run \`npm start\` first, or set DATABASE_URL`;
    expect(await Promise.all([refusal("web", env), refusal("worker", env)])).toEqual([
      { code: 1, said },
      { code: 1, said },
    ]);
    expect(existsSync(env.DATA_DIR)).toBe(false);
  });

  test("HOST and PORT that are taken, or none of ours", async () => {
    const env = await installation("taken");
    const other = createServer().listen(Number(env.PORT), "127.0.0.1");
    expect(await refusal("start", env)).toEqual({
      code: 1,
      said: `HOST 127.0.0.1, PORT ${env.PORT}: something else listens there already; stop it, or choose another PORT (EADDRINUSE)`,
    });
    other.close();
    expect((await refusal("start", { ...env, HOST: "203.0.113.9" })).said).toContain(
      "this machine has no such address",
    );
  });

  test("a file for a folder", async () => {
    const { code, said } = await refusal("start", { DATA_DIR: join(REPOSITORY, "package.json") });
    expect(code).toBe(1);
    expect(said).toMatch(/^DATA_DIR .* cannot be used/);
  });

  test("a DATABASE_URL where no database answers, and never its password", async () => {
    const { code, said } = await refusal("web", {
      DATABASE_URL: `postgres://cunwu:secret-word@127.0.0.1:${await freePort()}/cunwu`,
      DATA_KEY: Buffer.alloc(32, 1).toString("base64"),
    });
    expect(code).toBe(1);
    expect(said).toMatch(/^the database in DATABASE_URL cannot be used: .*ECONNREFUSED/);
    expect(said).not.toContain("secret-word");
  });
});

describe("an ordinary user", () => {
  afterEach(endAll);
  const NOBODY = { uid: 65534, gid: 65534 };
  const root0 = process.getuid?.() === 0;
  if (!root0) console.warn("skipped: starting as another user (these tests do not run as root)");

  test.runIf(root0)("starts and stops it as root does", async () => {
    const home = await mkdtemp(join(tmpdir(), "cunwu-nobody-"));
    try {
      await chown(home, NOBODY.uid, NOBODY.gid);
      const env = { DATA_DIR: join(home, "data"), PORT: String(await freePort()), DEMO: "0" };
      const one = startMain("start", env, { user: NOBODY });
      expect(await readyz(await one.ready())).toBe(200);
      expect((await stat(join(env.DATA_DIR, "pg"))).uid).toBe(NOBODY.uid);
      expect((await one.stop("SIGINT")).code).toBe(0);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});

/** What a start that must not succeed says, and how it ends. */
async function refusal(mode: "start" | "web" | "worker", env: Record<string, string>) {
  const one = startMain(mode, { DEMO: "0", LOG_LEVEL: "silent", ...env });
  const started = one.ready().then((url) => Promise.reject(new Error(`it started: ${url}`)));
  const { code } = await Promise.race([
    one.ended,
    started.catch((error) => one.stop().then(() => Promise.reject(error))),
  ]);
  expect(one.stderr()).not.toMatch(/^\s+at /m);
  expect(one.stdout()).toBe("");
  return { code, said: one.stderr().trim() };
}

/** The addresses at which anything listens on this port: `/proc/net/tcp` holds them byte by byte, backwards. */
async function listeningAt(port: number): Promise<string[]> {
  const LISTENING = "0A";
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  return tables
    .join("\n")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state]) => local.endsWith(suffix) && state === LISTENING)
    .map(([, local = ""]) => {
      const address = local.slice(0, -suffix.length);
      return address.length === 8 ? [...Buffer.from(address, "hex")].reverse().join(".") : address;
    });
}
