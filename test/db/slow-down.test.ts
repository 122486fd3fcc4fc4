import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { createDispatcher } from "../../src/message/dispatch.ts";
import { readAttemptRef } from "../../src/message/message.ts";
import { beginCalls, recordResults } from "../../src/message/record.queries.ts";
import { halveRate, listRates } from "../../src/message/slow-down.queries.ts";
import { shortBackOff, slowDown } from "../../src/message/slow-down.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import { claimAs } from "../support/claims.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { givenApproved, givenVillage } from "../support/given.ts";

let t: TestContext;
afterEach(() => t.stop());

const start = async (rate: number, households = 1) => {
  t = await startContext({ env: { SEND_RATE: String(rate) } });
  const cast = await givenVillage(t.ctx, { households });
  const id = await givenApproved(t.ctx, cast);
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  return id;
};
const system = () => t.ctx.db.system;
const rateNow = async () => (await listRates(system()))[0]?.now ?? 0;
const complain = (calledAt = new Date(Date.now() + 5000)) =>
  halveRate(system(), t.ctx.channelId, calledAt.toISOString());
/** As if the last slow-down had been so long ago. */
const age = async (seconds: number) =>
  await t.ctx.pools.system.query("update channels set slowed_at = clock_timestamp() - make_interval(secs => $1)", [
    seconds,
  ]);

describe("a channel that was too fast", () => {
  beforeEach(() => start(640));

  test("halves once for one burst, whoever complains", async () => {
    const halved = await Promise.all(Array.from({ length: 20 }, () => complain()));
    expect(halved.filter((rate) => rate !== null)).toEqual([320]);
    expect(await rateNow()).toBeGreaterThanOrEqual(320);
    expect(await rateNow()).toBeLessThan(330);
  });

  test("halves again when calls at the new rate are too fast too, and not for calls begun before it", async () => {
    await complain();
    await age(1.5);
    expect(await complain(new Date(Date.now() - 10_000))).toBeNull();
    const again = await complain();
    // Half of what it had grown back to: 320 and 1.5 of 60 parts of the rest.
    expect(again).toBeGreaterThan(160);
    expect(again).toBeLessThan(170);
  });

  test("never falls below a sixty-fourth of its rate", async () => {
    for (let i = 0; i < 12; i++) {
      await complain();
      await age(1.01);
    }
    // It had grown by a second's part of the minute before each complaint, but never below the floor.
    const lowest = (await complain()) ?? 0;
    expect(lowest).toBeGreaterThanOrEqual(10);
    expect(lowest).toBeLessThan(11);
    await t.ctx.pools.system.query("update channels set slowed_to = 1.0 / 64, slowed_at = clock_timestamp()");
    await age(1);
    await t.ctx.pools.system.query("update channels set slowed_to = 1.0 / 64 / 2");
    expect(await complain()).toBe(10);
  });

  test("grows back steadily, and is at its full rate after a minute", async () => {
    await complain();
    await age(30);
    expect(await rateNow()).toBeCloseTo(480, 0);
    await age(59.9);
    expect(await rateNow()).toBeLessThan(640);
    await age(60);
    expect(await rateNow()).toBe(640);
    await age(86_400);
    expect(await rateNow()).toBe(640);
  });

  test("a throttled text waits a few seconds at most for its next turn", () => {
    const middle = (attempt: number) => shortBackOff(attempt, () => 0.5);
    expect([1, 2, 3, 4, 5, 500].map(middle)).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
  });
});

test("throttled texts that are due again go before those that stood behind them", async () => {
  const id = await start(100, 60);
  const { claim: first, claimId } = await claimAs(t);
  if (first.kind !== "chunk") throw new Error(first.kind);
  const ids = first.messages.map((message) => message.id);
  const worker = randomUUID();
  await t.ctx.pools.system.query("update claims set worker = $1", [worker]);
  const begun = await beginCalls(
    system(),
    worker,
    ids.map((one) => ({ id: one, claim: claimId, again: false })),
  );
  await recordResults(
    system(),
    first.messages.map((message) => ({
      messageId: message.id,
      villageId: message.villageId,
      channelId: t.ctx.channelId,
      attempt: 1,
      calledAt: begun.get(message.id)?.calledAt ?? "",
      outcome: "not_taken" as const,
      code: "20429",
      carrierMessageId: null,
      retryMs: 0,
    })),
  );
  await new Promise((resolve) => setTimeout(resolve, 400));
  const { claim: again } = await claimAs(t);
  expect(again.kind === "chunk" && again.messages.map((message) => message.id)).toEqual(ids);
  expect((await countMessages(system(), id)).claimed).toBe(ids.length);
});

