import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { listEvents } from "../../src/broadcast/events.queries.ts";
import { cancelBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { resendDoubts, surrenderDoubts } from "../../src/broadcast/sending/decide-doubts.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { finishBroadcasts } from "../../src/broadcast/sending/send.queries.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { describeHistory } from "../../src/broadcast/signing/history.ts";
import type { BroadcastId, MessageId } from "../../src/lib/ids.ts";
import { countDoubts } from "../../src/message/doubts.queries.ts";
import type { DoubtDecision } from "../../src/message/doubts.ts";
import type { ReportState } from "../../src/message/message.ts";
import { inquire, reconcile } from "../../src/message/reconcile.ts";
import { beginCalls, recordResults } from "../../src/message/record.queries.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { claimAs } from "../support/claims.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 6 });
});
afterEach(() => t.stop());

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
const finish = () => inSystemWork(t.ctx.work, (work) => finishBroadcasts(work.tx, t.ctx.channelId, work.now));
const counts = (id: BroadcastId) => countMessages(t.ctx.db.system, id);
const stateOf = async (id: BroadcastId) =>
  (await t.ctx.db.system.selectFrom("broadcasts").select("state").where("id", "=", id).executeTakeFirstOrThrow()).state;
const loseAnswersTo = (...doors: number[]) => {
  t.carrier.script = (request) =>
    doors.some((door) => request.to === phoneOf(door)) ? { kind: "unknown", code: "ECONNRESET" } : undefined;
};
const messageTo = async (id: BroadcastId, door: number) =>
  await t.ctx.db.system
    .selectFrom("messages")
    .selectAll()
    .where("broadcast_id", "=", id)
    .where("phone_hash", "=", t.ctx.sealer.hashPhone(phoneOf(door) as never))
    .executeTakeFirstOrThrow();
const attemptsOf = async (messageId: MessageId) =>
  await t.ctx.db.system
    .selectFrom("attempts")
    .select(["attempt", "outcome", "code"])
    .where("message_id", "=", messageId)
    .orderBy("attempt")
    .execute();
const report = (messageId: MessageId, state: ReportState, attempt = 1) =>
  t.ctx.reports.take({
    channelId: t.ctx.channelId,
    messageId,
    attempt,
    carrierMessageId: `SM-${messageId}-${attempt}`,
    word: state,
    state,
    code: null,
    fields: {},
  });
const ALL: DoubtDecision = { seen: null, acceptRepeats: true };
const resend = (id: BroadcastId, decision = ALL) =>
  inWork(t.ctx.work, cast.clerk, (work) => resendDoubts(work, id, decision));
const surrender = (id: BroadcastId, decision = ALL) =>
  inWork(t.ctx.work, cast.clerk, (work) => surrenderDoubts(work, id, decision));
/** A notice that has been sent, of which the answers for these doors were lost. */
async function doubtful(...doors: number[]): Promise<BroadcastId> {
  loseAnswersTo(...doors);
  const id = await givenApproved(t.ctx, cast);
  await launch(id);
  await send();
  await finish();
  expect([await stateOf(id), (await counts(id)).unknown]).toEqual(["sent", doors.length]);
  t.carrier.script = () => undefined;
  return id;
}

