import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import { cancelBroadcast, pauseBroadcast, resumeBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { finishBroadcasts } from "../../src/broadcast/sending/send.queries.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { createDispatcher } from "../../src/message/dispatch.ts";
import { readAttemptRef } from "../../src/message/message.ts";
import { reconcile } from "../../src/message/reconcile.ts";
import { beginCalls, expireClaims } from "../../src/message/record.queries.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { claimAs } from "../support/claims.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 20 });
});
afterEach(() => t.stop());

const launch = async (body?: string): Promise<BroadcastId> => {
  const id = await givenApproved(t.ctx, cast, body);
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  return id;
};
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
const counts = (id: BroadcastId) => countMessages(t.ctx.db.system, id);
const messageOf = async (id: BroadcastId, phone: string) =>
  t.ctx.db.system
    .selectFrom("messages")
    .selectAll()
    .where("broadcast_id", "=", id)
    .where("phone_hash", "=", t.ctx.sealer.hashPhone(phone as never))
    .executeTakeFirstOrThrow();

describe("a broadcast", () => {
  test("reaches every household once, however often its jobs run", async () => {
    const id = await launch();
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    await Promise.all([send(), send()]);
    await send();
    expect(t.carrier.arrivals.map((a) => a.to).sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => phoneOf(1 + i)).sort(),
    );
    expect(await counts(id)).toEqual({ accepted: 20 });
  });

  test("is sent with its signature, frozen at approval", async () => {
    const id = await launch("停水通知");
    await send();
    expect(new Set(t.carrier.arrivals.map((a) => a.body))).toEqual(new Set(["【郭家村村委会】停水通知"]));
    expect((await counts(id)).accepted).toBe(20);
  });

  test("is sent by twenty dispatchers at once as by one", async () => {
    const id = await launch();
    const dispatchers = Array.from({ length: 20 }, () => createDispatcher({ ...dispatchDeps(), concurrency: 4 }));
    await Promise.all(dispatchers.map((one) => one.dispatch(t.ctx.channelId, new AbortController().signal)));
    await Promise.all(dispatchers.map((one) => one.stop()));
    expect(t.carrier.arrivals).toHaveLength(20);
    expect(await counts(id)).toEqual({ accepted: 20 });
  });

  test("ends `sent` when nothing is pending or claimed", async () => {
    const id = await launch();
    const finish = () => inSystemWork(t.ctx.work, (work) => finishBroadcasts(work.tx, t.ctx.channelId, work.now));
    expect(await finish()).toEqual([]);
    await send();
    expect((await finish()).map((one) => one.id)).toEqual([id]);
  });

  test("is not sent while paused, goes on when resumed, and what is canceled never leaves", async () => {
    const id = await launch();
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => pauseBroadcast(work, id)));
    await send();
    expect(t.carrier.arrivals).toHaveLength(0);
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => resumeBroadcast(work, id)));
    await send();
    expect(t.carrier.arrivals).toHaveLength(20);

    const other = await launch();
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => cancelBroadcast(work, other)));
    await send();
    expect(t.carrier.arrivals).toHaveLength(20);
    expect(await counts(other)).toEqual({ canceled: 20 });
  });

  test("found an hour after its time is held for a person", async () => {
    const id = await givenApproved(t.ctx, cast);
    await t.ctx.db.system
      .updateTable("broadcasts")
      .set({ send_at: new Date(t.clock.now().getTime() - 3_700_000) })
      .where("id", "=", id)
      .execute();
    expect(await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id))).toBe("held");
    await send();
    expect(t.carrier.arrivals).toHaveLength(0);
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => resumeBroadcast(work, id)));
    expect(await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id))).toBe("launched");
  });

  test("an opt-out between approval and sending wins", async () => {
    const id = await launch();
    const phone = phoneOf(1 + 3);
    await t.ctx.db.system
      .insertInto("opt_outs")
      .values({
        id: randomUUID(),
        village_id: cast.village.id,
        phone_hash: t.ctx.sealer.hashPhone(phone as never),
        column_id: null,
        source: "villager",
        inbound_id: null,
        at: t.clock.now(),
        ended_at: null,
      })
      .execute();
    await send();
    expect(t.carrier.textsTo(phone)).toEqual([]);
    expect(await counts(id)).toEqual({ accepted: 19, suppressed: 1 });
    expect((await messageOf(id, phone)).reason).toBe("opted_out");
  });
});