test.each([
  [3, 1],
  [0.5, 0.5],
])("a channel of %d segments per second falls to %d and no further", async (full, least) => {
  await start(full);
  for (let i = 0; i < 6; i++) {
    await complain();
    await age(1.01);
  }
  expect(await complain()).toBeCloseTo(least, 10);
});

test("claims no more than its rate of the moment allows", async () => {
  await start(400, 120);
  await complain();
  await complain();
  await t.ctx.pools.system.query("update channels set slowed_to = 0.1");
  const { claim: first } = await claimAs(t);
  // 250 ms of 40 per second, from a channel that could take 100 in that time.
  expect(first.kind === "chunk" && first.messages.length).toBe(10);
  expect(first.kind === "chunk" && first.messages.at(-1)?.dueInMs).toBeGreaterThan(200);
  expect((await claimAs(t)).claim.kind).toBe("wait");
});

test("a carrier that says 429 gets half, each text once", async () => {
  const id = await start(100, 60);
  const taken: string[] = [];
  t.carrier.script = (request, nth) => {
    if (nth > 5 && nth <= 15) return { kind: "not_taken", code: "20429", retryAfterMs: null };
    taken.push(readAttemptRef(request.reference)?.messageId ?? "");
    return undefined;
  };
  const started = performance.now();
  // As the sweep does: ring again for what has become due.
  while ((await countMessages(system(), id)).pending) {
    await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await countMessages(system(), id)).toEqual({ accepted: 60 });
  expect(new Set(taken).size).toBe(60);
  expect(t.carrier.arrivals).toHaveLength(70);
  // 70 calls at 100 a second would be over in 0.7 s.
  expect(performance.now() - started).toBeGreaterThan(1000);
  const { rows } = await t.ctx.pools.system.query("select slowed_to from channels");
  expect(rows).toEqual([{ slowed_to: 0.5 }]);
  const metrics = await t.ctx.metrics.registry.metrics();
  expect(metrics).toContain("cunwu_slow_downs_total 1");
  expect(metrics).toMatch(/cunwu_channel_rate\{channel="[^"]+",rate="full"\} 100/);
});

test("Retry-After is honoured, and a complaint that is not about speed slows nothing", async () => {
  const id = await start(1000, 2);
  t.carrier.script = (_, nth) =>
    nth === 1
      ? { kind: "not_taken", code: "20429", retryAfterMs: 90_000 }
      : { kind: "not_taken", code: "ECONNREFUSED", retryAfterMs: 60_000 };
  await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
  const rows = await system()
    .selectFrom("messages")
    .select(["reason", "not_before"])
    .where("broadcast_id", "=", id)
    .execute();
  const late = rows.find((row) => row.reason === "20429")?.not_before.getTime() ?? 0;
  expect(late - Date.now()).toBeGreaterThan(85_000);
  await t.ctx.pools.system.query("update channels set slowed_at = null, slowed_to = 1");
  const lines: unknown[] = [];
  const log = { warn: (line: unknown) => lines.push(line) } as never;
  const result = { channelId: t.ctx.channelId, calledAt: new Date(), outcome: "not_taken" } as never as object;
  await slowDown({ system: system(), log }, [{ ...result, code: "ECONNREFUSED" } as never]);
  expect([await rateNow(), lines]).toEqual([1000, []]);
  await slowDown({ system: system(), log }, [{ ...result, code: "63017" } as never]);
  expect(lines).toEqual([{ channelId: t.ctx.channelId, code: "63017", rate: 500 }]);
});

test("two processes share the lower rate", async () => {
  await start(200, 60);
  await complain();
  await t.ctx.pools.system.query("update channels set slowed_to = 0.25");
  const deps = { sending: t.ctx.db.sending, carrier: t.carrier, sealer: t.ctx.sealer, clock: t.clock, log: t.ctx.log };
  const more = { concurrency: 8, stopBroadcast: async () => undefined, callForHelp: async () => undefined };
  const two = [createDispatcher({ ...deps, ...more }), createDispatcher({ ...deps, ...more })];
  await Promise.all(two.map((one) => one.dispatch(t.ctx.channelId, new AbortController().signal)));
  await Promise.all(two.map((one) => one.stop()));
  const at = t.carrier.arrivals.map((one) => one.at).sort((a, b) => a - b);
  expect(at).toHaveLength(60);
  // 60 texts at about 50 a second and a quarter of a second of burst: 0.95 s; at 200 a second it would be 0.25 s.
  expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(800);
});
