import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { understandInbound } from "../../src/inbound/understand-inbound.ts";
import { fromLocal } from "../../src/lib/china-time.ts";
import { DAY } from "../../src/lib/clock.ts";
import type { SuggestionId } from "../../src/lib/ids.ts";
import { mayMove } from "../../src/lib/moves.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { acceptSuggestion } from "../../src/suggestion/accept-suggestion.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { assignSuggestion } from "../../src/suggestion/assign-suggestion.ts";
import { declineSuggestion } from "../../src/suggestion/decline-suggestion.ts";
import { escalateSuggestion } from "../../src/suggestion/escalate-suggestion.ts";
import { extendSuggestion } from "../../src/suggestion/extend-suggestion.ts";
import { noteSuggestion } from "../../src/suggestion/note-suggestion.ts";
import { readPromise } from "../../src/suggestion/promise.ts";
import { closeUnrated } from "../../src/suggestion/rate-suggestion.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { SUGGESTION_MOVES, SUGGESTION_STATES } from "../../src/suggestion/suggestion.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenRoster, givenVillage } from "../support/given.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 5 });
});
afterEach(() => t.stop());

const as = <T>(body: Parameters<typeof inWork<T>>[2]) => inWork(t.ctx.work, cast.secretary, body);
const look = async (id: SuggestionId) => {
  const found = await findSuggestion(t.ctx.db.system, id);
  if (!found) throw new Error("no such case");
  return found;
};
const opened = async () => {
  const who = villager(t, 1);
  await who.texts("俺村西头那口井水有味");
  return { who, id: await who.lastCase() };
};
const answer = (id: SuggestionId, resultKind: string, text: string, plannedFor?: string) =>
  as((work) => answerSuggestion(work, id, { resultKind, text, plannedFor }));

describe("a text becomes a case", () => {
  test("with a number of the village's own, the secretary's name and a date in the receipt", async () => {
    const { who, id } = await opened();
    expect(await who.reads()).toEqual(["【郭家村村委会】已收到，编号1。刘建国书记负责，10月15日前答复您。"]);
    expect(await look(id)).toMatchObject({
      number: 1,
      state: "registered",
      owner: "刘建国",
      dueAt: fromLocal(2026, 10, 15, 24),
    });
    const other = villager(t, 2);
    await other.texts("二组的变压器嗡嗡响");
    expect((await look(await other.lastCase())).number).toBe(2);
  });

  test("once, however often it is understood", async () => {
    const who = villager(t, 1);
    const id = await who.texts("路灯坏了");
    const again = () => inSystemWork(t.ctx.work, (work) => understandInbound(work, id));
    expect(await Promise.all([again(), again(), again()])).toEqual([null, null, null]);
    await t.ctx.db.system.updateTable("inbound").set({ understood_at: null }).where("id", "=", id).execute();
    expect((await Promise.all([again(), again(), again()])).filter(Boolean)).toHaveLength(1);
  });
});

