import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listReplies } from "../../src/broadcast/after-sending/replies.queries.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { countVotes } from "../../src/broadcast/poll/poll.queries.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { storeInbound } from "../../src/inbound/inbound.queries.ts";
import { understandInbound } from "../../src/inbound/understand-inbound.ts";
import { DAY, MINUTE } from "../../src/lib/clock.ts";
import { type InboundId, newId, type SuggestionId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { readAttention } from "../../src/report/report.queries.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { noteSuggestion } from "../../src/suggestion/note-suggestion.ts";
import { readRelations } from "../../src/suggestion/relations.queries.ts";
import { splitSuggestion } from "../../src/suggestion/split-suggestion.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { listTimeline } from "../../src/suggestion/timeline.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenVillage } from "../support/given.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;
let next = 0;
/** Somebody who has not said a word yet. */
const somebody = () => villager(t, ++next);

beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 40 });
});
afterAll(() => t.stop());

const as = <T>(body: Parameters<typeof inWork<T>>[2]) => inWork(t.ctx.work, cast.secretary, body);
const look = async (id: SuggestionId) => {
  const found = await findSuggestion(t.ctx.db.system, id);
  if (!found) throw new Error("no such case");
  return found;
};
const kinds = async (id: SuggestionId) => (await listTimeline(t.ctx.db.system, id)).map((event) => event.kind);
const rule = async (id: InboundId) =>
  await t.ctx.db.system
    .selectFrom("inbound")
    .select(["rule", "why", "suggestion_id as caseId", "about_broadcast_id as about"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
const casesOf = async (who: { phone: string }) =>
  await t.ctx.db.system
    .selectFrom("suggestions")
    .select(["id", "number", "text", "related_to as relatedTo"])
    .where("phone_hash", "=", t.ctx.sealer.hashPhone(who.phone as never))
    .orderBy("id")
    .execute();
const answer = (id: SuggestionId, text: string) =>
  as((work) => answerSuggestion(work, id, { resultKind: "solved", text }));

describe("several texts within minutes", () => {
  test("are one case with one receipt; its text stays what was said first, and every word is kept", async () => {
    const who = somebody();
    await who.texts("书记我反映个事");
    t.clock.advance(MINUTE);
    await who.texts("俺家门口那条沟");
    t.clock.advance(MINUTE);
    const last = await who.texts("一下雨就往屋里倒灌");
    const [one, ...others] = await casesOf(who);
    expect([one?.text, others]).toEqual(["书记我反映个事", []]);
    expect(await kinds(one?.id as SuggestionId)).toEqual(["opened", "receipt", "added", "added"]);
    expect(await who.reads()).toHaveLength(1);
    expect(await rule(last)).toMatchObject({ rule: "joined_burst", caseId: one?.id });
  });

  test("the same words again and again are linked and counted, not listed", async () => {
    const who = somebody();
    for (let i = 0; i < 5; i++) await who.texts("村口的路灯坏了");
    const id = await who.lastCase();
    expect(await kinds(id)).toEqual(["opened", "receipt"]);
    expect(await readRelations(t.ctx.db.system, id)).toMatchObject({ repeats: 4 });
    expect(await who.reads()).toHaveLength(1);
  });

  test("of another thing are another case", async () => {
    const who = somebody();
    await who.texts("村口的路灯坏了");
    await who.texts("俺家自来水也停了");
    expect((await casesOf(who)).map((one) => one.text)).toEqual(["村口的路灯坏了", "俺家自来水也停了"]);
  });
});

describe("an addition", () => {
  test("days later joins the open case, and is told so in one line", async () => {
    const who = somebody();
    await who.texts("三组的变压器老跳闸");
    const id = await who.lastCase();
    t.clock.advance(2 * DAY);
    await who.texts("三组变压器今天又跳闸停电了");
    expect(await kinds(id)).toEqual(["opened", "receipt", "added", "receipt"]);
    expect((await who.reads()).at(-1)).toBe(`【郭家村村委会】已补充到第${(await look(id)).number}件，办的人会看到。`);
  });

  test("after the answer opens nothing and is lost on nobody", async () => {
    const who = somebody();
    await who.texts("南街的垃圾没人清");
    const id = await who.lastCase();
    expectOk(await answer(id, "今天保洁队清走了两车。"));
    await who.reads();
    t.clock.advance(DAY);
    await who.texts("南街垃圾又堆起来了，请再来看看");
    expect(await look(id)).toMatchObject({ state: "answered" });
    expect(await kinds(id)).toEqual(["opened", "receipt", "answered", "added_after_answer", "receipt"]);
    const attention = () =>
      inWork(t.ctx.work, cast.secretary, (work) =>
        readAttention(work.tx, cast.village.id, cast.secretary.id, work.now),
      );
    expect((await attention()).unheeded.map((one) => one.id)).toEqual([id]);
    expect(await readRelations(t.ctx.db.system, id)).toMatchObject({ unheeded: 1 });
    await inWork(t.ctx.work, cast.secretary, (work) => noteSuggestion(work, id, "打过电话了"));
    expect((await attention()).unheeded).toEqual([]);
    expect(await casesOf(who)).toHaveLength(1);
  });

  test("that names a case of another household is a new case", async () => {
    const owner = somebody();
    await owner.texts("北坡的机井不出水");
    const { number } = await look(await owner.lastCase());
    const other = somebody();
    const named = await other.texts(`第${number}件怎么样了，俺也等着浇地`);
    expect((await rule(named)).rule).not.toMatch(/joined/);
    expect(await casesOf(other)).toHaveLength(1);
  });

  test("that may belong to an earlier case says so to the staff", async () => {
    const who = somebody();
    await who.texts("村东头的路灯坏了");
    t.clock.advance(DAY);
    const text = await who.texts("村西头的路灯坏了");
    const [first, second] = await casesOf(who);
    expect(second?.relatedTo).toBe(first?.id);
    expect((await rule(text)).why).toContain(`可能与第 ${first?.number} 件有关`);
  });

  test("never makes more than a few texts of ours in an hour", async () => {
    const who = somebody();
    await who.texts("西坡的桥栏杆断了");
    t.clock.advance(DAY);
    for (let i = 0; i < 12; i++) {
      t.clock.advance(11 * MINUTE);
      await who.texts(`西坡桥栏杆断了第${"一二三四五六七八九"[i % 9]}回说了`);
    }
    const sent = await t.ctx.db.system
      .selectFrom("messages")
      .select("created_at")
      .where("phone_hash", "=", t.ctx.sealer.hashPhone(who.phone as never))
      .execute();
    expect(sent.length).toBeLessThan(13);
    expect(await casesOf(who)).toHaveLength(1);
  });
});

describe("a reply to a notice", () => {
  test("is linked to it for three days, on the text, the case and the notice; 收到 is counted apart", async () => {
    const [writer, polite, late] = [somebody(), somebody(), somebody()];
    const notice = await givenApproved(t.ctx, cast, "周五上午统一浇地，请各户到村委登记。");
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, notice));
    await writer.reads();
    const text = await writer.texts("俺家三亩地浇地排到几点");
    await polite.texts("收到");
    expect((await rule(text)).about).toBe(notice);
    const replies = await listReplies(t.ctx.db.app, notice);
    expect(replies).toMatchObject({ doors: 0 });
    const seen = await as((work) => listReplies(work.tx, notice));
    expect(seen).toMatchObject({
      doors: 2,
      polite: 1,
      said: [{ body: "俺家三亩地浇地排到几点", caseId: (await rule(text)).caseId }],
    });
    // A village that writes much is read page by page, nobody twice.
    await t.ctx.pools.system.query(
      `insert into inbound (id, channel_id, carrier, carrier_message_id, from_hash, from_phone, raw, body, received_at,
                            village_id, household_id, meaning, understood_at, about_broadcast_id)
       select uuid_v7(), channel_id, carrier, 'again ' || n, from_hash, from_phone, raw, '第' || n || '封', received_at,
              village_id, household_id, meaning, understood_at, about_broadcast_id
         from inbound cross join generate_series(1, 40) n where id = $1`,
      [text],
    );
    const newest = await as((work) => listReplies(work.tx, notice));
    const older = await as((work) => listReplies(work.tx, notice, newest.older));
    expect([newest.said.length, older.said.length, older.older]).toEqual([30, 11, null]);
    expect(new Set([...newest.said, ...older.said].map((one) => one.body)).size).toBe(41);
    const relations = await readRelations(t.ctx.db.system, await writer.lastCase());
    expect(relations.about).toMatchObject({ id: notice });
    t.clock.advance(73 * 60 * MINUTE);
    expect((await rule(await late.texts("俺家的低保咋办"))).about).toBeNull();
  });
});