describe("sending again at a person's word", () => {
  test("goes on with a notice that was sent, as a new attempt, and is written down", async () => {
    const id = await doubtful(1, 2);
    expectOk(await resend(id));
    expect(await stateOf(id)).toBe("sending");
    await send();
    await finish();
    expect([await stateOf(id), await counts(id)]).toEqual(["sent", { accepted: 6 }]);
    expect(t.carrier.textsTo(phoneOf(1))).toHaveLength(2);
    expect(t.carrier.textsTo(phoneOf(3))).toHaveLength(1);
    const message = await messageTo(id, 1);
    expect(message.attempt).toBe(2);
    expect(await attemptsOf(message.id)).toEqual([
      { attempt: 1, outcome: "resent", code: "by_person" },
      { attempt: 2, outcome: "accepted", code: null },
    ]);
    const [events, audits] = await inWork(t.ctx.work, cast.secretary, async (work) => [
      await work.tx.selectFrom("broadcast_events").select(["kind", "actor_id", "note"]).orderBy("id", "desc").execute(),
      await work.tx.selectFrom("audit_log").select(["actor_id", "detail"]).where("action", "like", "%resent").execute(),
    ]);
    expect(events).toContainEqual({ kind: "resent", actor_id: cast.clerk.id, note: "2 条，有的人可能收到两遍" });
    expect(audits).toEqual([{ actor_id: cast.clerk.id, detail: { texts: 2 } }]);
  });

  test("needs the word that some may get it twice", async () => {
    const id = await doubtful(1);
    expect(await resend(id, { seen: null, acceptRepeats: false })).toMatchObject({
      refusal: { code: "validation_failed", errors: [{ field: "acceptRepeats" }] },
    });
    expect(await counts(id)).toMatchObject({ unknown: 1 });
  });

  test("is not for a notice that was canceled", async () => {
    loseAnswersTo(1);
    const id = await givenApproved(t.ctx, cast);
    await launch(id);
    await send();
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => cancelBroadcast(work, id)));
    expect(await resend(id)).toMatchObject({ refusal: { code: "move_not_allowed" } });
    expectOk(await surrender(id));
    expect(await counts(id)).toEqual({ accepted: 5, failed: 1 });
  });

  test("twice at once queues a text once", async () => {
    const id = await doubtful(1, 2, 3);
    const both = await Promise.all([resend(id), resend(id), surrender(id)]);
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    await send();
    for (const door of [1, 2, 3]) expect(t.carrier.textsTo(phoneOf(door)).length).toBeLessThanOrEqual(2);
    const { rows } = await t.ctx.pools.system.query("select max(attempt)::int as most from messages");
    expect(rows[0].most).toBeLessThanOrEqual(2);
  });

  test("is about the doubts that the person saw, not about those that came after", async () => {
    const id = await doubtful(1);
    const { newest } = await countDoubts(t.ctx.db.system, { broadcastId: id });
    const decision = { seen: newest, acceptRepeats: true };
    loseAnswersTo(1);
    expectOk(await resend(id, decision));
    await send();
    expect(await counts(id)).toMatchObject({ unknown: 1 });
    expect(await resend(id, decision)).toMatchObject({ refusal: { code: "move_not_allowed" } });
    expect(await surrender(id, decision)).toMatchObject({ refusal: { code: "move_not_allowed" } });
    expect(t.carrier.textsTo(phoneOf(1))).toHaveLength(2);
  });

  test("is never begun when the callback has settled it", async () => {
    const id = await doubtful(1, 2);
    const [one, two] = [await messageTo(id, 1), await messageTo(id, 2)];
    expectOk(await resend(id));
    await report(one.id, "delivered");
    const worker = randomUUID();
    const { claim, claimId } = await claimAs(t, { worker });
    if (claim.kind !== "chunk") throw new Error(claim.kind);
    expect(claim.messages.map((message) => message.id)).toEqual([two.id]);
    await report(two.id, "sent");
    expect((await beginCalls(t.ctx.db.system, worker, [{ id: two.id, claim: claimId, again: false }])).size).toBe(0);
    expect([(await messageTo(id, 1)).state, (await messageTo(id, 2)).state]).toEqual(["delivered", "sent"]);
    expect(t.carrier.textsTo(phoneOf(1))).toHaveLength(1);
    expect(await attemptsOf(one.id)).toEqual([{ attempt: 1, outcome: "accepted", code: "by_person" }]);
  });

  test("leaves alone what the carrier is settling at this very moment", async () => {
    const id = await doubtful(1, 2);
    const { id: busy } = await messageTo(id, 1);
    let over: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      over = resolve;
    });
    const holding = t.ctx.db.system.transaction().execute(async (tx) => {
      await tx.updateTable("messages").set({ state: "delivered" }).where("id", "=", busy).execute();
      await gate;
    });
    await wait(50);
    expectOk(await resend(id));
    over();
    await holding;
    expect([(await messageTo(id, 1)).state, (await messageTo(id, 2)).state]).toEqual(["delivered", "pending"]);
  });

  test("yields to a worker that was away and comes back with the carrier's answer", async () => {
    const id = await doubtful(1, 2, 3);
    const doors = [await messageTo(id, 1), await messageTo(id, 2)];
    expectOk(await resend(id));
    await recordResults(
      t.ctx.db.system,
      doors.map((message, i) => ({
        messageId: message.id,
        villageId: message.village_id,
        channelId: message.channel_id,
        attempt: 1,
        calledAt: new Date().toISOString(),
        outcome: i === 0 ? ("accepted" as const) : ("refused" as const),
        code: i === 0 ? null : "30007",
        carrierMessageId: i === 0 ? "SM-late" : null,
        retryMs: 0,
      })),
    );
    await send();
    expect(await counts(id)).toEqual({ accepted: 5, failed: 1 });
    expect([1, 2, 3].map((door) => t.carrier.textsTo(phoneOf(door)).length)).toEqual([1, 1, 2]);
  });
});

