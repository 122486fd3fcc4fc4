import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../src/db/owner.ts";
import { eventually, type Ledger, openFolder, untilEachOnce, untilTexted } from "../support/ledger.ts";
import { endAll, type Process, processesOf, runCli, startMain } from "../support/process.ts";
import { openSmallVillage, phonesOf, SILENT_PHONE, SLOW_PHONE, type SmallVillage } from "../support/small-village.ts";

const PHONES = phonesOf(199).toSpliced(30, 0, SLOW_PHONE);
let doors = PHONES.length;

/**
 * `npm start` with its own database, ended in every way while a notice goes out: killed whole, killed alone, its
 * database killed, Ctrl-C. Each time the next start goes on, and every door has the notice once.
 */
describe("an installation that is ended while it sends", () => {
  let dir: string;
  let env: Record<string, string>;
  let url: string;
  let server: Process;
  let village: SmallVillage;
  const ledgers: Ledger[] = [];

  const start = async () => {
    server = startMain("start", env);
    const began = performance.now();
    await server.ready();
    const ms = Math.round(performance.now() - began);
    const ledger = await openFolder(dir);
    ledgers.push(ledger);
    return { ledger, ms };
  };
  const cli = (args: string[]) => runCli(args, env);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "cunwu-kills-"));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = {
      DATA_DIR: dir,
      PORT: String(port),
      DEMO: "0",
      SEND_RATE: "100",
      SEND_CONCURRENCY: "4",
      RECONCILE_AFTER: "1",
    };
    await start();
    village = await openSmallVillage(url, cli, PHONES);
  });
  afterAll(async () => {
    await Promise.all(ledgers.map((ledger) => ledger.close().catch(() => undefined)));
    await endAll();
    await rm(dir, { recursive: true, force: true });
  });
  const now = () => ledgers.at(-1) as Ledger;

  test("web and worker join it, share its work, and end when it ends", async () => {
    const web = startMain("web", { ...env, PORT: String(await freePort()) });
    const worker = startMain("worker", env);
    const [other] = await Promise.all([web.ready(), worker.ready()]);
    expect(other).not.toBe(url);
    const id = await village.send("零号通知。");
    const workers = new Set<string>();
    await eventually(
      "sent",
      async () => {
        for (const one of await now().workers()) workers.add(one);
        return (await village.at(other).clerk<{ state: string }>("GET", `/broadcasts/${id}`)).body.state;
      },
      (state) => state === "sent",
    );
    expect(workers.size).toBe(2);
    await untilEachOnce(now(), "零号通知。", doors);

    expect((await server.stop("SIGTERM")).code).toBe(0);
    for (const joined of [web, worker]) {
      expect((await joined.ended).code).toBe(1);
      expect(joined.stderr()).toContain("that this process had joined has ended");
    }
    await start();
  });

  test("kill -9 of all its processes at once", async () => {
    await village.send("一号通知。");
    await untilTexted(now(), "一号通知。", 40);
    await server.killTree();
    expect(processesOf(dir)).toEqual([]);
    const { ledger, ms } = await start();
    console.log("after kill -9 of everything:", { ms, ...(await ledger.states()) });
    await untilEachOnce(ledger, "一号通知。", doors);
  });

  test("kill -9 of node alone: PostgreSQL ends by itself", async () => {
    await village.send("二号通知。");
    await untilTexted(now(), "二号通知。", 40);
    const began = performance.now();
    await server.stop("SIGKILL");
    await eventually(
      "no orphan",
      async () => processesOf(dir),
      (left) => left.length === 0,
      5000,
    );
    console.log("PostgreSQL ended by itself after", Math.round(performance.now() - began), "ms");
    const { ledger } = await start();
    await untilEachOnce(ledger, "二号通知。", doors);
  });

  test("kill -9 of its PostgreSQL: it is started again, and everything goes on", async () => {
    await village.send("三号通知。");
    await untilTexted(now(), "三号通知。", 40);
    const before = processesOf(dir);
    for (const pid of before) process.kill(pid, "SIGKILL");
    const readyz = async () => (await fetch(`${url}/readyz`)).status;
    await eventually(
      "another PostgreSQL",
      async () => processesOf(dir),
      (left) => left.some((pid) => !before.includes(pid)),
    );
    await eventually("ready", readyz, (status) => status === 200);
    const ledger = await openFolder(dir);
    ledgers.push(ledger);
    await untilEachOnce(ledger, "三号通知。", doors);
  });

  test("Ctrl-C, twice in a moment as npm passes it on: all ends in order, and the rest is sent later", async () => {
    // A call that nobody answers is under way when the stop comes, and another notice is half sent.
    await village.addDoors([SILENT_PHONE]);
    doors++;
    await village.send("四号通知。");
    await untilTexted(now(), "四号通知。", doors);
    await village.send("五号通知。");
    await untilTexted(now(), "五号通知。", 40);
    setTimeout(() => server.signalGroup("SIGINT"), 100);
    const { code, ms } = await server.stop("SIGINT", "group");
    const said = code === 0 ? "" : server.stderr().slice(-2000);
    expect({ code, quick: ms < 10_000, said }).toEqual({ code: 0, quick: true, said: "" });
    expect(processesOf(dir)).toEqual([]);
    const { stdout } = await cli(["status"]);
    expect(stdout).toMatch(/^claimed\t0$/m);
    expect(stdout).toMatch(/^pending\t[1-9]\d*$/m);
    console.log("Ctrl-C:", { ms }, stdout.split("\n").slice(0, 3));
    const { ledger } = await start();
    await untilEachOnce(ledger, "五号通知。", doors);
    await untilEachOnce(ledger, "四号通知。", doors);
  });

  test("lock files of a past life, with the ids of processes that are somebody else's by now", async () => {
    await server.stop();
    await writeFile(
      join(dir, "pg/postmaster.pid"),
      `${process.pid}\n${join(dir, "pg")}\n1\n1\n\n127.0.0.1\n1 1\nready\n`,
    );
    const dead = {
      pid: process.pid,
      port: await freePort(),
      token: "of a dead owner",
      databaseUrl: "postgres://x/y",
      url,
    };
    await writeFile(join(dir, "running.json"), JSON.stringify(dead));
    await start();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
}, 120_000);
