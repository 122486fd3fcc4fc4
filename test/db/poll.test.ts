import { afterEach, beforeEach, expect, test } from "vitest";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import type { DraftWish } from "../../src/broadcast/check-draft.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { closePolls } from "../../src/broadcast/poll/close-polls.ts";
import { countVotes } from "../../src/broadcast/poll/poll.queries.ts";
import { pauseBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { finishBroadcasts } from "../../src/broadcast/sending/send.queries.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { takeVote } from "../../src/inbound/take-vote.ts";
import { DAY, HOUR, after as later } from "../../src/lib/clock.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { openQuestions } from "../../src/suggestion/question.queries.ts";
import { claimAs } from "../support/claims.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";
import { whenHeard } from "../support/when-heard.ts";

let t: TestContext;
let cast: Cast;
beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 4 });
});
afterEach(() => t.stop());

const QUESTION = {
  column: "村务公开",
  body: "小广场铺砖吗？",
  kind: "poll",
  options: ["同意", "不同意", "弃权"],
} as const;
const hashOf = (n: number) => t.ctx.sealer.hashPhone(phoneOf(n) as never);
const open = (n: number) => openQuestions(t.ctx.db.system, hashOf(n), t.clock.now());
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
async function launched(more: Partial<DraftWish> = {}): Promise<BroadcastId> {
  const wish = { ...QUESTION, ...more };
  const id = expectOk(await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true)));
  expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id)));
  expect(await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id))).toBe("launched");
  return id;
}
const votes = async (n: number, option: number) =>
  await whenHeard(t, n, String(option), "poll", async (work, hearing) => {
    const question = hearing.questions.findIndex((one) => one.kind === "poll");
    return await takeVote(work, hearing, { meaning: "poll", why: "", option, question });
  });
const result = async (id: BroadcastId) => (await countVotes(t.ctx.db.system, id))?.map(({ votes }) => votes);

test("a poll asks with its digits, and is open to a phone once the carrier has its text", async () => {
  const id = await launched();
  expect(await open(1)).toEqual([]);
  await send();
  expect(t.carrier.textsTo(phoneOf(1))).toEqual(["【郭家村村委会】小广场铺砖吗？\n回数字：1同意 2不同意 3弃权"]);
  expect(await open(1)).toEqual([
    {
      id: null,
      command: null,
      kind: "poll",
      villageId: cast.village.id,
      suggestionId: null,
      broadcastId: id,
      options: ["同意", "不同意", "弃权"],
    },
  ]);
  expect(await open(99)).toEqual([]);
});

test("one vote a phone, the last one counts, until it closes", async () => {
  const id = await launched({ closesAt: later(t.clock.now(), DAY) });
  await send();
  expect((await votes(1, 2)).detail).toEqual({ option: 2, broadcastId: id });
  await votes(1, 1);
  await votes(2, 1);
  await votes(3, 3);
  expect(await result(id)).toEqual([2, 0, 1]);
  t.clock.advance(DAY);
  expect(await open(1)).toEqual([]);
  expect((await votes(3, 1)).detail).toBeNull();
  expect(await result(id)).toEqual([2, 0, 1]);
});

test.each(["sending", "paused"])(
  "whoever has not been asked when it closes is not asked any more: %s",
  async (state) => {
    const id = await launched({ closesAt: later(t.clock.now(), HOUR) });
    if (state === "paused") expectOk(await inWork(t.ctx.work, cast.secretary, (work) => pauseBroadcast(work, id)));
    else await claimAs(t, { max: 1, begin: 1 });
    const close = () => inSystemWork(t.ctx.work, closePolls);
    t.clock.advance(HOUR - 1);
    expect(await close()).toBe(0);
    t.clock.advance(1);
    expect([await close(), await close()]).toEqual([1, 0]);
    await send();
    expect(t.carrier.arrivals).toEqual([]);
    const rows = await t.ctx.db.system.selectFrom("messages").select(["state", "reason"]).execute();
    expect(rows.filter((row) => row.state === "canceled" && row.reason === "closed")).toHaveLength(
      state === "paused" ? 4 : 3,
    );
    await inSystemWork(t.ctx.work, (work) => finishBroadcasts(work.tx, null, work.now));
    // One text is on its way still; a poll that was paused is over.
    expect((await findBroadcast(t.ctx.db.system, id))?.state).toBe(state === "paused" ? "sent" : "sending");
  },
);

test("without a word about it a poll closes 72 hours after its launch", async () => {
  const id = await launched();
  await send();
  t.clock.advance(72 * HOUR - 1);
  await votes(1, 1);
  t.clock.advance(1);
  await votes(2, 1);
  expect(await result(id)).toEqual([1, 0, 0]);
});

test("of two polls the one that was taken last stands first, and an option that is not there is no vote", async () => {
  const first = await launched();
  await send();
  t.clock.advance(HOUR);
  const second = await launched({ options: ["红砖", "青砖"], body: "铺什么砖？" });
  await send();
  expect((await open(1)).map((one) => one.broadcastId)).toEqual([second, first]);
  await votes(1, 3);
  expect([await result(first), await result(second)]).toEqual([
    [0, 0, 0],
    [0, 0],
  ]);
});

test("texts understood late count in the order in which they came", async () => {
  const id = await launched();
  await send();
  t.clock.advance(HOUR);
  await votes(1, 1);
  t.clock.set(later(t.clock.now(), -HOUR / 2).toISOString());
  await votes(1, 3);
  expect(await result(id)).toEqual([1, 0, 0]);
});

test("options and an end belong to polls, and a poll needs them", async () => {
  const draft = (wish: DraftWish) =>
    inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true));
  const { options: _, ...bare } = QUESTION;
  for (const wish of [bare, { ...QUESTION, kind: "notice" as const }, { ...QUESTION, options: ["同意"] }]) {
    expect(await draft(wish)).toMatchObject({ ok: false, refusal: { code: "validation_failed" } });
  }
  const asked = expectOk(await draft({ ...QUESTION, repeatAnyway: true }));
  const cut = t.ctx.db.system
    .updateTable("broadcasts")
    .set({ options: ["同意"] })
    .where("id", "=", asked)
    .execute();
  await expect(cut).rejects.toThrow(/check constraint/);
  expect(await draft({ ...QUESTION, closesAt: t.clock.now() })).toMatchObject({
    ok: false,
    refusal: { errors: [{ field: "closesAt" }] },
  });
});
