import { readConfig } from "../../src/config.ts";
import { type Context, createContext } from "../../src/context.ts";
import { createLog, type Log } from "../../src/log.ts";
import { ACCOUNT } from "./account.ts";
import { StoppedClock } from "./clock.ts";
import { cloneDatabase, TEST_KEY, type TestDatabase } from "./database.ts";
import { StubCarrier } from "./stub-carrier.ts";

export type TestContext = {
  ctx: Context;
  carrier: StubCarrier;
  clock: StoppedClock;
  database: TestDatabase;
  stop(): Promise<void>;
};

/** The real parts on a database of this file's own, with a carrier in memory and nobody answering the bells. */
export async function startContext(
  options: { env?: Record<string, string>; database?: TestDatabase; log?: Log } = {},
): Promise<TestContext> {
  const database = options.database ?? (await cloneDatabase());
  const config = readConfig({
    DATABASE_URL: database.url,
    DATA_KEY: TEST_KEY.toString("base64"),
    TWILIO_FROM: ACCOUNT.from,
    SEND_RATE: "10000",
    RECONCILE_AFTER: "1",
    ...options.env,
  });
  const carrier = new StubCarrier();
  const clock = new StoppedClock();
  const ctx = await createContext({
    config,
    secrets: { dataKey: TEST_KEY, sessionKey: TEST_KEY, accountSid: ACCOUNT.sid, authToken: ACCOUNT.token },
    access: database.access,
    addresses: { publicBaseUrl: "http://127.0.0.1:1", carrierBaseUrl: "http://127.0.0.1:1" },
    log: options.log ?? createLog(process.env.LOG_LEVEL ?? "silent"),
    clock,
    wrapCarrier: () => carrier,
  });
  await ctx.bells.start();
  return {
    ctx,
    carrier,
    clock,
    database,
    async stop() {
      await ctx.dispatcher.stop();
      await ctx.close();
      if (!options.database) await database.drop();
    },
  };
}