describe("leaving it", () => {
  test("counts the texts as failed, and nobody asks or sends any more", async () => {
    const id = await doubtful(1);
    expectOk(await surrender(id));
    const message = await messageTo(id, 1);
    expect(message).toMatchObject({ state: "failed", reason: "given_up" });
    expect(await attemptsOf(message.id)).toEqual([{ attempt: 1, outcome: "given_up", code: "by_person" }]);
    await wait(1050);
    expect(await reconcile(t.ctx.reconcile)).toBe(0);
    await send();
    expect(t.carrier.textsTo(phoneOf(1))).toHaveLength(1);
    expect(await surrender(id)).toMatchObject({ refusal: { code: "move_not_allowed" } });
  });

  test.each<ReportState>(["accepted", "sent", "failed", "undelivered", "delivered"])(
    "counts less than what the carrier says later: %s",
    async (state) => {
      const id = await doubtful(1);
      expectOk(await surrender(id));
      await report((await messageTo(id, 1)).id, state);
      expect((await messageTo(id, 1)).state).toBe(state);
      expect((await messageTo(id, 1)).reason).not.toBe("given_up");
    },
  );
});

describe("asking the carrier at once", () => {
  test("settles what its list shows, and says so", async () => {
    const id = await doubtful(1, 2);
    t.carrier.findSent = async (to) =>
      t.carrier.arrivals.filter((one) => one.to === to && to === phoneOf(1)).map((one) => t.carrier.list(one));
    t.carrier.newest = new Date(Date.now() - 60_000);
    expect(await inquire(t.ctx.reconcile, { broadcastId: id })).toEqual({
      asked: 2,
      settled: 1,
      neverTaken: 0,
      open: 1,
      unanswered: 0,
    });
    expect(await counts(id)).toEqual({ accepted: 4, sent: 1, unknown: 1 });
  });

  test("again and again proves no absence sooner than two look-ups apart would", async () => {
    const id = await doubtful(1);
    t.carrier.listed = [];
    t.carrier.newest = new Date(Date.now() + 60_000);
    const of = { broadcastId: id };
    for (let i = 0; i < 4; i++) expect(await inquire(t.ctx.reconcile, of)).toMatchObject({ asked: 1, open: 1 });
    expect((await counts(id)).unknown).toBe(1);
    await wait(1050);
    expect(await inquire(t.ctx.reconcile, of)).toMatchObject({ asked: 1, neverTaken: 1 });
    await send();
    expect(await messageTo(id, 1)).toMatchObject({ state: "accepted", attempt: 2 });
  });

  test("says that the carrier did not answer", async () => {
    const id = await doubtful(1);
    t.carrier.findSent = async () => {
      throw new Error("away");
    };
    expect(await inquire(t.ctx.reconcile, { broadcastId: id })).toMatchObject({ asked: 1, unanswered: 1 });
    expect((await counts(id)).unknown).toBe(1);
  });

  test("asks about nobody else's texts", async () => {
    await doubtful(1);
    const other = await givenApproved(t.ctx, cast);
    expect(await inquire(t.ctx.reconcile, { broadcastId: other })).toMatchObject({ asked: 0 });
  });
});

