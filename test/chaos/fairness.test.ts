import { afterAll, beforeAll, expect, test } from "vitest";
import { type CarrierProcess, startCarrier } from "../support/carrier-process.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { givenApproved, givenVillage } from "../support/given.ts";
import { eventually } from "../support/ledger.ts";
import { endAll, startMain } from "../support/process.ts";
import { workerEnv } from "../support/worker-env.ts";

const LARGE = 3000;
const SMALL = 300;
const RATE = 200;
const WINDOW_MS = 1500;

let t: TestContext;
let carrier: CarrierProcess;
beforeAll(async () => {
  const settings = { SEND_RATE: String(RATE) };
  [t, carrier] = await Promise.all([startContext({ env: settings }), startCarrier({ HOSTILE: "0" })]);
  // The workers go by the real clock: for them, what was approved on the stopped one is a notice found late.
  t.clock.set(new Date().toISOString());
  const env = workerEnv(t, carrier, settings);
  const workers = [startMain("worker", env), startMain("worker", env)];
  await Promise.all(workers.map((worker) => worker.ready()));
});
afterAll(async () => {
  await endAll();
  await carrier?.stop();
  await t?.stop();
});

/** By the carrier's own log, with two worker processes: nobody's 300 doors wait for somebody else's 3,000. */
test("a small village that starts while a large one sends gets half of the rate at once", {
  timeout: 90_000,
}, async () => {
  const large = await givenVillage(t.ctx, { code: "dacun", households: LARGE });
  const small = await givenVillage(t.ctx, { code: "xiaocun", households: SMALL, firstPhone: LARGE + 1 });
  const arrivals = async (body: string) =>
    (await carrier.log()).texts.filter((text) => text.body.includes(body)).map(({ at }) => at);
  const untilArrived = (body: string, n: number) =>
    eventually(
      `${n} × ${body}`,
      () => arrivals(body),
      (at) => at.length >= n,
    );

  await givenApproved(t.ctx, large, "大村的通知。");
  const before = (await untilArrived("大村的通知。", RATE)).length;
  const asked = performance.timeOrigin + performance.now();
  await givenApproved(t.ctx, small, "小村的通知。");
  const ofSmall = await untilArrived("小村的通知。", SMALL);
  const [first = 0, last = 0] = [Math.min(...ofSmall), Math.max(...ofSmall)];
  const ofLarge = (await arrivals("大村的通知。")).filter((at) => at >= first && at <= last);
  console.log("two villages:", { before, waited: Math.round(first - asked), small: SMALL, large: ofLarge.length });

  // It began long before the large one was through (15 s), and from its first text to its last both had about the same,
  // at any time between.
  expect(first - asked).toBeLessThan(8000);
  expect(shareOf(ofSmall, ofLarge)).toBeGreaterThan(0.42);
  expect(shareOf(ofSmall, ofLarge)).toBeLessThan(0.58);
  for (let from = first; from + WINDOW_MS <= last; from += 500) {
    const within = (at: number) => at >= from && at < from + WINDOW_MS;
    const share = shareOf(ofSmall.filter(within), ofLarge.filter(within));
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
  }
});

const shareOf = (mine: readonly number[], others: readonly number[]): number =>
  mine.length / (mine.length + others.length);
