import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TEST_KEY, TEST_PREFIX } from "../support/database.ts";
import { endAll, runCli } from "../support/process.ts";
import { apiClient } from "../support/small-village.ts";
import { type System, startSystem } from "../support/system.ts";

/** The operator's commands, as processes of their own beside a running server. */
describe("npm run cli", { timeout: 60_000 }, () => {
  let system: System;
  let folder: string;
  const cli = (...args: string[]) =>
    runCli(args, {
      DATABASE_URL: system.database.url,
      DATABASE_ROLE_PREFIX: TEST_PREFIX,
      DATA_KEY: TEST_KEY.toString("base64"),
    });

  beforeAll(async () => {
    system = await startSystem();
    folder = await mkdtemp(join(tmpdir(), "cunwu-cli-"));
    const platform = await system.api("platform");
    const village = { code: "guojia", name: "郭家村", signature: "郭家村村委会" };
    expect((await platform.post("/villages", village)).status).toBe(201);
  });
  afterAll(async () => {
    await endAll();
    await system?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("migrate finds nothing to do on a database that is up to date", async () => {
    expect(await cli("migrate")).toMatchObject({ code: 0, stdout: "nothing to do\n", stderr: "" });
  });

  test("create-staff prints the login and a password that works once it is changed", async () => {
    const made = await cli(
      "create-staff",
      "--role",
      "secretary",
      "--village",
      "guojia",
      "--login",
      "shuji",
      "--name",
      "刘建国",
    );
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^shuji \w{4}-\w{4}-\w{4}\n$/) });
    const again = await cli(
      "create-staff",
      "--role",
      "secretary",
      "--village",
      "guojia",
      "--login",
      "shuji",
      "--name",
      "又一个",
    );
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).not.toBe("");
  });

  test("create-api-key prints a key that opens its village and no other door", async () => {
    const made = await cli("create-api-key", "--role", "clerk", "--village", "guojia");
    expect(made.code).toBe(0);
    const clerk = apiClient(system.url, made.stdout.trim());
    expect((await clerk("GET", "/villages/guojia/broadcasts")).status).toBe(200);
    expect((await clerk("POST", "/villages", { code: "other", name: "别村", signature: "别村" })).status).toBe(403);
  });

  test("import-roster takes the good rows and names the bad ones by their line", async () => {
    const file = join(folder, "名册 一.csv");
    await writeFile(file, "户号,姓名,手机号\n1,王一,13800000001\n2,王二,12345\n3,王三,13800000003\n");
    const { code, stdout } = await cli("import-roster", "--village", "guojia", file);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({ imported: 2 });
    expect(stdout).toMatch(/第 3 行/);
  });

  test("status and verify-audit answer in words that a script can read", async () => {
    expect(await cli("status")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\w+\t\d+$/m) });
    expect(await cli("verify-audit")).toMatchObject({ code: 0, stdout: "the audit log is whole\n" });
  });

  test.each([
    [["no-such-command"], 2, /^npm run cli -- <command>/],
    [["create-staff", "--colour", "red"], 2, /Unknown option '--colour'/],
    [["create-staff", "--role", "king", "--login", "a", "--name", "b"], 1, /^--role must be one of /],
    [["create-api-key", "--role", "clerk", "--village", "nowhere"], 1, /needs --village <code> of an existing village/],
    [["import-roster", "--village", "guojia", "/nowhere.csv"], 1, /^the roster cannot be read: ENOENT/],
    [["import-roster", "--village", "guojia"], 1, /which file/],
  ] as [string[], number, RegExp][])("%j ends with %i and a sentence", async (args, code, said) => {
    const answer = await cli(...args);
    expect(answer).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(said) });
    expect(answer.stderr).not.toMatch(/^\s+at /m);
  });

  test("an environment that cannot work is refused with a list, before anything is touched", async () => {
    const answer = await runCli(["migrate"], { DATABASE_URL: "mysql://x", PORT: "x" });
    expect(answer).toMatchObject({ code: 1, stdout: "" });
    expect(answer.stderr).toMatch(/DATABASE_URL must be a URL[\s\S]*PORT must be a whole number/);
  });
});
