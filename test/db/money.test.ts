import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { allowOverBudget } from "../../src/broadcast/allow-over-budget.ts";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { cancelBroadcast, resumeBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { finishBroadcasts } from "../../src/broadcast/sending/send.queries.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { returnBroadcast } from "../../src/broadcast/signing/return-broadcast.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { readBudget } from "../../src/village/budget.queries.ts";
import { setBudget } from "../../src/village/set-budget.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
let township: Actor;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 20, township: "town" });
  township = await givenSupervisor(t.ctx, cast);
});
afterEach(() => t.stop());

const limit = (n: number | null, by = township) =>
  inWork(t.ctx.work, by, async (work) => expectOk(await setBudget(work, cast.village, n)));
const used = async (month = "2026-10-01") => (await readBudget(t.ctx.db.system, cast.village.id, month)).used;
const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
const submitted = async (body = "明天停水。"): Promise<BroadcastId> =>
  expectOk(
    await inWork(t.ctx.work, cast.clerk, (work) =>
      draftBroadcast(work, cast.village, { column: "村务公开", body }, true),
    ),
  );
const stateOf = (id: BroadcastId) =>
  t.ctx.db.system
    .selectFrom("broadcasts")
    .select(["state", "note", "held_for as heldFor", "reserved_segments as reserved"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
const optOut = (n: number) =>
  t.ctx.db.system
    .insertInto("opt_outs")
    .values({
      id: randomUUID(),
      village_id: cast.village.id,
      phone_hash: t.ctx.sealer.hashPhone(phoneOf(n) as never),
      column_id: null,
      source: "villager",
      inbound_id: null,
      at: t.clock.now(),
      ended_at: null,
    })
    .execute();

test("a launch takes what it sends from its month, and without a limit it is counted too", async () => {
  const id = await givenApproved(t.ctx, cast);
  await optOut(3);
  expect(await launch(id)).toBe("launched");
  expect([await used(), (await stateOf(id)).reserved]).toEqual([19, 19]);
  await launch(id);
  expect(await used()).toBe(19);
});

test("two launches in one moment cannot both take the last segments", async () => {
  await limit(30);
  const ids = [await givenApproved(t.ctx, cast, "第一条"), await givenApproved(t.ctx, cast, "第二条")];
  expect((await Promise.all(ids.map(launch))).sort()).toEqual(["held", "launched"]);
  expect(await used()).toBe(20);
  const states = await Promise.all(ids.map(stateOf));
  const held = states.find((one) => one.state === "held");
  expect(held).toMatchObject({
    heldFor: "budget",
    reserved: 0,
    note: "10月的短信额度只剩 10 条，这条通知要 20 条，要乡镇同意才能发",
  });
  const written = await Promise.all(ids.map((id) => countMessages(t.ctx.db.system, id)));
  expect(written.filter((counts) => Object.keys(counts).length > 0)).toEqual([{ pending: 20 }]);
});

test("the first launches of a month, all at once, stay inside it", async () => {
  await limit(60);
  const ids = await Promise.all(["一", "二", "三", "四", "五"].map((body) => givenApproved(t.ctx, cast, body)));
  const results = await Promise.all(ids.map(launch));
  expect(results.filter((one) => one === "launched")).toHaveLength(3);
  expect(await used()).toBe(60);
});

test("over budget is refused at approval, until the township has said yes to this one", async () => {
  await limit(19);
  const id = await submitted();
  const approve = () => inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id));
  expect(await approve()).toMatchObject({ ok: false, refusal: { code: "over_budget" } });
  expectOk(await inWork(t.ctx.work, township, (work) => allowOverBudget(work, id)));
  expectOk(await approve());
  expect(await launch(id)).toBe("launched");
  expect(await used()).toBe(20);
  // For this one only.
  const next = await submitted("第二条");
  const refused = await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, next));
  expect(refused).toMatchObject({ ok: false, refusal: { code: "over_budget" } });
});

test("one that was held for money goes by the township's word, or by itself once there is room", async () => {
  const first = await givenApproved(t.ctx, cast, "第一条");
  const second = await givenApproved(t.ctx, cast, "第二条");
  await limit(10);
  expect([await launch(first), await launch(second)]).toEqual(["held", "held"]);
  const resume = () => inWork(t.ctx.work, cast.clerk, (work) => resumeBroadcast(work, second));
  expect(await resume()).toMatchObject({ ok: false, refusal: { code: "over_budget" } });

  expectOk(await inWork(t.ctx.work, township, (work) => allowOverBudget(work, first)));
  expect(await launch(first)).toBe("launched");
  await send();
  expect(t.carrier.arrivals).toHaveLength(20);

  t.clock.set("2026-11-01T00:00:00+08:00");
  await limit(20);
  expectOk(await resume());
  expect(await launch(second)).toBe("launched");
  expect([await used(), await used("2026-11-01")]).toEqual([20, 20]);
});

test("the month ends at midnight in China", async () => {
  t.clock.set("2026-10-31T23:59:00+08:00");
  await launch(await givenApproved(t.ctx, cast, "月底"));
  t.clock.set("2026-11-01T00:00:00+08:00");
  await launch(await givenApproved(t.ctx, cast, "月初"));
  expect([await used(), await used("2026-11-01")]).toEqual([20, 20]);
});

test("what was canceled or opted out before it left is given back; what the carrier refused is not", async () => {
  const canceled = await givenApproved(t.ctx, cast, "不发了");
  await launch(canceled);
  expectOk(await inWork(t.ctx.work, cast.clerk, (work) => cancelBroadcast(work, canceled)));
  expect(await used()).toBe(0);

  t.carrier.script = (request) => (request.to === phoneOf(1) ? { kind: "refused", code: "21211" } : undefined);
  const id = await givenApproved(t.ctx, cast, "发了");
  await launch(id);
  await optOut(2);
  await send();
  await inSystemWork(t.ctx.work, (work) => finishBroadcasts(work.tx, null, work.now));
  expect([await used(), await stateOf(id)]).toMatchObject([19, { state: "sent", reserved: 19 }]);
});

test("a word that was given goes when the text is sent back, and nobody else may give it", async () => {
  await limit(5);
  const id = await submitted();
  expectOk(await inWork(t.ctx.work, township, (work) => allowOverBudget(work, id)));
  expectOk(await inWork(t.ctx.work, cast.secretary, (work) => returnBroadcast(work, id, "改短些")));
  expectOk(await inWork(t.ctx.work, cast.clerk, (work) => submitBroadcast(work, id)));
  const approved = await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id));
  expect(approved).toMatchObject({ ok: false, refusal: { code: "over_budget" } });
  // A township's hand reaches its own villages only.
  const stranger: Actor = { ...township, villages: [] };
  expect(await inWork(t.ctx.work, stranger, (work) => allowOverBudget(work, id))).toMatchObject({
    ok: false,
    refusal: { code: "not_found" },
  });
});
