import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { understandAgain } from "../../src/inbound/understand-again.ts";
import { understandInbound } from "../../src/inbound/understand-inbound.ts";
import type { InboundId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { correctClasses } from "../../src/suggestion/correct-classes.ts";
import { addWord, switchWord } from "../../src/suggestion/edit-words.ts";
import { SHELVES } from "../../src/suggestion/lexicon.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage } from "../support/given.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 5 });
});
afterEach(() => t.stop());

const as = <T>(body: Parameters<typeof inWork<T>>[2]) => inWork(t.ctx.work, cast.secretary, body);
const read = (id: InboundId) =>
  t.ctx.db.system
    .selectFrom("inbound")
    .select(["meaning", "rule", "why"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
const production = SHELVES.find((one) => one.value === "production") ?? SHELVES[0];
if (!production) throw new Error("no shelf");

describe("what is known of a phone and its village", () => {
  test("a machine's number is told when the text comes, and opens nothing", async () => {
    await t.ctx.inbound.take({
      carrierMessageId: "SM-machine",
      from: "10086",
      to: "",
      body: "着火了",
      raw: Buffer.from("x"),
    });
    const { id } = await t.ctx.db.system.selectFrom("inbound").select("id").executeTakeFirstOrThrow();
    await inSystemWork(t.ctx.work, (work) => understandInbound(work, id));
    expect(await read(id)).toMatchObject({ meaning: "auto_reply", rule: "machine_sender" });
  });

  test("the names of its staff are those an accusation is about, its columns those to leave", async () => {
    const who = villager(t, 1);
    expect(await read(await who.texts("刘建国把鱼塘包给了他小舅子"))).toMatchObject({
      meaning: "sealed",
      why: expect.stringContaining("刘建国"),
    });
    expect(await read(await who.texts("张三把鱼塘包给了他小舅子"))).toMatchObject({ meaning: "suggestion" });
    expect(await read(await who.texts("智慧语录别发了"))).toMatchObject({
      meaning: "opt_out",
      why: expect.stringContaining("智慧语录"),
    });
  });
});

describe("a suggestion is sorted", () => {
  test("with the words that decided, and a person's tap outweighs them", async () => {
    const who = villager(t, 1);
    await who.texts("村口井盖没了孩子差点掉下去，路灯也坏了");
    const id = await who.lastCase();
    expect(await findSuggestion(t.ctx.db.system, id)).toMatchObject({
      category: "livelihood",
      categoryBy: expect.arrayContaining(["井盖", "路灯"]),
      urgent: true,
      urgentBy: expect.arrayContaining(["井盖没了"]),
      classedBy: null,
    });
    expectOk(await as((work) => correctClasses(work, id, { category: "conflict" })));
    expectOk(await as((work) => correctClasses(work, id, { nature: "complaint" })));
    expectOk(await as((work) => correctClasses(work, id, { urgent: "0" })));
    expect(await findSuggestion(t.ctx.db.system, id)).toMatchObject({
      category: "conflict",
      categoryBy: [],
      nature: "complaint",
      natureBy: [],
      urgent: false,
      urgentBy: [],
      classedBy: "刘建国",
    });
    expect(await as((work) => correctClasses(work, id, { category: "weather" }))).toMatchObject({ ok: false });
  });

  test("by words the village added, until they are taken away again", async () => {
    const categoryOf = async (n: number, text: string) => {
      const who = villager(t, n);
      await who.texts(text);
      return (await findSuggestion(t.ctx.db.system, await who.lastCase()))?.category;
    };
    expect(await categoryOf(1, "滴灌带到了没得")).toBeNull();
    expectOk(await as((work) => addWord(work, cast.village, production, "滴灌带")));
    expect(await categoryOf(2, "滴灌带到了没得")).toBe("production");
    expect(await as((work) => addWord(work, cast.village, production, " 滴灌带。"))).toMatchObject({ ok: false });
    expectOk(await as((work) => switchWord(work, cast.village, production, "滴灌带")));
    expect(await categoryOf(3, "滴灌带到了没得")).toBeNull();
  });

  test("not by a word of ours that the village switched off, until it is on again", async () => {
    const categoryOf = async (n: number) => {
      const who = villager(t, n);
      await who.texts("机井呢");
      return (await findSuggestion(t.ctx.db.system, await who.lastCase()))?.category;
    };
    expect(await categoryOf(1)).toBe("production");
    expectOk(await as((work) => switchWord(work, cast.village, production, "机井")));
    expect(await categoryOf(2)).not.toBe("production");
    expectOk(await as((work) => switchWord(work, cast.village, production, "机井")));
    expect(await categoryOf(3)).toBe("production");
    expect(await as((work) => switchWord(work, cast.village, production, "没有的词"))).toMatchObject({ ok: false });
  });

  test("in its own village only", async () => {
    const there = await givenVillage(t.ctx, { code: "there", households: 1, firstPhone: 50 });
    expectOk(await as((work) => addWord(work, cast.village, production, "滴灌带")));
    const who = villager(t, 50);
    await who.texts("滴灌带到了没得");
    expect((await findSuggestion(t.ctx.db.system, await who.lastCase()))?.category).toBeNull();
    expect(there.village.id).not.toBe(cast.village.id);
  });
});

describe("reading stored texts again", () => {
  const stored = () => t.ctx.db.system.selectFrom("inbound").selectAll().orderBy("id").execute();

  test("finds nothing else by the same rules, with the questions as they stood, and changes nothing", async () => {
    const who = villager(t, 1);
    for (const text of ["收到", "俺村西头那口井水有味", "td", "恢复"]) await who.texts(text);
    const id = await who.lastCase();
    expectOk(
      await as((work) =>
        answerSuggestion(work, id, {
          resultKind: "solved",
          text: "刘书记带人换了水泵，今天已经通水。",
          plannedFor: undefined,
        }),
      ),
    );
    await who.reads();
    t.clock.advance(60_000);
    await who.texts("4");
    t.clock.advance(60_000);
    await who.texts("4");
    const before = await stored();
    expect(before.map((one) => one.meaning)).toEqual([
      "courtesy",
      "suggestion",
      "opt_out",
      "opt_in",
      "rating",
      "suggestion",
    ]);
    expect(await understandAgain(t.ctx.db.system, cast.village)).toEqual({ read: 6, otherwise: new Map() });
    expect(await stored()).toEqual(before);
  });

  test("counts what would be read otherwise", async () => {
    await villager(t, 1).texts("政策 高龄补贴");
    await t.ctx.db.system.updateTable("inbound").set({ meaning: "suggestion" }).execute();
    expect(await understandAgain(t.ctx.db.system, cast.village)).toEqual({
      read: 1,
      otherwise: new Map([["suggestion → policy_query", 1]]),
    });
  });
});
