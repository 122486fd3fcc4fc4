import { afterEach, describe, expect, test } from "vitest";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import type { DraftWish } from "../../src/broadcast/check-draft.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { cancelBroadcast, pauseBroadcast, resumeBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { finishBroadcasts } from "../../src/broadcast/sending/send.queries.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { asActor } from "../../src/db/tenancy.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage } from "../support/given.ts";

let t: TestContext;
let cast: Cast;

const start = async (households: number, env: Record<string, string> = {}): Promise<void> => {
  t = await startContext({ env });
  cast = await givenVillage(t.ctx, { households });
};
afterEach(() => t.stop());

const approved = async (more: Partial<DraftWish> = {}): Promise<BroadcastId> => {
  const wish = { column: "村务公开", body: "明天停水。", repeatAnyway: true, ...more };
  const id = expectOk(await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true)));
  return expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id)));
};
const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
const counts = (id: BroadcastId) => countMessages(t.ctx.db.system, id);
const finish = () => inSystemWork(t.ctx.work, (work) => finishBroadcasts(work.tx, null, work.now));
const row = (id: BroadcastId) =>
  t.ctx.db.system.selectFrom("broadcasts").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const pause = (id: BroadcastId) => inWork(t.ctx.work, cast.clerk, (work) => pauseBroadcast(work, id));
const resume = (id: BroadcastId) => inWork(t.ctx.work, cast.clerk, (work) => resumeBroadcast(work, id));
const sweep = (name: string) => SWEEPS.find((one) => one.name === name)?.run(t.ctx);
/** The second stage waits by the database's clock, which no test can stop: its time comes. */
const restIsDue = (id: BroadcastId) =>
  t.ctx.db.system
    .updateTable("messages")
    .set({ not_before: new Date() })
    .where("broadcast_id", "=", id)
    .where("queued", "=", true)
    .execute();

describe("a notice in two stages", () => {
  test("sends the first, and the rest when their time has come, with nobody to remember them", async () => {
    await start(20);
    const id = await approved({ stages: { first: 5, waitMinutes: 30 } });
    const before = Date.now();
    expect(await launch(id)).toBe("launched");
    await send();
    expect([t.carrier.arrivals.length, await counts(id)]).toEqual([5, { accepted: 5, pending: 15 }]);
    const { rest_at: restAt } = await row(id);
    expect(((restAt?.getTime() ?? 0) - before) / 60_000).toBeCloseTo(30, 0);
    // Not due yet, and not done either.
    expect([await sweep("due_texts"), await finish()]).toEqual([0, []]);

    await restIsDue(id);
    expect(await sweep("due_texts")).toBe(1);
    await send();
    expect([await counts(id), (await finish()).length]).toEqual([{ accepted: 20 }, 1]);
    expect(new Set(t.carrier.arrivals.map((one) => one.to)).size).toBe(20);
  });

  test("keeps the rest while somebody has paused, and never sends it once canceled", async () => {
    await start(20);
    const id = await approved({ stages: { first: 5, waitMinutes: 30 } });
    await launch(id);
    await send();
    expectOk(await pause(id));
    await restIsDue(id);
    await send();
    expect(t.carrier.arrivals).toHaveLength(5);
    expectOk(await resume(id));
    await send();
    expect(t.carrier.arrivals).toHaveLength(20);

    const other = await approved({ body: "第二条", stages: { first: 5, waitMinutes: 30 } });
    await launch(other);
    await send();
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => cancelBroadcast(work, other)));
    await restIsDue(other);
    await send();
    expect(await counts(other)).toEqual({ accepted: 5, canceled: 15 });
  });

  test("counts those who get it, not those who are left out", async () => {
    await start(6);
    await t.ctx.db.system
      .updateTable("phones")
      .set({ problem: "invalid" })
      .where(
        "hash",
        "in",
        t.ctx.db.system.selectFrom("households").select("contact_hash").where("number", "in", ["1", "2"]),
      )
      .execute();
    const id = await approved({ stages: { first: 3, waitMinutes: 1 } });
    await launch(id);
    await send();
    expect(await counts(id)).toEqual({ accepted: 3, pending: 1, suppressed: 2 });
  });

  test.each([
    { first: 0, waitMinutes: 5 },
    { first: 5, waitMinutes: Number.NaN },
    { first: 5, waitMinutes: 5000 },
  ])("half filled in is refused: %o", async (stages) => {
    await start(3);
    const wish = { column: "村务公开", body: "明天停水。", stages };
    const drafted = await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true));
    expect(drafted).toMatchObject({ ok: false, refusal: { code: "validation_failed" } });
  });
});