test("a bare vote is counted with its poll, and nobody is shown by name with it", async () => {
  const [bare, wordy] = [somebody(), somebody()];
  const asked = { column: "村务公开", body: "井台铺砖吗？", kind: "poll" as const, options: ["铺", "不铺"] };
  const poll = expectOk(
    await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, asked, true)),
  );
  expectOk(await as((work) => approveBroadcast(work, poll)));
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, poll));
  for (const one of [bare, wordy]) await one.reads();
  await bare.texts("1");
  await wordy.texts("1，越快越好，冬天滑");
  const seen = await as(async (work) => [await countVotes(work.tx, poll), await listReplies(work.tx, poll)]);
  expect(seen).toMatchObject([[{ votes: 2 }, { votes: 0 }], { doors: 1, said: [{ body: "1，越快越好，冬天滑" }] }]);
});

describe("one text that says two things", () => {
  test("is split by a person: an own number, the date from when it was said, and a receipt that names the part", async () => {
    const who = somebody();
    await who.texts("1.村口的路灯坏了 2.三组自来水停了");
    const id = await who.lastCase();
    t.clock.advance(2 * DAY);
    const made = expectOk(await as((work) => splitSuggestion(work, id, "三组自来水停了")));
    const [first, second] = await casesOf(who);
    expect([first?.text, second?.text]).toEqual(["1.村口的路灯坏了 2.三组自来水停了", "三组自来水停了"]);
    const [before, after] = [await look(id), await look(made.id)];
    expect([after.openedAt, after.dueAt]).toEqual([before.openedAt, before.dueAt]);
    expect(after.number).toBe(before.number + 1);
    expect((await who.reads()).at(-1)).toContain(`您来信里“三组自来水停了”另记为编号${after.number}。`);
    expect(await kinds(id)).toContain("split");
    expect(await kinds(made.id)).toEqual(["opened", "receipt", "split_from"]);
    for (const part of ["", "别的话", "1.村口的路灯坏了 2.三组自来水停了"]) {
      expect(await as((work) => splitSuggestion(work, id, part))).toMatchObject({
        refusal: { errors: [{ field: "part" }] },
      });
    }
  });
});

