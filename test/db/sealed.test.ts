import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asActor } from "../../src/db/tenancy.ts";
import { DAY, HOUR } from "../../src/lib/clock.ts";
import type { SuggestionId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { sealSuggestion } from "../../src/suggestion/seal-suggestion.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { hears } from "../support/hears.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;
let overseer: Actor;
let township: Actor;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 6, township: "town" });
  overseer = await cast.actor("overseer", "郭长顺", phoneOf(904));
  township = await givenSupervisor(t.ctx, cast);
});
afterEach(() => t.stop());

const sees = (actor: Actor, id: SuggestionId) =>
  asActor(t.ctx.db.app, actor, async (tx) => ({
    cases: (await tx.selectFrom("suggestions").select("id").where("id", "=", id).execute()).length,
    events: (await tx.selectFrom("suggestion_events").select("id").where("suggestion_id", "=", id).execute()).length,
    texts: (await tx.selectFrom("messages").select("id").where("suggestion_id", "=", id).execute()).length,
    words: (await tx.selectFrom("inbound").select("id").where("suggestion_id", "=", id).execute()).length,
    questions: (await tx.selectFrom("questions").select("id").where("suggestion_id", "=", id).execute()).length,
  }));
const NOTHING = { cases: 0, events: 0, texts: 0, words: 0, questions: 0 };
const look = async (id: SuggestionId) => {
  const found = await findSuggestion(t.ctx.db.system, id);
  if (!found) throw new Error("no such case");
  return found;
};
const accusing = async (n: number, words: string, accused: readonly string[] = []) => {
  await hears(t, n, words, { meaning: "sealed", why: "", accused });
  return await villager(t, n).lastCase();
};

describe("a sealed text", () => {
  test("goes to the overseer and the township; the receipt says who reads it", async () => {
    const who = villager(t, 1);
    await who.texts("密：书记把救济粮分给他自家亲戚");
    const id = await who.lastCase();
    expect(await who.reads()).toEqual([
      "【郭家村村委会】已收到，编号密1。只有村监会郭长顺和town能看，村委会看不到。10月15日前答复您。",
    ]);
    expect(await look(id)).toMatchObject({ sealed: true, number: 1, owner: "郭长顺", nature: "report" });
    expect(t.carrier.textsTo(phoneOf(904))).toEqual([
      "【郭家村村委会】有一件密件密1等您看，10月15日前要答复。请登录后在“密件”里办，内容别发短信。",
    ]);
    for (const actor of [cast.secretary, cast.clerk, await cast.actor("cadre", "王春霞", phoneOf(907))]) {
      expect([actor.role, await sees(actor, id)]).toEqual([actor.role, NOTHING]);
    }
    const all = { cases: 1, events: 2, texts: 2, words: 1, questions: 0 };
    expect([await sees(overseer, id), await sees(township, id)]).toEqual([all, all]);
  });

  test.each([
    ["names him", "密：郭长顺跟书记一伙的", []],
    ["is about the committee", "密：村监会从来不查账，跟书记一伙的", []],
    ["was read so", "密：老郭收了钱", ["郭长顺"]],
  ])("that %s is hidden from the overseer too, and the township owes the answer", async (_, words, accused) => {
    const id = await accusing(1, words, accused);
    expect(await look(id)).toMatchObject({ owner: "督导员", hiddenFrom: [overseer.id] });
    expect(await sees(overseer, id)).toEqual(NOTHING);
    expect((await sees(township, id)).cases).toBe(1);
    expect((await villager(t, 1).reads()).at(-1)).toContain("只有town能看，村委会看不到");
    expect(t.carrier.textsTo(phoneOf(904))).toEqual([]);
    // Nor with a key of his, nor under a new account.
    const key: Actor = { ...(await cast.actor("overseer", "新来的", phoneOf(908))), kind: "api_key" };
    expect(await sees(key, id)).toEqual(NOTHING);
    const numbers = await asActor(t.ctx.db.app, overseer, (tx) => tx.selectFrom("case_numbers").selectAll().execute());
    expect(numbers).toEqual([]);
  });

  test("that asks the committee to look is not about it", async () => {
    const id = await accusing(1, "密：请村监会查查低保的名单");
    expect(await look(id)).toMatchObject({ hiddenFrom: [], owner: "郭长顺" });
  });

  test("of a village without overseer and township is told the truth", async () => {
    const alone = await givenVillage(t.ctx, { code: "alone", households: 1, firstPhone: 50 });
    await villager(t, 50).texts("密：书记卖了村里的树");
    expect(await villager(t, 50).reads()).toEqual([
      "【郭家村村委会】已收到，村委会看不到。眼下没有人能办，请直接打12388向纪委反映。",
    ]);
    expect(await sees(alone.secretary, await villager(t, 50).lastCase())).toEqual(NOTHING);
  });

  test("has its number from a sequence of its own", async () => {
    await villager(t, 1).texts("密：有人贪污");
    await villager(t, 2).texts("路灯坏了");
    await villager(t, 3).texts("密：还有人贪污");
    const numbers = await Promise.all([1, 2, 3].map(async (n) => (await look(await villager(t, n).lastCase())).number));
    expect(numbers).toEqual([1, 1, 2]);
  });
});