describe("the time of a notice", () => {
  test("is kept to the minute", async () => {
    await start(3);
    const id = await approved({ sendAt: new Date("2026-10-09T19:05:00+08:00") });
    t.clock.set("2026-10-09T19:04:59+08:00");
    expect([await sweep("due_broadcasts"), await launch(id)]).toEqual([0, "not_due"]);
    t.clock.set("2026-10-09T19:05:00+08:00");
    expect([await sweep("due_broadcasts"), await launch(id)]).toEqual([1, "launched"]);
  });

  test("outside the village's hours carries over to the next window, and what is left of it to the one after", async () => {
    await start(20, { SEND_RATE: "20" });
    const hours = JSON.stringify([
      ["07:30", "12:00"],
      ["14:30", "20:30"],
    ]);
    await asActor(t.ctx.db.app, cast.clerk, (tx) => tx.updateTable("villages").set({ sending_hours: hours }).execute());
    t.clock.set("2026-10-09T12:00:00+08:00");
    const id = await approved();
    await launch(id);
    await send();
    expect(t.carrier.arrivals).toHaveLength(0);
    t.clock.set("2026-10-09T14:29:59+08:00");
    await send();
    expect(t.carrier.arrivals).toHaveLength(0);
    // The window closes in the middle of it.
    t.clock.set("2026-10-09T20:29:59+08:00");
    t.carrier.script = () => {
      t.clock.set("2026-10-09T20:30:00+08:00");
      return undefined;
    };
    await send();
    const inTime = t.carrier.arrivals.length;
    expect(inTime).toBeGreaterThan(0);
    expect(inTime).toBeLessThan(20);
    expect((await row(id)).state).toBe("sending");
    t.carrier.script = () => undefined;
    t.clock.set("2026-10-10T07:29:00+08:00");
    await send();
    expect(t.carrier.arrivals).toHaveLength(inTime);
    t.clock.set("2026-10-10T07:30:00+08:00");
    await send();
    expect(await counts(id)).toEqual({ accepted: 20 });
  });

  test("found late is held, and a person decides: send it, or not", async () => {
    await start(3);
    const sendAt = new Date("2026-10-09T10:00:00+08:00");
    const [sent, dropped, inTime] = [
      await approved({ sendAt }),
      await approved({ sendAt }),
      await approved({ sendAt }),
    ];
    t.clock.set("2026-10-09T11:00:00+08:00");
    expect(await launch(inTime)).toBe("launched");
    t.clock.set("2026-10-09T11:00:01+08:00");
    expect([await launch(sent), await launch(dropped)]).toEqual(["held", "held"]);
    expect(await row(sent)).toMatchObject({ held_for: "late", note: "过了原定时间才轮到，请决定还发不发" });
    expectOk(await resume(sent));
    expect(await launch(sent)).toBe("launched");
    expect(await row(sent)).toMatchObject({ held_for: null, note: null });
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => cancelBroadcast(work, dropped)));
    expect(await launch(dropped)).toBe("not_due");
    await send();
    expect([await counts(sent), await counts(dropped)]).toEqual([{ accepted: 3 }, {}]);
  });
});

describe("pause, resume and cancel take effect within one chunk", () => {
  /** No claim that began before the word was committed is still to come: each holds the channel's row to its end. */
  const claimsAreOver = () =>
    t.ctx.db.system
      .transaction()
      .execute((tx) =>
        tx.selectFrom("channels").select("id").where("id", "=", t.ctx.channelId).forUpdate().executeTakeFirst(),
      );
  const until = async (n: number) => {
    while (t.carrier.arrivals.length < n) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test.each(["pause", "cancel"] as const)("%s", async (what) => {
    await start(100, { SEND_RATE: "40" });
    const id = await approved();
    await launch(id);
    const sending = send();
    await until(15);
    expectOk(
      await inWork(t.ctx.work, cast.clerk, (work) =>
        what === "pause" ? pauseBroadcast(work, id) : cancelBroadcast(work, id),
      ),
    );
    await claimsAreOver();
    // What a worker has claimed by now may still leave, however long it takes, and nothing else.
    const held = (await counts(id)).claimed ?? 0;
    const then = t.carrier.arrivals.length;
    await sending;
    expect(t.carrier.arrivals.length - then).toBeLessThanOrEqual(held);
    const left = 100 - t.carrier.arrivals.length;
    expect(await counts(id)).toEqual({
      accepted: t.carrier.arrivals.length,
      [what === "pause" ? "pending" : "canceled"]: left,
    });
    await send();
    expect(t.carrier.arrivals).toHaveLength(100 - left);
    if (what === "pause") {
      expectOk(await resume(id));
      await send();
      expect(await counts(id)).toEqual({ accepted: 100 });
    }
  });
});
