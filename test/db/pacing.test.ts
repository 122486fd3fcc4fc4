import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { queueText } from "../../src/message/queue-text.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import { claimAs } from "../support/claims.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, givenApproved, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
afterEach(() => t.stop());

const launch = async (cast: Cast) => {
  const id = await givenApproved(t.ctx, cast);
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  return id;
};
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);

describe("the channel's rate", () => {
  test("is kept in every window, evenly, and used nearly in full", async () => {
    const rate = 40;
    t = await startContext({ env: { SEND_RATE: String(rate) } });
    await launch(await givenVillage(t.ctx, { households: 120 }));
    await send();
    const at = t.carrier.arrivals.map((arrival) => arrival.at).sort((a, b) => a - b);
    expect(at).toHaveLength(120);
    // No window of length L sees more than rate × L and the burst: 250 ms of rate.
    for (const [i, start] of at.entries()) {
      for (const [j, end] of at.entries()) {
        if (j > i) expect(j - i + 1).toBeLessThanOrEqual(((end - start) / 1000) * rate + rate / 4 + 1);
      }
    }
    const seconds = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1000;
    expect(seconds).toBeGreaterThan(119 / rate - 0.3);
    expect(seconds).toBeLessThan((119 / rate) * 1.15 + 0.3);
  });

  test("counts segments, not texts", async () => {
    t = await startContext({ env: { SEND_RATE: "40" } });
    const cast = await givenVillage(t.ctx, { households: 20 });
    const id = await givenApproved(t.ctx, cast, "长".repeat(120));
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    const started = performance.now();
    await send();
    // 20 texts of 2 segments at 40 segments a second
    expect(performance.now() - started).toBeGreaterThan(700);
  });
});

describe("lanes and turns", () => {
  beforeEach(async () => {
    t = await startContext({ env: { SEND_RATE: "100" } });
  });
  const nextChunk = async () => {
    for (;;) {
      const { claim: taken } = await claimAs(t, { max: 10 });
      if (taken.kind === "chunk") return taken;
      if (taken.kind === "nothing") return null;
      await new Promise((resolve) => setTimeout(resolve, taken.kind === "wait" ? taken.ms : 0));
    }
  };

  test("an answer goes before every broadcast", async () => {
    const cast = await givenVillage(t.ctx, { households: 50 });
    await launch(cast);
    await nextChunk();
    await inSystemWork(t.ctx.work, (work) =>
      queueText(work, {
        villageId: cast.village.id,
        signature: cast.village.signature,
        phone: { hash: t.ctx.sealer.hashPhone(phoneOf(1) as never), sealed: t.ctx.sealer.phone(phoneOf(1) as never) },
        householdId: null,
        suggestionId: null,
        purpose: "answer",
        body: "答复在前",
        sealed: false,
      }),
    );
    expect((await nextChunk())?.messages.map((message) => message.body)).toEqual(["【郭家村村委会】答复在前"]);
    expect((await nextChunk())?.messages[0]?.broadcastId).not.toBeNull();
  });

  test("villages take turns, whatever their sizes", async () => {
    const large = await givenVillage(t.ctx, { code: "large", households: 60 });
    const small = await givenVillage(t.ctx, { code: "small", households: 30, firstPhone: 1000 });
    await launch(large);
    await launch(small);
    const turns: string[] = [];
    for (let chunk = await nextChunk(); chunk; chunk = await nextChunk()) {
      turns.push(chunk.messages[0]?.villageId === large.village.id ? "large" : "small");
    }
    expect(turns.slice(0, 6)).toEqual(["large", "small", "large", "small", "large", "small"]);
  });

  test("outside its sending hours a village's broadcast waits, and its answers do not", async () => {
    const cast = await givenVillage(t.ctx, { households: 5 });
    await t.ctx.pools.system.query("select 1");
    await launch(cast);
    const owner = await import("pg").then(({ default: pg }) => new pg.Client({ connectionString: t.database.url }));
    await owner.connect();
    await owner.query("alter table villages disable row level security");
    await owner.query(`update villages set sending_hours = '[["07:30","12:00"],["14:30","20:30"]]'`);
    await owner.end();
    t.clock.set("2026-10-09T13:00:00+08:00");
    expect((await claimAs(t)).claim.kind).toBe("nothing");
    t.clock.set("2026-10-09T14:30:00+08:00");
    expect((await claimAs(t)).claim.kind).toBe("chunk");
  });
});