describe("an emergency", () => {
  const emergency = async (more: object) => {
    const wish = { column: "村务公开", body: "山洪预警，请马上到小学集合。", kind: "emergency" as const, ...more };
    const drafted = await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true));
    const id = expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, expectOk(drafted))));
    await launch(id);
    return id;
  };

  test.each([
    [true, 2, { accepted: 6 }],
    [false, 1, { accepted: 5, unknown: 1 }],
  ])(
    "at least once (%s): after two look-ups in vain its text has left %i time(s)",
    async (atLeastOnce, times, ends) => {
      loseAnswersTo(1);
      const id = await emergency({ atLeastOnce });
      await send();
      await finish();
      t.carrier.script = () => undefined;
      t.carrier.listed = [];
      t.carrier.newest = new Date(Date.now() - 60_000);
      await wait(1050);
      expect(await reconcile(t.ctx.reconcile)).toBe(1);
      // A person's impatience is no second look-up.
      for (let i = 0; i < 3; i++) await inquire(t.ctx.reconcile, { broadcastId: id });
      expect((await counts(id)).unknown).toBe(1);
      await wait(1050);
      expect(await reconcile(t.ctx.reconcile)).toBe(1);
      await send();
      expect([t.carrier.textsTo(phoneOf(1)).length, await counts(id)]).toEqual([times, ends]);
      const [first] = await attemptsOf((await messageTo(id, 1)).id);
      expect(first).toMatchObject(
        atLeastOnce ? { outcome: "resent", code: "at_least_once" } : { outcome: "unknown", code: "ECONNRESET" },
      );
      // What the service decides by itself is written down as what a person decides.
      const itself = (await listEvents(t.ctx.db.system, id)).filter(({ kind }) => kind === "resent_itself");
      expect(itself).toMatchObject(atLeastOnce ? [{ actor: null, note: "1 条" }] : []);
      const metrics = await t.ctx.metrics.registry.metrics();
      expect(metrics).toContain(`cunwu_automatic_resends_total ${atLeastOnce ? 1 : 0}`);
    },
  );

  test("that goes out again in several rounds says so in one line of its history, with the sum", async () => {
    loseAnswersTo(1, 2, 3);
    const id = await emergency({ atLeastOnce: true });
    await send();
    t.carrier.listed = [];
    t.carrier.newest = null;
    await t.ctx.pools.system.query("update attempts set asked_at = now() - interval '1 hour', look_ups = 1");
    const [one, two, three] = await Promise.all([1, 2, 3].map((door) => messageTo(id, door)));
    const askAbout = async (...ids: (MessageId | undefined)[]) => {
      await t.ctx.pools.system.query(
        "update attempts set asked_at = case when message_id = any ($1) then now() - interval '1 hour' else now() end",
        [ids],
      );
      await reconcile(t.ctx.reconcile);
    };
    await askAbout(one?.id, two?.id);
    await askAbout(three?.id);
    const history = describeHistory(await listEvents(t.ctx.db.system, id));
    expect(history.at(-1)).toMatchObject({ who: "", what: "自动重发结果不明的" });
    expect(history.filter(({ what }) => what.startsWith("自动")).map(({ note }) => note)).toEqual([
      "3 条，紧急通知宁可收到两遍，不能收不到",
    ]);
  });

  test("goes before everything else, and to those who wanted no notices", async () => {
    const phone = t.ctx.sealer.hashPhone(phoneOf(2) as never);
    const optOut = { id: randomUUID(), village_id: cast.village.id, phone_hash: phone, column_id: null };
    await t.ctx.db.system
      .insertInto("opt_outs")
      .values({ ...optOut, source: "villager", inbound_id: null, at: t.clock.now(), ended_at: null })
      .execute();
    const id = await emergency({});
    const rows = await t.ctx.db.system.selectFrom("messages").select("lane").where("broadcast_id", "=", id).execute();
    expect(rows.map((row) => row.lane)).toEqual([0, 0, 0, 0, 0, 0]);
    await send();
    expect(t.carrier.textsTo(phoneOf(2))).toHaveLength(1);
  });

  test("alone may be sent at least once", async () => {
    const wish = { column: "村务公开", body: "好", atLeastOnce: true };
    expect(
      await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true)),
    ).toMatchObject({ refusal: { code: "validation_failed", errors: [{ field: "atLeastOnce" }] } });
  });
});