describe("what staff do to it", () => {
  test("the first thing a person does is the response; the receipt is not", async () => {
    const { id } = await opened();
    expect((await look(id)).firstResponseAt).toBeNull();
    t.clock.advance(DAY);
    expectOk(await as((work) => acceptSuggestion(work, id)));
    expect((await look(id)).firstResponseAt).toEqual(t.clock.now());
  });

  test("assigned to a cadre, who may then answer it", async () => {
    const { id, who } = await opened();
    const cadre = await cast.actor("cadre", "郭三");
    expect(await inWork(t.ctx.work, cadre, (work) => acceptSuggestion(work, id))).toMatchObject({
      refusal: { code: "not_found" },
    });
    expectOk(await as((work) => assignSuggestion(work, id, "郭三")));
    const answered = await inWork(t.ctx.work, cadre, (work) =>
      answerSuggestion(work, id, { resultKind: "已解决", text: "郭三今天请人清了井，水化验合格。" }),
    );
    expect(answered.ok).toBe(true);
    expect((await who.reads()).at(-1)).toContain("郭三今天请人清了井");
  });

  test("a note stays with the staff", async () => {
    const { id, who } = await opened();
    expectOk(await as((work) => noteSuggestion(work, id, "去看过，是管子老了")));
    expect(await who.reads()).toHaveLength(1);
  });

  test("extended once, with a reason that is texted, and no further than the village allows", async () => {
    const { id, who } = await opened();
    const extend = (day: number, reason = "施工队下周才能来") =>
      as((work) => extendSuggestion(work, id, { reason, dueAt: fromLocal(2026, 10, day, 24) }));
    expect(await extend(12)).toMatchObject({ refusal: { errors: [{ field: "dueAt" }] } });
    expect(await extend(31)).toMatchObject({
      refusal: { errors: [{ field: "dueAt", message: "最多延到 10月29日（10 个工作日）" }] },
    });
    expect(await extend(22, " ")).toMatchObject({ refusal: { errors: [{ field: "reason" }] } });
    expectOk(await extend(22));
    expect((await who.reads()).at(-1)).toBe(
      "【郭家村村委会】您反映的事（编号1）要多用些时间：施工队下周才能来。改在10月22日前答复您。",
    );
    expect(await extend(25)).toMatchObject({ refusal: { code: "move_not_allowed" } });
  });

  test("declined with the proper channel, which the villager is told", async () => {
    const { id, who } = await opened();
    expectOk(await as((work) => declineSuggestion(work, id, "井水归镇供水站管，电话在公示栏")));
    expect((await who.reads()).at(-1)).toContain("井水归镇供水站管，电话在公示栏。");
    expect(await as((work) => acceptSuggestion(work, id))).toMatchObject({ refusal: { code: "move_not_allowed" } });
  });

  test("a township acts on what has climbed to it, and on nothing else", async () => {
    const { id } = await opened();
    const township = { ...cast.secretary, role: "township" as const, township: null };
    const tryIt = () =>
      inWork(t.ctx.work, township, (work) =>
        answerSuggestion(work, id, { resultKind: "explained", text: "镇里已派人来查。" }),
      );
    expect(await tryIt()).toMatchObject({ refusal: { code: "forbidden" } });
    expectOk(await as((work) => escalateSuggestion(work, id, "要镇里出钱")));
    expect((await tryIt()).ok).toBe(true);
  });
});

describe("an answer", () => {
  test("needs a result, a text that says something, and a date where it is a plan", async () => {
    const { id } = await opened();
    expect(await answer(id, "", "")).toMatchObject({
      refusal: { errors: [{ field: "resultKind" }, { field: "text" }] },
    });
    expect(await answer(id, "solved", "已办结")).toMatchObject({ refusal: { errors: [{ field: "text" }] } });
    expect(await answer(id, "planned", "村里研究了，会修")).toMatchObject({
      refusal: { errors: [{ field: "plannedFor" }] },
    });
    expect(await answer(id, "planned", "会修", "2026-10-01")).toMatchObject({
      refusal: { errors: [{ field: "plannedFor" }] },
    });
    expect(await answer(id, "explained", "长".repeat(600))).toMatchObject({ refusal: { errors: [{ field: "text" }] } });
    expectOk(await answer(id, "planned", "村里研究了，会修", "2026-11-30"));
    expect((await look(id)).plannedFor).toBe("2026-11-30");
  });

  test("that plans says the date, even if whoever wrote it put it only in the field", async () => {
    const { id, who } = await opened();
    expectOk(await answer(id, "planned", "村里研究了，会修", "2026-11-30"));
    expect((await who.reads()).at(-1)).toContain("村里研究了，会修。计划11月30日前办好。");
  });
});

