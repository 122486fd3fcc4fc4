import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigProblem, readConfig } from "../../src/config.ts";

const SID = `AC${"0".repeat(32)}`;
const KEY = Buffer.alloc(32, 9).toString("base64");

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems;
    throw error;
  }
};

describe("an empty environment", () => {
  test("is a whole configuration: embedded database, BullMQ on PostgreSQL, the simulator, loopback", () => {
    expect(readConfig({})).toMatchObject({
      host: "127.0.0.1",
      port: 3000,
      databaseUrl: null,
      redisUrl: null,
      carrier: "simulator",
      sendRate: 10,
      demo: null,
    });
  });
  test("and so is one whose variables are all empty, as an unfilled .env leaves them", () => {
    const names = ["HOST", "PORT", "DATABASE_URL", "REDIS_URL", "CARRIER", "SEND_RATE", "TWILIO_BASE_URL", "DEMO"];
    expect(readConfig(Object.fromEntries(names.map((name) => [name, " "])))).toEqual(readConfig({}));
  });
  test("cannot be changed afterwards", () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });
});

describe("what is wrong", () => {
  test("is told all at once", () => {
    const problems = problemsOf({ PORT: "eighty", REDIS_URL: "localhost:6379", CARRIER: "pigeon", SEND_RATE: "-1" });
    expect(problems.toSorted()).toEqual([
      "CARRIER must be one of simulator, twilio",
      "PORT must be a whole number from 0 to 65535",
      "REDIS_URL must be a URL starting with redis:// or rediss://",
      "SEND_RATE must be a number of segments per second, up to 100000",
    ]);
  });

  test.each([
    [{ PORT: "65536" }, "PORT"],
    [{ PORT: "80.5" }, "PORT"],
    [{ DATABASE_URL: "mysql://db/cunwu", DATA_KEY: KEY }, "DATABASE_URL"],
    [{ DATABASE_URL: "postgres://db/cunwu" }, "DATA_KEY"],
    [{ DATA_KEY: "short" }, "DATA_KEY"],
    [{ SESSION_KEY: "short" }, "SESSION_KEY"],
    [{ PUBLIC_BASE_URL: "cunwu.example" }, "PUBLIC_BASE_URL"],
    [{ TWILIO_ACCOUNT_SID: "AC1" }, "TWILIO_ACCOUNT_SID"],
    [{ TWILIO_FROM: "10690000" }, "TWILIO_FROM"],
    [{ SEND_RATE: "fast" }, "SEND_RATE"],
    [{ SEND_CONCURRENCY: "0" }, "SEND_CONCURRENCY"],
    [{ RECONCILE_AFTER: "soon" }, "RECONCILE_AFTER"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    [{ DEMO: "maybe" }, "DEMO"],
    [{ DATABASE_URL_APP: "app" }, "DATABASE_URL_APP"],
  ] as [Record<string, string>, string][])("%j names %s", (env, name) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.split(" ")[0]).toBe(name);
  });

  test("a real carrier without its account, sender and public address", () => {
    expect(problemsOf({ CARRIER: "twilio" }).map((problem) => problem.split(" ")[0])).toEqual([
      "TWILIO_ACCOUNT_SID",
      "TWILIO_AUTH_TOKEN",
      "TWILIO_FROM",
      "PUBLIC_BASE_URL",
    ]);
    const whole = {
      CARRIER: "twilio",
      TWILIO_ACCOUNT_SID: SID,
      TWILIO_AUTH_TOKEN: "token",
      TWILIO_MESSAGING_SERVICE_SID: "MG1",
      PUBLIC_BASE_URL: "https://cunwu.example/",
    };
    expect(readConfig(whole)).toMatchObject({ carrier: "twilio", publicBaseUrl: "https://cunwu.example" });
  });

  test("never tells a value: it may be a secret", () => {
    const names = ["PORT", "DATABASE_URL", "DATA_KEY", "SESSION_KEY", "REDIS_URL", "CARRIER", "TWILIO_ACCOUNT_SID"];
    const secret = fc.stringMatching(/^[a-z0-9:/@]{6,31}$/).map((word) => `s3cret${word}`);
    fc.assert(
      fc.property(fc.constantFrom(...names), secret, (name, value) => {
        for (const problem of problemsOf({ [name]: value })) expect(problem).not.toContain(value);
      }),
    );
  });
});

describe("keys and secrets", () => {
  test("are 32 bytes in base64 or hexadecimal, or any other long secret", () => {
    const bytes = Buffer.alloc(32, 9);
    expect(readConfig({ DATA_KEY: KEY }).dataKey).toEqual(bytes);
    expect(readConfig({ DATA_KEY: bytes.toString("hex") }).dataKey).toEqual(bytes);
    const phrase = "a long phrase that somebody made up for himself";
    expect(readConfig({ DATA_KEY: phrase }).dataKey).toHaveLength(32);
    expect(readConfig({ DATA_KEY: phrase }).dataKey).toEqual(readConfig({ DATA_KEY: phrase }).dataKey);
  });
  test("webhook secrets may be several while one is replaced; without any the token signs", () => {
    const webhookSecrets = (env: Record<string, string>) => readConfig(env).twilio.webhookSecrets;
    expect(webhookSecrets({ TWILIO_WEBHOOK_SECRET: "new, old" })).toEqual(["new", "old"]);
    expect(webhookSecrets({ TWILIO_AUTH_TOKEN: "token" })).toEqual(["token"]);
  });
});
