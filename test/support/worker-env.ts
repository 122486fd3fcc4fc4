import { ACCOUNT } from "./account.ts";
import type { CarrierProcess } from "./carrier-process.ts";
import type { TestContext } from "./context.ts";
import { TEST_KEY, TEST_PREFIX } from "./database.ts";

/** What a worker process needs to work on the database of a test and to send through its carrier. */
export const workerEnv = (t: TestContext, carrier: CarrierProcess, settings: Record<string, string>) => ({
  DATABASE_URL: t.database.url,
  DATABASE_ROLE_PREFIX: TEST_PREFIX,
  DATA_KEY: TEST_KEY.toString("base64"),
  TWILIO_ACCOUNT_SID: ACCOUNT.sid,
  TWILIO_AUTH_TOKEN: ACCOUNT.token,
  TWILIO_FROM: ACCOUNT.from,
  TWILIO_BASE_URL: carrier.url,
  RECONCILE_AFTER: "1",
  ...settings,
});