describe("what follows a sealed text", () => {
  test("an addition, a courtesy, an answer and its rating all stay sealed", async () => {
    const who = villager(t, 1);
    await who.texts("密：书记把救济粮分给他自家亲戚");
    const id = await who.lastCase();
    t.clock.advance(HOUR);
    await who.texts("证人是三组的李四");
    expect(await who.lastCase()).toBe(id);
    await who.texts("谢谢");
    expectOk(
      await inWork(t.ctx.work, overseer, (work) =>
        answerSuggestion(work, id, { resultKind: "explained", text: "已报镇纪委，由他们来查。" }),
      ),
    );
    expect((await who.reads()).at(-1)).toContain("您反映的事（编号密1）答复：已报镇纪委");
    await who.texts("3");
    expect(await look(id)).toMatchObject({ state: "reopened", rating: 3 });
    expect((await who.reads()).at(-1)).toContain("编号密1您说没办好");
    const words = await t.ctx.db.system.selectFrom("inbound").select(["body", "sealed"]).execute();
    expect(words.map(({ sealed }) => sealed)).toEqual([true, true, true, true]);
    const texts = await t.ctx.db.system.selectFrom("messages").select("sealed").execute();
    expect(texts.every(({ sealed }) => sealed)).toBe(true);
    expect(await sees(cast.secretary, id)).toEqual(NOTHING);
    const audit = await asActor(t.ctx.db.app, cast.secretary, (tx) =>
      tx.selectFrom("audit_log").select("action").where("subject_id", "=", id).execute(),
    );
    expect(audit).toEqual([]);
  });

  test("an addition that names the overseer takes the case from him", async () => {
    const who = villager(t, 1);
    await who.texts("密：书记把救济粮分给他自家亲戚");
    const id = await who.lastCase();
    expect((await sees(overseer, id)).cases).toBe(1);
    await who.texts("郭长顺也分了");
    expect(await sees(overseer, id)).toEqual(NOTHING);
    expect(await look(id)).toMatchObject({ owner: "督导员" });
  });

  test("a day later, or in danger, he speaks openly again; a notice does not end the talk", async () => {
    const who = villager(t, 1);
    await who.texts("密：书记把救济粮分给他自家亲戚");
    const id = await who.lastCase();
    await givenApproved(t.ctx, cast);
    await who.texts("着火了");
    expect((await look(await who.lastCase())).sealed).toBe(false);
    t.clock.advance(DAY + HOUR);
    await who.texts("二组的路灯坏了");
    expect(await look(await who.lastCase())).toMatchObject({ sealed: false, number: 2 });
    expect((await sees(cast.secretary, id)).cases).toBe(0);
  });

  test("another village's overseer and the reader's own thanks show nothing", async () => {
    await villager(t, 1).texts("密：有人贪污");
    const there = await givenVillage(t.ctx, { code: "there", households: 1, firstPhone: 60 });
    const id = await villager(t, 1).lastCase();
    expect(await sees(await there.actor("overseer", "外村"), id)).toEqual(NOTHING);
    await inWork(t.ctx.work, cast.clerk, async ({ tx }) => {
      const phone = {
        hash: t.ctx.sealer.hashPhone(phoneOf(904) as never),
        phone: t.ctx.sealer.phone(phoneOf(904) as never),
      };
      await tx
        .insertInto("phones")
        .values({ village_id: cast.village.id, ...phone, problem: null, problem_at: null, created_at: t.clock.now() })
        .execute();
    });
    await villager(t, 0, phoneOf(904)).texts("收到");
    const words = await asActor(t.ctx.db.app, cast.secretary, (tx) => tx.selectFrom("inbound").select("id").execute());
    expect(words).toEqual([]);
  });
});

describe("sealing by hand", () => {
  test("the secretary can, and then it is gone for him: its texts, its words, its line", async () => {
    const who = villager(t, 1);
    await who.texts("三组的会计老说没钱");
    const id = await who.lastCase();
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => sealSuggestion(work, id)));
    expect((await who.reads()).at(-1)).toBe(
      "【郭家村村委会】您反映的事（编号1）已转为密件，新编号密1。只有村监会郭长顺和town能看，村委会看不到了。",
    );
    expect(await sees(cast.secretary, id)).toEqual(NOTHING);
    expect(await sees(overseer, id)).toEqual({ cases: 1, events: 3, texts: 3, words: 1, questions: 0 });
    expect(await look(id)).toMatchObject({ sealed: true, number: 1, owner: "郭长顺" });
    const chain = (actor: Actor) =>
      asActor(t.ctx.db.app, actor, (tx) =>
        tx.selectFrom("audit_log").select("action").where("action", "=", "suggestion.seal").execute(),
      );
    expect([await chain(cast.secretary), (await chain(township)).length]).toEqual([[], 1]);
    const again = await inWork(t.ctx.work, township, (work) => sealSuggestion(work, id));
    expect(again).toMatchObject({ refusal: { code: "move_not_allowed" } });
    const gone = await inWork(t.ctx.work, cast.secretary, (work) => sealSuggestion(work, id));
    expect(gone).toMatchObject({ refusal: { code: "not_found" } });
  });

  test("is refused where nobody could read it afterwards", async () => {
    const alone = await givenVillage(t.ctx, { code: "alone", households: 1, firstPhone: 50 });
    await villager(t, 50).texts("会计老说没钱");
    const id = await villager(t, 50).lastCase();
    const refused = await inWork(t.ctx.work, alone.secretary, (work) => sealSuggestion(work, id));
    expect(refused).toMatchObject({ refusal: { code: "move_not_allowed" } });
  });

  test("nobody seals another village's case, and the two functions give away nothing", async () => {
    await givenVillage(t.ctx, { code: "there", households: 1, firstPhone: 60 });
    await villager(t, 60).texts("别村的事");
    const id = await villager(t, 60).lastCase();
    const steal = asActor(t.ctx.db.app, cast.secretary, (tx) =>
      sql`select seal_suggestion(${id}, 99, null, '{}')`.execute(tx),
    );
    await expect(steal).rejects.toThrow(/nothing to seal/);
    await inSystemWork(t.ctx.work, async ({ tx }) => {
      expect((await findSuggestion(tx, id))?.sealed).toBe(false);
    });
  });
});
