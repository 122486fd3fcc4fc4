import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../../src/db/owner.ts";
import { ACCOUNT } from "../support/account.ts";
import { type CarrierProcess, startCarrier } from "../support/carrier-process.ts";
import { cloneDatabase, TEST_KEY, TEST_PREFIX, type TestDatabase } from "../support/database.ts";
import { eventually, type Ledger, openLedger } from "../support/ledger.ts";
import { endAll, runCli, startMain } from "../support/process.ts";
import { openSmallVillage, phonesOf } from "../support/small-village.ts";

const RATE = 80;
const DOORS = 240;
/** The burst of DESIGN.md 4: 250 ms of the rate, and the text with which it begins. */
const BURST = RATE / 4 + 1;
/** Between a worker's clock and the carrier's log stand an event loop and a connection, on a machine with other work. */
const JITTER_MS = 60;

/** One channel's rate, as the carrier itself sees it in its log, however many processes share it. */
describe.each([1, 2, 4])("with %i worker processes", { timeout: 90_000 }, (workers) => {
  let database: TestDatabase;
  let carrier: CarrierProcess;
  let ledger: Ledger;
  afterEach(async () => {
    await endAll();
    await ledger?.close();
    await database?.drop();
  });

  test("the rate is kept in every window, used nearly in full, and followed when it changes", async () => {
    [database, carrier] = await Promise.all([cloneDatabase(), startCarrier({ HOSTILE: "0" })]);
    const port = await freePort();
    const env = {
      DATABASE_URL: database.url,
      DATABASE_ROLE_PREFIX: TEST_PREFIX,
      DATA_KEY: TEST_KEY.toString("base64"),
      CARRIER: "twilio",
      TWILIO_ACCOUNT_SID: ACCOUNT.sid,
      TWILIO_AUTH_TOKEN: ACCOUNT.token,
      TWILIO_FROM: ACCOUNT.from,
      TWILIO_BASE_URL: carrier.url,
      PUBLIC_BASE_URL: "http://gateway.invalid",
      SEND_RATE: String(RATE),
    };
    const all = [startMain("web", { ...env, PORT: String(port) }), ...one(workers).map(() => startMain("worker", env))];
    await Promise.all(all.map((process) => process.ready()));
    ledger = await openLedger(database.access.system.url);
    const village = await openSmallVillage(`http://127.0.0.1:${port}`, (args) => runCli(args, env), phonesOf(DOORS));

    const arrivals = async (body: string, atRate: number) => {
      await ledger.query(`update channels set rate = ${atRate}`);
      await village.send(body);
      const taken = async () =>
        (await carrier.log()).texts.filter((text) => text.body.includes(body)).map(({ at }) => at);
      return (await eventually(body, taken, (found) => found.length === DOORS)).sort((a, b) => a - b);
    };
    const first = await arrivals("第一条。", RATE);
    expectPaced(first, RATE);
    const doubled = await arrivals("第二条。", 2 * RATE);
    expectPaced(doubled, 2 * RATE);
    console.log(`${workers} workers: ${used(first, RATE)} and ${used(doubled, 2 * RATE)} of the rate used`);
    expect(used(first, RATE)).toBeGreaterThan(0.95);
    // Without the channel's lock several processes reserve the same moments: no burst, but more than the rate.
    expect(Math.max(used(first, RATE), used(doubled, 2 * RATE))).toBeLessThan(1.1);
  });
});

const one = (count: number) => Array.from({ length: count });

/** No window of any length sees more than its share and the burst. */
function expectPaced(at: readonly number[], rate: number): void {
  const burst = BURST * (rate / RATE);
  let worst = 0;
  for (const [i, start] of at.entries()) {
    for (const [j, end] of at.entries()) {
      if (j >= i) worst = Math.max(worst, j - i + 1 - ((end - start + JITTER_MS) / 1000) * rate - burst);
    }
  }
  expect(worst).toBeLessThanOrEqual(0);
}

/** The share of the rate between the first and the last tenth, where there was always something to send. */
function used(at: readonly number[], rate: number): number {
  const [from, to] = [Math.floor(at.length * 0.1), Math.floor(at.length * 0.9)];
  const seconds = ((at[to] ?? 0) - (at[from] ?? 0)) / 1000;
  return Math.round(((to - from) / seconds / rate) * 1000) / 1000;
}
