import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attachStranger, dismissStranger } from "../../src/inbound/decide-stranger.ts";
import { listStrangers } from "../../src/inbound/strangers.queries.ts";
import { understandInbound } from "../../src/inbound/understand-inbound.ts";
import { DAY, MINUTE } from "../../src/lib/clock.ts";
import type { InboundId, SuggestionId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork, type Work } from "../../src/queue/work.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { assignSuggestion } from "../../src/suggestion/assign-suggestion.ts";
import { describeRelations } from "../../src/suggestion/case-relations.ts";
import { mergeSuggestion } from "../../src/suggestion/merge-suggestion.ts";
import { moveToVillage } from "../../src/suggestion/move-to-village.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { listTimeline } from "../../src/suggestion/timeline.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;
let next = 0;
const somebody = () => villager(t, ++next);

beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 60, township: "wangcun" });
});
afterAll(() => t.stop());

const as = <T>(body: (work: Work) => Promise<T>, actor: Actor = cast.secretary) => inWork(t.ctx.work, actor, body);
const look = async (id: SuggestionId) => {
  const found = await findSuggestion(t.ctx.db.system, id);
  if (!found) throw new Error("no such case");
  return found;
};
const kinds = async (id: SuggestionId) => (await listTimeline(t.ctx.db.system, id)).map((event) => event.kind);
/** Understands what waits, oldest first, as a worker would. */
async function understandAll() {
  for (;;) {
    const waiting = await t.ctx.db.system
      .selectFrom("inbound")
      .select("id")
      .where("understood_at", "is", null)
      .orderBy("id")
      .execute();
    if (waiting.length === 0) return;
    for (const { id } of waiting) await inSystemWork(t.ctx.work, (work) => understandInbound(work, id));
  }
}
const answer = (id: SuggestionId, text: string, actor?: Actor) =>
  as((work) => answerSuggestion(work, id, { resultKind: "solved", text }), actor);

