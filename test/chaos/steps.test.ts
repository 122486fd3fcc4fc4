import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SECOND } from "../../src/lib/clock.ts";
import { pause } from "../../src/lib/slots.ts";
import { type CarrierProcess, startCarrier } from "../support/carrier-process.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { givenApproved, givenVillage, phoneOf } from "../support/given.ts";
import { eventually } from "../support/ledger.ts";
import { endAll, type Process, startMain, startProcess } from "../support/process.ts";
import { BACKENDS, startRedis, type TestRedis } from "../support/redis.ts";
import { workerEnv } from "../support/worker-env.ts";
import type { Fate } from "./fates.ts";

/**
 * A worker dies at each named step of sending a notice (test/chaos/fault.ts says how), another one goes on. Whatever
 * the step: each phone has the notice once, and no doubt is left.
 */
type Case = { faults: string[]; fates?: Fate[] };
const ABSENT: Fate[] = ["not_taken_500"];
const DROPPED: Fate[] = ["taken_then_dropped"];
const CASES: Record<string, Case> = {
  "the launch is being committed": { faults: ["amid:launch"] },
  "the launch is committed": { faults: ["after:launch"] },
  "a claim is being committed": { faults: ["amid:claim"] },
  "a claim is committed, and with it the first call begun": { faults: ["after:claim"] },
  "a later claim is committed": { faults: ["after:claim:4"] },
  "the beginning of calls is being committed": { faults: ["amid:begin"] },
  "the beginning is committed, the carrier not called": { faults: ["after:begin"] },
  "a later beginning is committed": { faults: ["after:begin:8"] },
  "the carrier has taken a text and not answered": { faults: ["carrier"], fates: ["taken_then_silent"] },
  "the carrier has answered": { faults: ["after:answer"] },
  "the carrier has answered one of many": { faults: ["after:answer:9"] },
  "results are being written": { faults: ["amid:record"] },
  "results are written": { faults: ["after:record"] },
  "a finished claim is being dropped": { faults: ["amid:drop"] },
  "a finished claim is dropped": { faults: ["after:drop"] },
  "the notice is being finished": { faults: ["amid:finish"] },
  "the notice is finished": { faults: ["after:finish"] },
  "a dead worker's claims are taken from it": { faults: ["after:begin", "after:expire"] },
  "a doubt is being settled by the list": { faults: ["amid:settle"], fates: DROPPED },
  "a doubt is settled by the list": { faults: ["after:settle"], fates: DROPPED },
  "an absence is counted": { faults: ["after:absence"], fates: ABSENT },
  "a text that never arrived is being queued again": { faults: ["amid:requeue"], fates: ABSENT },
  "a text that never arrived is queued again": { faults: ["after:requeue"], fates: ABSENT },
};
const DOORS = 30;
/**
 * Absence is believed once the list shows a text a second later, and the list knows whole seconds: the last text must
 * come two seconds after the doubtful one, at whatever fraction of a second that was called. 29 intervals of 100 ms.
 */
const LONG_RATE = "10";
/** Two minutes of both cores: asked for, as `npm run chaos` is. */
const asked = process.env.STEPS === "1";
if (!asked) console.warn("skipped: a worker killed at each step of sending (STEPS=1 npm test -- steps)");

describe.runIf(asked).each(BACKENDS)("a worker on BullMQ over %s dies when", (backend) => {
  let redis: TestRedis | null = null;
  let opened = 0;
  beforeAll(async () => {
    redis = backend === "redis" ? await startRedis() : null;
  });
  afterAll(async () => {
    await endAll();
    await redis?.stop();
  });

  test.concurrent.each(Object.entries(CASES))("%s", { timeout: 120_000 }, async (_, { faults, fates = [] }) => {
    const settings = {
      SEND_RATE: fates === ABSENT ? LONG_RATE : "15",
      SEND_CONCURRENCY: "4",
      ...(redis ? { REDIS_URL: `${redis.url}/${opened++ % 16}` } : {}),
    };
    const [t, carrier] = await Promise.all([startContext({ env: settings }), startCarrier({ HOSTILE: "0" })]);
    try {
      await carrier.control({ fates });
      // The workers go by the real clock: for them, what was approved on the stopped one is a notice found late.
      t.clock.set(new Date().toISOString());
      await givenApproved(t.ctx, await givenVillage(t.ctx, { households: DOORS }));
      const env = workerEnv(t, carrier, settings);
      for (const fault of faults) {
        await dieAt(fault, env, carrier);
        // Nobody renews them any more; that one waits for leases is shown elsewhere (processes.test.ts).
        await t.ctx.pools.system.query("update claims set lease_until = '-infinity'");
      }
      const next = startMain("worker", env);
      await untilSettled(t);
      await expectEachOnce(carrier);
      await next.stop("SIGKILL");
    } finally {
      await carrier.stop();
      await t.stop();
    }
  });
});

async function dieAt(fault: string, env: Record<string, string>, carrier: CarrierProcess): Promise<void> {
  if (fault === "carrier") {
    const worker = startMain("worker", env);
    await eventually(
      "taken and not answered",
      async () => (await carrier.log()).fates,
      (fates) => fates.taken_then_silent === 1,
    );
    await worker.stop("SIGKILL");
    return;
  }
  const worker = startProcess(process.execPath, ["--import", "./test/chaos/fault.ts", "src/main.ts", "worker"], {
    env: { ...env, FAULT: fault },
  });
  const how = await Promise.race([worker.ended.then(({ signal }) => signal), pause(60 * SECOND)]);
  expect([fault, how ?? described(worker)]).toEqual([fault, "SIGKILL"]);
}

const described = (worker: Process) => `never came to it: ${worker.stdout()} ${worker.stderr().slice(-2000)}`;

async function untilSettled(t: TestContext): Promise<void> {
  await eventually(
    "settled",
    async () => {
      const { rows } = await t.ctx.pools.system.query<{ state: string; n: number }>(
        `select state, count(*)::int as n from messages group by state
         union all select 'claims', count(*)::int from claims
         union all select b.state, 0 from broadcasts b`,
      );
      return rows.map(({ state, n }) => `${state} ${n}`).sort();
    },
    (seen) => seen.join() === [`accepted ${DOORS}`, "claims 0", "sent 0"].join(),
  );
}

async function expectEachOnce(carrier: CarrierProcess): Promise<void> {
  const { texts } = await carrier.log();
  expect(texts.map(({ to }) => to).sort()).toEqual(Array.from({ length: DOORS }, (_, i) => phoneOf(i + 1)));
}
