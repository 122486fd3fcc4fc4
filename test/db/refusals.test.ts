import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import { resumeBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { weighRefusals } from "../../src/broadcast/sending/refusal-rate.ts";
import type { BroadcastId, MessageId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenVillage } from "../support/given.ts";

let t: TestContext;
let cast: Cast;

beforeEach(async () => {
  // Slow enough that a broadcast is not over before somebody could stop it.
  t = await startContext({ env: { SEND_RATE: "300", SEND_CONCURRENCY: "5" } });
  cast = await givenVillage(t.ctx, { households: 260 });
});
afterEach(() => t.stop());

const launch = async (): Promise<BroadcastId> => {
  const id = await givenApproved(t.ctx, cast);
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  return id;
};
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
const broadcast = (id: BroadcastId) =>
  t.ctx.db.system.selectFrom("broadcasts").select(["state", "note"]).where("id", "=", id).executeTakeFirstOrThrow();
const stops = async (id: BroadcastId) =>
  await t.ctx.db.system
    .selectFrom("broadcast_events")
    .select(["kind", "note"])
    .where("broadcast_id", "=", id)
    .where("kind", "=", "stopped")
    .execute();
const refuse = (code: string, every: number) => {
  t.carrier.script = (_, nth) => (nth % every === 0 ? { kind: "refused", code } : undefined);
};

describe("a broadcast that the carrier refuses", () => {
  test("in a fifth of its texts pauses itself early, once, and says why", async () => {
    refuse("30007", 3);
    const id = await launch();
    await send();
    const { state, note } = await broadcast(id);
    expect(state).toBe("paused");
    expect(note).toMatch(/^最近发的 \d+ 条里，运营商拒收了 2\d 条，多半因为“短信被运营商拦截，请换个说法”/);
    expect(await stops(id)).toEqual([{ kind: "stopped", note }]);
    // Twenty refusals come after sixty texts; what was claimed by then still went.
    expect(t.carrier.arrivals.length).toBeLessThan(60 + 75 + 75);
    expect((await countMessages(t.ctx.db.system, id)).pending).toBeGreaterThan(0);
    const logged = await inWork(t.ctx.work, cast.secretary, (work) =>
      work.tx.selectFrom("audit_log").select(["action", "detail"]).where("action", "=", "broadcast.stop").execute(),
    );
    expect(logged).toMatchObject([{ detail: { code: "30007" } }]);
  });

  test("in less than a fifth goes on", async () => {
    refuse("30007", 6);
    const id = await launch();
    await send();
    expect(await countMessages(t.ctx.db.system, id)).toEqual({ accepted: 217, failed: 43 });
    expect((await broadcast(id)).state).toBe("sending");
  });

  test.each(["21211", "21610", "30003"])("for a reason of the phones' own (%s) goes on", async (code) => {
    refuse(code, 2);
    const id = await launch();
    await send();
    expect((await countMessages(t.ctx.db.system, id)).failed).toBe(130);
    expect((await broadcast(id)).state).toBe("sending");
  });

  test("mostly for such reasons, and in a few texts for others, goes on", async () => {
    t.carrier.script = (_, nth) =>
      nth % 25 === 0
        ? { kind: "refused", code: "30007" }
        : nth % 2 === 0
          ? { kind: "refused", code: "21211" }
          : undefined;
    const id = await launch();
    await send();
    expect((await broadcast(id)).state).toBe("sending");
  });

  test("in nineteen texts, and then no more, goes on", async () => {
    t.carrier.script = (_, nth) => (nth <= 19 ? { kind: "refused", code: "30007" } : undefined);
    const id = await launch();
    await send();
    expect((await broadcast(id)).state).toBe("sending");
  });

  test("and that a person resumes is counted from there", async () => {
    refuse("30007", 2);
    const id = await launch();
    await send();
    expect((await broadcast(id)).state).toBe("paused");
    t.carrier.script = (_, nth) => (nth % 10 === 0 ? { kind: "refused", code: "30007" } : undefined);
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => resumeBroadcast(work, id)));
    await send();
    expect((await broadcast(id)).state).toBe("sending");
    expect((await countMessages(t.ctx.db.system, id)).pending).toBeUndefined();
    expect(await stops(id)).toHaveLength(1);
  });

  test("after it had accepted the texts pauses just the same", async () => {
    const id = await launch();
    const over = new AbortController();
    const sending = t.ctx.dispatcher.dispatch(t.ctx.channelId, over.signal);
    while (t.carrier.arrivals.length < 80) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const arrival of t.carrier.arrivals.slice(0, 40)) {
      const [messageId = "", attempt = ""] = arrival.reference.split(".");
      await t.ctx.reports.take({
        channelId: t.ctx.channelId,
        messageId: messageId as MessageId,
        attempt: Number(attempt),
        carrierMessageId: arrival.carrierMessageId,
        word: "undelivered",
        state: "undelivered",
        code: "30007",
        fields: {},
      });
    }
    await sending;
    expect((await broadcast(id)).state).toBe("paused");
    expect(await stops(id)).toHaveLength(1);
  });
});

test("however many workers weigh the same refusals, one event is written", async () => {
  const id = await launch();
  const rows = await t.ctx.db.system
    .selectFrom("messages")
    .select("id")
    .where("broadcast_id", "=", id)
    .orderBy("id")
    .limit(50)
    .execute();
  const ids = rows.map((row) => row.id);
  await t.ctx.db.system
    .updateTable("messages")
    .set({ state: "failed", reason: "30007", called_at: new Date() })
    .where("id", "in", ids)
    .execute();
  const found = await Promise.all(Array.from({ length: 6 }, () => weighRefusals(t.ctx.work, ids)));
  expect(found.flat()).toEqual([{ broadcastId: id, called: 50, refused: 50, code: "30007" }]);
  expect(await stops(id)).toHaveLength(1);
});
