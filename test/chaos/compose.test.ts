import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freePort } from "../../src/db/owner.ts";
import { workOutAccess } from "../../src/db/roles.ts";
import { MissingVariable, readCompose, readEnvFile, relocate, relocateAll, type Service } from "../support/compose.ts";
import { type Ledger, openLedger, untilEachOnce } from "../support/ledger.ts";
import { endAll, type Process, REPOSITORY, runCli, runProcess, startProcess } from "../support/process.ts";
import { hasRedis, startRedis, type TestRedis } from "../support/redis.ts";
import { openSmallVillage, phonesOf } from "../support/small-village.ts";

const DATABASE = "compose_cunwu";
const KEY = Buffer.alloc(32, 3).toString("base64");
/** What .env.example asks an operator to fill in. */
const FILLED = { POSTGRES_PASSWORD: "test", DATA_KEY: KEY, SESSION_KEY: KEY, SEND_RATE: "200", DEMO: "" };

/** The file's own commands with its own environment, from an empty database; only the places are this machine's. */
describe.runIf(hasRedis)("docker-compose.yml", { timeout: 90_000 }, () => {
  let services: Record<string, Service>;
  let places: Record<string, string>;
  let redis: TestRedis;
  let ledger: Ledger | null = null;
  const running: Process[] = [];

  const service = (name: string): Service => {
    const found = services[name];
    if (!found) throw new Error(`no service ${name}`);
    return found;
  };
  const environmentOf = (name: string) => relocateAll(service(name).environment, places);
  const databaseUrl = () => environmentOf("web").DATABASE_URL ?? "";
  /** As an operator does: `docker compose exec web node src/cli.ts …`. */
  const cli = (args: string[]) => runCli(args, environmentOf("web"));
  const start = (name: string): Process => {
    const [command = "", ...args] = service(name).command;
    expect(command).toBe("node");
    const one = startProcess(process.execPath, args, { env: environmentOf(name) });
    running.push(one);
    return one;
  };

  beforeAll(async () => {
    const server = new URL(inject("serverUrl"));
    await administer(`create database ${DATABASE}`);
    redis = await startRedis();
    const web = `127.0.0.1:${await freePort()}`;
    const example = readEnvFile(await readFile(join(REPOSITORY, ".env.example"), "utf8"));
    services = await readCompose({ ...example, ...FILLED });
    places = {
      "postgres:5432/cunwu": `${server.host}/${DATABASE}`,
      "redis://redis:6379": redis.url,
      "http://web:3000": `http://${web}`,
      "127.0.0.1:3000": web,
    };
    // A container has its own address and name; here all share one.
    for (const name of ["web", "worker"]) {
      expect(service(name).environment).toMatchObject({ PORT: "3000", HOST: name === "web" ? "0.0.0.0" : "web" });
      Object.assign(service(name).environment, { HOST: "127.0.0.1", PORT: new URL(`http://${web}`).port });
    }
  });
  afterAll(async () => {
    await endAll();
    await ledger?.close();
    await redis?.stop();
    await administer(`drop database if exists ${DATABASE} with (force)`);
  });

  test("asks for the secrets it cannot do without", async () => {
    for (const name of ["POSTGRES_PASSWORD", "DATA_KEY", "SESSION_KEY"]) {
      await expect(readCompose({ ...FILLED, [name]: "" })).rejects.toThrow(MissingVariable);
    }
  });

  test("names PostgreSQL, Redis, one web and two workers, and shows the world the web alone", () => {
    expect(Object.keys(services).sort()).toEqual(["migrate", "postgres", "redis", "web", "worker"]);
    expect(service("worker").deploy).toEqual({ replicas: 2 });
    expect(Object.keys(services).filter((name) => service(name).ports)).toEqual(["web"]);
    for (const name of ["web", "worker"]) {
      expect(service(name).depends_on).toMatchObject({
        postgres: { condition: "service_healthy" },
        redis: { condition: "service_healthy" },
        migrate: { condition: "service_completed_successfully" },
      });
    }
  });

  test("starts Redis with options that it knows, and that keep jobs", async () => {
    const [command = "", ...args] = service("redis").command;
    const port = await freePort();
    const one = startProcess(command, [...args, "--port", String(port), "--bind", "127.0.0.1"]);
    await one.says("Ready to accept connections");
    expect((await one.stop()).code).toBe(0);
  });

  test("migrates the empty database, and a second time finds nothing to do", async () => {
    const [, ...args] = service("migrate").command;
    const migrate = () => runProcess(process.execPath, args, { env: environmentOf("migrate") });
    expect(await migrate()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^applied: 0001_/) });
    expect(await migrate()).toMatchObject({ code: 0, stdout: "nothing to do\n" });
  });

  test("starts one web and two workers, and the web's own health check finds it well", async () => {
    const all = [start("web"), start("worker"), start("worker")];
    await Promise.all(all.map((one) => one.ready()));
    const [kind, , ...args] = service("web").healthcheck?.test ?? [];
    expect(kind).toBe("CMD");
    const check = () =>
      runProcess(
        process.execPath,
        args.map((arg) => relocate(arg, places)),
      );
    expect(await check()).toMatchObject({ code: 0 });
  });

  test("a notice goes out through Redis and the workers to each phone once", async () => {
    const phones = phonesOf(60);
    const village = await openSmallVillage(places["http://web:3000"] ?? "", cli, phones);
    const access = workOutAccess({ databaseUrl: databaseUrl(), dataKey: Buffer.from(KEY, "base64"), given: {} });
    ledger = await openLedger(access.system.url);
    await village.send("照着部署文件发的通知。");
    await untilEachOnce(ledger, "照着部署文件发的通知。", phones.length);
    expect((await cli(["status"])).stdout).toMatch(/^pending\t0$/m);
  });

  test("stops within the ten seconds that `docker compose down` grants", async () => {
    for (const { code, ms } of await Promise.all(running.map((one) => one.stop("SIGTERM")))) {
      expect({ code, quick: ms < 10_000 }).toEqual({ code: 0, quick: true });
    }
  });
});

describe("Dockerfile", () => {
  test("brings all that the commands read, and not the embedded twins of what Compose provides", async () => {
    const text = await readFile(join(REPOSITORY, "Dockerfile"), "utf8");
    const { engines, dependencies } = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8"));
    expect(text).toMatch(/^FROM node:24-/m);
    for (const folder of ["src", "workers", "migrations", "templates"]) {
      expect(text).toContain(`COPY ${folder} ${folder}\n`);
    }
    expect(text).toMatch(/^USER node$/m);
    expect([engines.node, dependencies.node]).toEqual([">=20", expect.stringMatching(/^\^24\./)]);
  });
});

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject("serverUrl") });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