describe("the verdict", () => {
  test("1 or 2 closes; 3 or 4 reopens with a new date, and the villager is told it", async () => {
    for (const [rating, state] of [
      ["1", "closed"],
      ["二", "closed"],
      ["不满意", "reopened"],
      ["还是没人来", "reopened"],
    ] as const) {
      const who = villager(t, 1);
      await who.texts(`第${rating}件事`);
      const id = await who.lastCase();
      expectOk(await answer(id, "solved", "今天派人修好了。"));
      await who.reads();
      await who.texts(rating);
      expect([rating, (await look(id)).state]).toEqual([rating, state]);
    }
  });

  test("counts for the question asked last, and only until it expires", async () => {
    const { id, who } = await opened();
    expectOk(await answer(id, "solved", "今天派人修好了。"));
    await who.reads();
    t.clock.advance(8 * DAY);
    await who.texts("4");
    expect((await look(id)).state).toBe("answered");
    expect(
      await t.ctx.db.system.selectFrom("suggestions").select("number").where("text", "=", "4").execute(),
    ).toHaveLength(1);
  });

  test("is not read before the question has reached the carrier", async () => {
    const { id, who } = await opened();
    expectOk(await answer(id, "solved", "今天派人修好了。"));
    // The answer still waits in our queue: what comes now is about something else.
    t.carrier.script = () => ({ kind: "refused", code: "30007" });
    await who.reads();
    await who.texts("1");
    expect((await look(id)).state).toBe("answered");
  });

  test("of nobody closes the case after the village's time, counted apart", async () => {
    const { id } = await opened();
    expectOk(await answer(id, "solved", "今天派人修好了。"));
    t.clock.advance(6 * DAY);
    expect(await inSystemWork(t.ctx.work, (work) => closeUnrated(work))).toBe(0);
    t.clock.advance(2 * DAY);
    expect(await inSystemWork(t.ctx.work, (work) => closeUnrated(work))).toBe(1);
    expect(await look(id)).toMatchObject({ state: "closed", rating: null });
  });
});

describe("opting out", () => {
  test("is confirmed once, stops notices, and never the answer to one's own case", async () => {
    const { id, who } = await opened();
    await who.texts("退订");
    await who.texts("TD");
    expect((await who.reads()).filter((text) => text.includes("不再给您发通知"))).toHaveLength(1);
    expectOk(await answer(id, "solved", "今天派人修好了。"));
    expect((await who.reads()).at(-1)).toContain("今天派人修好了。");
    await who.texts("恢复");
    expect((await who.reads()).at(-1)).toContain("已恢复给您发通知");
  });

  test("survives a new import of the roster", async () => {
    const who = villager(t, 1);
    await who.texts("退订");
    await givenRoster(t.ctx, cast.clerk, cast.village.id, 5);
    const rows = await t.ctx.db.system.selectFrom("opt_outs").select("ended_at").execute();
    expect(rows).toEqual([{ ended_at: null }]);
  });
});

test("a phone known in two villages belongs to the one that texted it last", async () => {
  const other = await givenVillage(t.ctx, { code: "lower", households: 1 });
  const who = villager(t, 1);
  await who.texts("第一条，还没人给俺发过");
  const first = await look(await who.lastCase());
  await t.ctx.pools.system.query(
    `insert into messages (id, village_id, channel_id, lane, purpose, phone_hash, phone, body, segments, state, created_at, state_at)
     select uuid_v7(), $1, channel_id, lane, purpose, phone_hash, phone, body, segments, 'delivered', now(), now() from messages limit 1`,
    [other.village.id],
  );
  await who.texts("第二条，下村刚给俺发过通知");
  const second = await look(await who.lastCase());
  expect([first.villageId === second.villageId, second.villageId]).toEqual([
    first.villageId === other.village.id,
    other.village.id,
  ]);
});

test("the promise reads as people say it", () => {
  const opened = {
    state: "accepted" as const,
    openedAt: fromLocal(2026, 10, 9, 9),
    dueAt: fromLocal(2026, 10, 15, 24),
    answeredAt: null,
    closedAt: null,
  };
  expect(readPromise(opened, fromLocal(2026, 10, 12, 9))).toMatchObject({
    tone: "wait",
    words: "还剩 3 个工作日",
    due: "周四 10月15日",
  });
  expect(readPromise(opened, fromLocal(2026, 10, 15, 9))).toMatchObject({ tone: "soon", words: "今天到期" });
  expect(readPromise(opened, fromLocal(2026, 10, 17, 9))).toMatchObject({
    tone: "late",
    words: "已超 1 个工作日",
    gone: 1,
  });
});

test("the table of moves is the database's too", async () => {
  const { rows } = await t.ctx.pools.system.query(
    "select pg_get_constraintdef(oid) as def from pg_constraint where conname = 'suggestions_state_check'",
  );
  for (const state of SUGGESTION_STATES) expect(rows[0].def).toContain(`'${state}'`);
  expect(mayMove(SUGGESTION_MOVES, "merged", "closed")).toBe(false);
});