describe("what the carrier answers", () => {
  test("accepted, refused, surely not taken, unknown", async () => {
    const first = 1;
    t.carrier.script = (request) => {
      if (request.to === phoneOf(first)) return { kind: "refused", code: "21211" };
      if (request.to === phoneOf(first + 1)) return { kind: "unknown", code: "UND_ERR_HEADERS_TIMEOUT" };
      if (request.to === phoneOf(first + 2)) return { kind: "not_taken", code: "20429", retryAfterMs: 60_000 };
      return undefined;
    };
    const id = await launch();
    await send();
    expect(await counts(id)).toEqual({ accepted: 17, failed: 1, unknown: 1, pending: 1 });
    expect(await messageOf(id, phoneOf(first))).toMatchObject({ state: "failed", reason: "21211", attempt: 1 });
    // The number is marked bad on the roster, so the next notice does not try it again.
    const next = await launch("第二条");
    expect(await counts(next)).toMatchObject({ pending: 19, suppressed: 1 });
  });

  test("a throttled text is tried again, as a second attempt", async () => {
    const phone = phoneOf(1 + 2);
    t.carrier.script = (request) =>
      request.to === phone && readAttemptRef(request.reference)?.attempt === 1
        ? { kind: "not_taken", code: "20429", retryAfterMs: 0 }
        : undefined;
    const id = await launch();
    await send();
    expect(await counts(id)).toEqual({ accepted: 20 });
    expect(await messageOf(id, phone)).toMatchObject({ state: "accepted", attempt: 2 });
  });

  test("an unknown text is never sent again by itself", async () => {
    t.carrier.script = () => ({ kind: "unknown", code: "ECONNRESET" });
    const id = await launch();
    await send();
    await send();
    await expireClaims(t.ctx.db.system);
    await send();
    expect(t.carrier.arrivals).toHaveLength(20);
    expect(await counts(id)).toEqual({ unknown: 20 });
  });

  test("an account problem pauses the whole broadcast and says why", async () => {
    t.carrier.script = () => ({ kind: "refused", code: "20003" });
    const id = await launch();
    await send();
    const row = await t.ctx.db.system
      .selectFrom("broadcasts")
      .select(["state", "note"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ state: "paused", note: "运营商账号或密码不对，请平台管理员检查" });
  });
});

describe("what a killed worker leaves", () => {
  test("claimed but not called: pending again when the lease has run out", async () => {
    const id = await launch();
    const { claim } = await claimAs(t, { leaseMs: -1 });
    expect(claim.kind).toBe("chunk");
    expect(await expireClaims(t.ctx.db.system)).toEqual({ released: 20, unknown: 0 });
    await send();
    expect(await counts(id)).toEqual({ accepted: 20 });
    expect(t.carrier.arrivals).toHaveLength(20);
  });

  test("called and not answered: unknown, never pending", async () => {
    const id = await launch();
    const worker = randomUUID();
    const { claim, claimId } = await claimAs(t, { worker, leaseMs: 400 });
    if (claim.kind !== "chunk") throw new Error(claim.kind);
    const begin = (from: number, to: number) => {
      const wanted = claim.messages.slice(from, to).map(({ id }) => ({ id, claim: claimId, again: false }));
      return beginCalls(t.ctx.db.system, worker, wanted);
    };
    expect((await begin(0, 3)).size).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 450));
    // A worker that slept through its lease may not begin any more.
    expect((await begin(5, 6)).size).toBe(0);
    expect(await expireClaims(t.ctx.db.system)).toEqual({ released: 17, unknown: 3 });
    await send();
    expect(await counts(id)).toEqual({ accepted: 17, unknown: 3 });
  });

  test("a gentle stop gives back at once what was not called", async () => {
    const id = await launch();
    const dispatcher = createDispatcher({ ...dispatchDeps(), concurrency: 2 });
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    t.carrier.script = async () => {
      await gate;
      return undefined;
    };
    const running = dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
    while (t.carrier.arrivals.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    setTimeout(release, 50);
    await dispatcher.stop();
    await running;
    const after = await counts(id);
    expect(after).toEqual({ accepted: t.carrier.arrivals.length, pending: 20 - t.carrier.arrivals.length });
    t.carrier.script = () => undefined;
    await send();
    expect(t.carrier.arrivals).toHaveLength(20);
  });
});