describe("strange text", () => {
  test.each([
    ["1,600 characters", "路".repeat(1600)],
    ["right-to-left marks", "\u202e村口路灯坏了\u202c"],
    ["zero-width joiners", "路\u200d灯\u200b坏\ufeff了"],
    ["nothing that folds", "？！。…"],
  ])("of %s is understood in no time", async (_, body) => {
    const who = somebody();
    const started = performance.now();
    await who.texts(body);
    await who.texts(body);
    expect(performance.now() - started).toBeLessThan(3000);
    expect((await casesOf(who)).length).toBeLessThan(2);
  });

  test("brought by two webhooks at once is one text", async () => {
    const who = somebody();
    const text = {
      channelId: t.ctx.channelId,
      carrier: "simulator",
      carrierMessageId: newId(),
      fromHash: t.ctx.sealer.hashPhone(who.phone as never),
      fromPhone: t.ctx.sealer.phone(who.phone as never),
      raw: Buffer.from(""),
      body: "桥面塌了一块",
      receivedAt: t.clock.now(),
      backfilled: false,
    };
    const stored = (await Promise.all([1, 2, 3].map(() => storeInbound(t.ctx.db.system, [text])))).flat();
    const [id, ...twins] = stored.filter((one) => one !== null);
    expect(twins).toEqual([]);
    const twice = [1, 2].map(() => inSystemWork(t.ctx.work, (work) => understandInbound(work, id as InboundId)));
    expect((await Promise.all(twice)).filter(Boolean)).toHaveLength(1);
    expect(await casesOf(who)).toHaveLength(1);
  });
});