describe("cases of one thing", () => {
  test("of twelve households become one: each is answered once under its own number, and each may rate", async () => {
    const people = Array.from({ length: 12 }, somebody);
    const receipts: string[] = [];
    for (const [i, who] of people.entries()) {
      await who.texts(i % 2 ? "村口路灯坏了几天了" : "村口的路灯坏了");
      receipts.push((await who.reads()).at(-1) ?? "");
    }
    expect(receipts[1]).not.toContain("户反映");
    expect(receipts[11]).toContain("已有12户反映同一问题。");
    const ids = await Promise.all(people.map((who) => who.lastCase()));
    const [main, ...others] = ids as [SuggestionId, ...SuggestionId[]];
    const relations = await as(async (work) => describeRelations(work, await look(main)));
    expect([relations.similar.length, relations.doors]).toEqual([11, 12]);
    const { number } = await look(main);
    for (const id of others) expectOk(await as((work) => mergeSuggestion(work, id, String(number))));
    expect((await people[5]?.reads())?.at(-1)).toContain(`和第${number}件是同一件事，一起办`);

    const cadre = await cast.actor("cadre", "郭三");
    expectOk(await as((work) => assignSuggestion(work, main, "郭三")));
    expectOk(await answer(main, "郭三今天换了灯泡，晚上亮了。", cadre));
    for (const [i, who] of people.entries()) {
      const got = (await who.reads()).filter((text) => text.includes("郭三今天换了灯泡"));
      expect([i, got.length, got[0]?.includes(`编号${(await look(ids[i] as SuggestionId)).number}`)]).toEqual([
        i,
        1,
        true,
      ]);
    }
    await people[3]?.texts("1");
    expect(await look(ids[3] as SuggestionId)).toMatchObject({ state: "merged", rating: 1 });
    expect((await look(main)).state).toBe("answered");
    await people[4]?.texts("4");
    expect(await look(ids[4] as SuggestionId)).toMatchObject({ state: "merged", rating: 4 });
    expect((await look(main)).state).toBe("reopened");
    expect((await people[4]?.reads())?.at(-1)).toContain("已重新办理");
    await people[5]?.texts("村口路灯还是时亮时不亮");
    expect((await kinds(main)).at(-1)).toBe("added");
  });

  test("of one phone get the answer once", async () => {
    const who = somebody();
    await who.texts("老年活动室漏雨，房子要塌了");
    const first = await who.lastCase();
    t.clock.advance(11 * MINUTE);
    await who.texts("三组没水");
    const second = await who.lastCase();
    expectOk(await as((work) => mergeSuggestion(work, second, first)));
    expectOk(await answer(first, "房顶和水管今天都修好了。"));
    expect((await who.reads()).filter((text) => text.includes("今天都修好了"))).toHaveLength(1);
  });

  test("keep the earlier promise, and follow when their main case is merged again", async () => {
    const [a, b, c] = [somebody(), somebody(), somebody()];
    await a.texts("东沟堵了，积水");
    t.clock.advance(DAY);
    await b.texts("东沟堵了，积水");
    await c.texts("东沟积水，下水道堵了");
    const [first, second, third] = [await a.lastCase(), await b.lastCase(), await c.lastCase()] as const;
    const { dueAt } = await look(first);
    expectOk(await as((work) => mergeSuggestion(work, first, second)));
    expect((await look(second)).dueAt).toEqual(dueAt);
    expectOk(await as((work) => mergeSuggestion(work, second, third)));
    expectOk(await answer(third, "东沟今天挖通了。"));
    expect((await a.reads()).at(-1)).toContain("东沟今天挖通了。");
  });

  test("are refused where it makes no sense", async () => {
    const [a, b] = [somebody(), somebody()];
    await a.texts("厕所改造啥时候轮到俺");
    await b.texts("厕所改造啥时候轮到俺");
    const [first, second] = [await a.lastCase(), await b.lastCase()];
    const merge = (id: SuggestionId, into: string) => as((work) => mergeSuggestion(work, id, into));
    for (const into of [first, "99999", "abc", ""]) expect(await merge(first, into)).toMatchObject({ ok: false });
    await t.ctx.db.system
      .updateTable("suggestions")
      .set({ sealed: true, number: 1 })
      .where("id", "=", second)
      .execute();
    expect(await merge(first, second)).toMatchObject({ refusal: { code: "validation_failed" } });
    expect(await merge(second, first)).toMatchObject({ refusal: { code: "not_found" } });
    const relations = await as(async (work) => describeRelations(work, await look(first)));
    expect(relations.similar).toEqual([]);
    const third = somebody();
    await third.texts("厕所改造啥时候轮到俺");
    expect((await third.reads()).at(-1)).not.toContain("户反映");
  });
});

describe("a phone that two villages know", () => {
  test("has its case moved by a person: the other village's number and date, and both keep the story", async () => {
    const other = await givenVillage(t.ctx, { code: "lower", households: 1, firstPhone: 55 });
    const who = villager(t, 55);
    await who.texts("下村那口机井的泵坏了");
    const id = await who.lastCase();
    await who.texts("就是老井旁边那口");
    const { villageId } = await look(id);
    const [from, to] = villageId === cast.village.id ? [cast, other] : [other, cast];
    const nowhere = await as((work) => moveToVillage(work, id, "nowhere"), from.secretary);
    expect(nowhere).toMatchObject({ refusal: { errors: [{ field: "village" }] } });
    expect(await as((work) => moveToVillage(work, id, to.village.code), to.secretary)).toMatchObject({
      refusal: { code: "not_found" },
    });
    const alone = somebody();
    await alone.texts("俺这个号只有一个村知道");
    const single = await alone.lastCase();
    expect(await as((work) => moveToVillage(work, single, "lower"))).toMatchObject({ ok: false });

    expectOk(await as((work) => moveToVillage(work, id, to.village.code), from.secretary));
    await understandAll();
    const moved = await look(await who.lastCase());
    expect(moved).toMatchObject({ villageId: to.village.id, text: "下村那口机井的泵坏了", state: "registered" });
    expect(await look(id)).toMatchObject({ state: "transferred" });
    expect(await kinds(id)).toContain("moved");
    expect(await kinds(moved.id)).toEqual(["opened", "moved_here", "receipt", "added"]);
    expect((await who.reads()).at(-1)).toContain(`您反映的事归${to.village.name}办，编号${moved.number}。`);
    const { rows } = await t.ctx.pools.system.query("select count(*)::int as n from verify_audit()");
    expect(rows[0].n).toBe(0);
  });
});