describe("doubt is settled by asking the carrier", () => {
  const doubt = async () => {
    t.carrier.script = (request) => (request.to === phoneOf(1) ? { kind: "unknown", code: "ECONNRESET" } : undefined);
    const id = await launch();
    await send();
    t.carrier.script = () => undefined;
    await new Promise((resolve) => setTimeout(resolve, 1050));
    return id;
  };
  const look = () => reconcile(t.ctx.reconcile);

  test("found in the list: bound to it, not sent again", async () => {
    const id = await doubt();
    expect(await look()).toBe(1);
    expect(await messageOf(id, phoneOf(1))).toMatchObject({ state: "sent" });
    await send();
    expect(t.carrier.textsTo(phoneOf(1))).toHaveLength(1);
  });

  test("absent from a list that lags behind: believed by nobody", async () => {
    const id = await doubt();
    t.carrier.listed = [];
    t.carrier.newest = new Date(Date.now() - 60_000);
    await look();
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await look();
    expect((await messageOf(id, phoneOf(1))).state).toBe("unknown");
  });

  test("absent twice from a list that shows later texts: sent again, as a new attempt", async () => {
    const id = await doubt();
    t.carrier.listed = [];
    t.carrier.newest = new Date(Date.now() + 60_000);
    await look();
    expect((await messageOf(id, phoneOf(1))).state).toBe("unknown");
    expect(await look()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await look();
    expect((await messageOf(id, phoneOf(1))).state).toBe("pending");
    await send();
    expect(await messageOf(id, phoneOf(1))).toMatchObject({ state: "accepted", attempt: 2 });
  });

  test("a broadcast that had ended goes on for a text that never left, a canceled one takes it along", async () => {
    for (const canceled of [false, true]) {
      const id = await doubt();
      await inSystemWork(t.ctx.work, (work) => finishBroadcasts(work.tx, t.ctx.channelId, work.now));
      if (canceled)
        await t.ctx.db.system.updateTable("broadcasts").set({ state: "canceled" }).where("id", "=", id).execute();
      t.carrier.listed = [];
      t.carrier.newest = new Date(Date.now() + 60_000);
      await look();
      await new Promise((resolve) => setTimeout(resolve, 1050));
      await look();
      await send();
      expect((await messageOf(id, phoneOf(1))).state).toBe(canceled ? "canceled" : "accepted");
    }
  });

  test("a text that belongs to another attempt never matches", async () => {
    const id = await doubt();
    const other = t.carrier.arrivals.find((a) => a.to === phoneOf(1 + 1));
    const lost = t.carrier.arrivals.find((a) => a.to === phoneOf(1));
    if (!other || !lost) throw new Error("no arrivals");
    t.carrier.listed = [{ ...t.carrier.list(lost), carrierMessageId: other.carrierMessageId }];
    t.carrier.newest = new Date(Date.now() - 60_000);
    await look();
    expect((await messageOf(id, phoneOf(1))).state).toBe("unknown");
  });
});

const dispatchDeps = () => ({
  sending: t.ctx.db.sending,
  carrier: t.carrier,
  sealer: t.ctx.sealer,
  clock: t.clock,
  log: t.ctx.log,
  stopBroadcast: async () => undefined,
  callForHelp: async () => undefined,
});