describe("a phone that no roster knows", () => {
  const stranger = phoneOf(77_000);
  test("is attached to a door, and all it wrote is understood again in its order, with one receipt", async () => {
    const who = villager(t, 0, stranger);
    const supervisor = await givenSupervisor(t.ctx, cast);
    await who.texts("俺是三组老丁家的，路灯坏了");
    t.clock.advance(DAY);
    await who.texts("自来水也停了");
    t.clock.advance(DAY);
    await who.texts("谢谢");
    t.clock.advance(7 * DAY);
    expect(await who.reads()).toEqual([]);
    const waiting = await as(
      (work) => listStrangers(work.tx, { dismissed: false, limit: 9, before: null }),
      supervisor,
    );
    expect(waiting.map((one) => one.body)).toEqual(["谢谢", "自来水也停了", "俺是三组老丁家的，路灯坏了"]);
    expect(await as((work) => listStrangers(work.tx, { dismissed: false, limit: 9, before: null }))).toEqual([]);

    const attach = (wish: { household: string; name: string }) =>
      as((work) => attachStranger(work, t.ctx.sealer, cast.village.id, waiting[0]?.id ?? "", wish), supervisor);
    expect(await attach({ household: "", name: "" })).toMatchObject({
      refusal: { errors: [{ field: "household" }, { field: "name" }] },
    });
    expect(await attach({ household: "1", name: "村民1" })).toMatchObject({ refusal: { errors: [{ field: "name" }] } });
    expectOk(await attach({ household: "丁3", name: "丁老三" }));
    await understandAll();
    const cases = await t.ctx.db.system
      .selectFrom("suggestions")
      .select(["id", "text", "opened_at as openedAt", "due_at as dueAt"])
      .where("phone_hash", "=", t.ctx.sealer.hashPhone(stranger as never))
      .orderBy("number")
      .execute();
    expect(cases.map((one) => one.text)).toEqual(["俺是三组老丁家的，路灯坏了", "自来水也停了"]);
    expect(cases.every((one) => one.openedAt < t.clock.now() && one.dueAt > t.clock.now())).toBe(true);
    expect(await who.reads()).toHaveLength(1);
    expect(await look(cases[0]?.id as SuggestionId)).toMatchObject({ household: "丁3", villager: "丁老三" });
    await who.texts("又想起来一件，垃圾没人清");
    expect(await who.reads()).toHaveLength(2);
    expect(await attach({ household: "丁3", name: "丁老三" })).toMatchObject({ refusal: { code: "not_found" } });
  });

  test("or is nobody's here, for a reason that stays", async () => {
    const who = villager(t, 0, phoneOf(78_000));
    const supervisor = await givenSupervisor(t.ctx, cast, "dudao2");
    const id = await who.texts("是李庄吗，俺找老李");
    const dismiss = (reason: string) => as((work) => dismissStranger(work, cast.village.id, id, reason), supervisor);
    expect(await dismiss(" ")).toMatchObject({ refusal: { errors: [{ field: "reason" }] } });
    expectOk(await dismiss("打电话问过，是外县的"));
    expect(await dismiss("再来一次")).toMatchObject({ refusal: { code: "not_found" } });
    const list = (dismissed: boolean) =>
      as((work) => listStrangers(work.tx, { dismissed, limit: 9, before: null }), supervisor);
    expect((await list(false)).map((one) => one.id)).not.toContain(id);
    expect(await list(true)).toMatchObject([{ id: id as InboundId, dismissedWhy: "打电话问过，是外县的" }]);
  });
});
