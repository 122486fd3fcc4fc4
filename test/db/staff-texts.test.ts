import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromLocal } from "../../src/lib/china-time.ts";
import { DAY, HOUR, MINUTE } from "../../src/lib/clock.ts";
import type { SuggestionId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { recordPhone } from "../../src/staff/record-phone.ts";
import { setActive } from "../../src/staff/staff.queries.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { assignSuggestion } from "../../src/suggestion/assign-suggestion.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { sendOwnerNotices, tellOwner } from "../../src/suggestion/tell-owner.ts";
import { listTimeline } from "../../src/suggestion/timeline.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenStaff, givenVillage, phoneOf } from "../support/given.ts";
import { givenPhone, staffPhone } from "../support/staff-phone.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;
/** Liu Jianguo, the secretary, and Wang Chunxia, a linked cadre; each with a phone. */
let liu: ReturnType<typeof villager>;
let wang: ReturnType<typeof villager>;
let cadre: Actor;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 20, township: "wangcun" });
  cadre = await givenStaff(t.ctx, cast.village.id, "cadre", "ganbu1", "王春霞");
  await givenPhone(t.ctx, cast.secretary, staffPhone(1));
  await givenPhone(t.ctx, cadre, staffPhone(2));
  liu = villager(t, 0, staffPhone(1));
  wang = villager(t, 0, staffPhone(2));
});
afterEach(() => t.stop());

/** The sweep runs, and what it queued is sent. */
const sweep = async () => {
  await inSystemWork(t.ctx.work, (work) => sendOwnerNotices(work));
  await liu.reads();
};
const look = async (id: SuggestionId) => {
  const found = await findSuggestion(t.ctx.db.system, id);
  if (!found) throw new Error("no such case");
  return found;
};
const opened = async (n = 1, words = "俺村西头那口井水有味") => {
  const who = villager(t, n);
  await who.texts(words);
  await sweep();
  return { who, id: await who.lastCase() };
};
const lastTo = async (phone: { reads(): Promise<string[]> }) =>
  ((await phone.reads()).at(-1) ?? "").slice("【郭家村村委会】".length);
const lastInbound = () =>
  t.ctx.db.system.selectFrom("inbound").selectAll().orderBy("id", "desc").limit(1).executeTakeFirstOrThrow();

describe("the owner of a case", () => {
  test("is texted it with number, name, words and date, once", async () => {
    await opened();
    await sweep();
    expect(await liu.reads()).toEqual([
      "【郭家村村委会】新意见，编号1，1号村民1：俺村西头那口井水有味。10月15日前答复。直接回复就是答复他",
    ]);
  });

  test("is told when it is reopened, and a new owner when it is given to him", async () => {
    const { who, id } = await opened();
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => assignSuggestion(work, id, "王春霞")));
    await sweep();
    expect(await lastTo(wang)).toContain("交给您办，编号1，1号村民1");
    expectOk(
      await inWork(t.ctx.work, cadre, (work) =>
        answerSuggestion(work, id, { resultKind: "solved", text: "今天请人清了井，水化验合格。" }),
      ),
    );
    await who.reads();
    t.clock.advance(HOUR);
    await who.texts("4");
    await sweep();
    expect(await lastTo(wang)).toContain("村民说没办好，编号1");
    expect(await liu.reads()).toHaveLength(1);
  });

  test("is not woken at night, unless it is urgent", async () => {
    await inWork(t.ctx.work, cast.secretary, (work) =>
      work.tx
        .updateTable("villages")
        .set({ sending_hours: JSON.stringify([["07:30", "12:00"]]) })
        .execute(),
    );
    t.clock.set("2026-10-09T22:00:00+08:00");
    const { id } = await opened();
    expect(await liu.reads()).toEqual([]);
    await t.ctx.db.system.updateTable("suggestions").set({ urgent: true }).where("id", "=", id).execute();
    await inSystemWork(t.ctx.work, (work) => tellOwner(work, cast.village, id, "assigned"));
    await sweep();
    expect(await lastTo(liu)).toContain("交给您办，编号1，1号村民1");
    await opened(2, "二组的变压器嗡嗡响");
    t.clock.set("2026-10-10T07:31:00+08:00");
    await sweep();
    expect((await liu.reads()).filter((text) => text.includes("编号2"))).toHaveLength(1);
  });

  test("is not flooded: one text per case in ten minutes, eight a day, the rest in one line", async () => {
    const { id } = await opened();
    await inSystemWork(t.ctx.work, (work) => tellOwner(work, cast.village, id, "assigned"));
    await sweep();
    expect(await liu.reads()).toHaveLength(1);
    t.clock.advance(11 * MINUTE);
    await sweep();
    expect(await liu.reads()).toHaveLength(2);
    for (let n = 2; n <= 13; n++) await opened(n, `第${n}户的水表不走了，麻烦来看看`);
    expect(await liu.reads()).toHaveLength(8);
    t.clock.advance(HOUR);
    await sweep();
    expect((await liu.reads()).slice(8)).toEqual(["【郭家村村委会】另有6件意见等您答复，请看台账，或回“查”看清单。"]);
    t.clock.advance(2 * HOUR);
    await sweep();
    expect(await liu.reads()).toHaveLength(9);
  });

  test("hears nothing of a sealed case, of one that was settled before, or when he has no phone or account", async () => {
    const { id } = await opened();
    expect(await liu.reads()).toHaveLength(1);
    await t.ctx.db.system.updateTable("suggestions").set({ sealed: true }).where("id", "=", id).execute();
    await inSystemWork(t.ctx.work, (work) => tellOwner(work, cast.village, id, "assigned"));
    t.clock.advance(HOUR);
    await sweep();
    expect(await liu.reads()).toHaveLength(1);
    const who = villager(t, 2);
    await who.texts("二组的变压器嗡嗡响");
    const other = await who.lastCase();
    // Sealed, or answered, between the note and the sweep.
    await t.ctx.db.system.updateTable("suggestions").set({ sealed: true }).where("id", "=", other).execute();
    await sweep();
    await givenPhone(t.ctx, cast.secretary, "");
    await opened(3, "三组的桥栏杆松了");
    await givenPhone(t.ctx, cast.secretary, staffPhone(1));
    await inWork(t.ctx.work, cast.secretary, (work) => setActive(work.tx, cast.secretary.id, false));
    await opened(4, "四组的广播不响了");
    expect(await liu.reads()).toHaveLength(1);
    expect(
      await t.ctx.db.system.selectFrom("owner_notices").selectAll().where("settled_at", "is", null).execute(),
    ).toEqual([]);
  });
});

describe("a text from the phone on record", () => {
  test("answers the villager as the page would, and is his: in the timeline, the audit log and the letters", async () => {
    const { who, id } = await opened();
    await liu.texts("今天请人清了井，水已经处理好了");
    expect(await look(id)).toMatchObject({ state: "answered", resultKind: "solved" });
    expect((await who.reads()).at(-1)).toBe(
      "【郭家村村委会】您反映的事（编号1）答复：今天请人清了井，水已经处理好了。您看行吗？请回数字：1满意 2基本满意 3不满意 4没解决",
    );
    expect(await lastTo(liu)).toBe("已答复编号1（1号村民1），按“已解决”登记，等他评价。说错了请上网页重办。");
    const event = (await listTimeline(t.ctx.db.system, id)).find((one) => one.kind === "answered");
    expect(event).toMatchObject({ actor: "刘建国", byText: true });
    expect(await lastInbound()).toMatchObject({
      meaning: "staff_command",
      rule: "staff_phone",
      detail: { action: "answer", number: 1, staff: cast.secretary.id },
      suggestion_id: id,
      village_id: cast.village.id,
      registered: true,
    });
    const log = await inWork(t.ctx.work, cast.secretary, (work) =>
      work.tx
        .selectFrom("audit_log")
        .select(["actor_id", "actor_role", "action"])
        .where("action", "=", "suggestion.answered")
        .execute(),
    );
    expect(log).toEqual([{ actor_id: cast.secretary.id, actor_role: "secretary", action: "suggestion.answered" }]);
  });

  test("that is long is shown first, and goes only after a digit", async () => {
    const { who, id } = await opened();
    const long = `今天请了镇上的师傅来看，井口的盖板裂了，雨水漏进去了，已经${"把井淘干净、重新消毒、换了新的盖板，".repeat(4)}水化验合格，放心喝，问题解决了`;
    await liu.texts(long);
    expect(await lastTo(liu)).toContain("编号1（1号村民1）将收到（按“已解决”登记）：今天请了镇上的师傅来看");
    expect(await lastTo(liu)).toContain("确认请回1，不发请回0，30分钟内有效。");
    expect(await look(id)).toMatchObject({ state: "registered", firstResponseAt: null });
    expect(await who.reads()).toHaveLength(1);
    await liu.texts("1");
    expect(await look(id)).toMatchObject({ state: "answered", resultKind: "solved", answer: long });
    expect(await who.reads()).toHaveLength(2);
    await liu.texts("1");
    expect(await who.reads()).toHaveLength(2);
  });

  test("is dropped by a 0, and by half an hour, which is said", async () => {
    const { id } = await opened();
    await liu.texts("今天去看了看");
    await liu.texts("0");
    expect(await lastTo(liu)).toBe("好的，编号1什么也没发。要改请重新写一遍。");
    await liu.texts("1");
    expect((await look(id)).state).toBe("registered");
    await liu.texts("今天去看了看");
    t.clock.advance(31 * MINUTE);
    await liu.texts("1");
    expect(await lastTo(liu)).toBe("上一条已过30分钟，没有发出。要发请重新写一遍。");
    expect((await look(id)).state).toBe("registered");
  });

  test("gives a case to a cadre, who is texted it and answers it; several of a name are asked about", async () => {
    const other = await givenStaff(t.ctx, cast.village.id, "cadre", "ganbu2", "王建军");
    const { who, id } = await opened();
    await liu.texts("转王春霞");
    expect((await look(id)).ownerId).toBe(cadre.id);
    expect(await lastTo(liu)).toBe("编号1已交给王春霞办。");
    await sweep();
    await liu.texts("1转老王");
    expect(await lastTo(liu)).toMatch(/要交给谁？请回数字：1王(春霞|建军) 2王(春霞|建军)，不转请回0/);
    expect((await look(id)).ownerId).toBe(cadre.id);
    const option = (await lastTo(liu)).includes("2王建军") ? "2" : "1";
    await liu.texts(option);
    expect((await look(id)).ownerId).toBe(other.id);
    // Not hers any more: her reply answers nothing.
    await wang.texts("1 井已经清理好了");
    expect(await lastTo(wang)).toBe("编号1没办成：没有这件，或不归您办。");
    await liu.texts("1 转王春霞");
    await wang.texts("1 井已经清理好了");
    expect(await look(id)).toMatchObject({ state: "answered", resultKind: "solved" });
    expect((await who.reads()).at(-1)).toContain("井已经清理好了");
  });

  test("extends once, with a reason that the villager reads; the second time is refused in words", async () => {
    const { who, id } = await opened();
    await liu.texts("延3天 等化验结果");
    expect(await look(id)).toMatchObject({ extendedOnce: true, dueAt: fromLocal(2026, 10, 20, 24) });
    expect((await who.reads()).at(-1)).toContain("要多用些时间：等化验结果。改在10月20日前答复您。");
    expect(await lastTo(liu)).toBe("编号1已延到10月20日前答复，原因已发给1号村民1。");
    await liu.texts("延3天 还在等");
    expect(await lastTo(liu)).toBe("编号1没办成：已经延期过一次，不能再延。");
    await liu.texts("延");
    expect(await lastTo(liu)).toContain("延期要写原因");
  });

  test("accepts, notes and lists; what a role may not do is said", async () => {
    const { id } = await opened();
    await opened(2, "二组的变压器嗡嗡响");
    await liu.texts("1 受理");
    expect((await look(id)).state).toBe("accepted");
    await liu.texts("2记 跟供电所约了周三");
    const second = await villager(t, 2).lastCase();
    expect((await listTimeline(t.ctx.db.system, second)).at(-1)).toMatchObject({
      kind: "note",
      text: "跟供电所约了周三",
      byText: true,
    });
    await liu.texts("查");
    expect(await lastTo(liu)).toBe("您有2件等答复：编号1（10月15日）、编号2（10月15日）。查某一件请回“查”加编号。");
    await liu.texts("查2");
    expect(await lastTo(liu)).toBe("编号2，2号村民2：二组的变压器嗡嗡响。10月15日前答复。");
    await givenPhone(t.ctx, cast.clerk, staffPhone(3));
    const clerk = villager(t, 0, staffPhone(3));
    await clerk.texts("1 转王春霞");
    expect(await lastTo(clerk)).toBe("编号1没办成：交办要由书记来做。");
    expect((await look(id)).ownerId).toBe(cast.secretary.id);
  });

  test("keeps two cases apart", async () => {
    const one = await opened();
    const two = await opened(2, "二组的变压器嗡嗡响");
    await liu.texts("已修好");
    expect(await lastTo(liu)).toContain("编号2（2号村民2）将收到（按“已解决”登记）：已修好。");
    await liu.texts("1 井水已经处理好，化验合格了");
    expect([(await look(one.id)).state, (await look(two.id)).state]).toEqual(["answered", "registered"]);
    // The digit belonged to what was shown before; that is gone.
    await liu.texts("1");
    expect((await look(two.id)).state).toBe("registered");
    await liu.texts("供电所来人把变压器修好了");
    expect((await look(two.id)).state).toBe("answered");
  });

  test("with a wrong number does nothing, and says so", async () => {
    const { who, id } = await opened();
    await liu.texts("99 已经修好了");
    expect(await lastTo(liu)).toBe("编号99没办成：没有这件，请核对编号。");
    expect((await look(id)).state).toBe("registered");
    expect(await who.reads()).toHaveLength(1);
  });

  test("that only says it is done, or plans without a day, is refused like on the page", async () => {
    const { id } = await opened();
    await liu.texts("已解决");
    expect(await lastTo(liu)).toContain("编号1没办成：请写清谁做了什么");
    await liu.texts("1 争取尽快安排人去修");
    expect(await lastTo(liu)).toContain("列入计划要写明哪天前办好");
    expect((await look(id)).state).toBe("registered");
    await liu.texts("1 本月底前把井修好");
    expect(await look(id)).toMatchObject({ state: "answered", resultKind: "planned", plannedFor: "2026-10-31" });
  });

  test("never reaches a sealed case, and no text to staff names a villager's number", async () => {
    const { id } = await opened(1, "俺的电话13812345678，井水有味，请回");
    await t.ctx.db.system.updateTable("suggestions").set({ sealed: true }).where("id", "=", id).execute();
    await liu.texts("1 已经处理好了");
    expect((await look(id)).state).toBe("registered");
    expect(await lastTo(liu)).toContain("没有这件");
    await liu.texts("查1");
    await liu.texts("查");
    expect(await lastTo(liu)).toContain("现在没有等您答复的");
    const all = await liu.reads();
    expect(all.join("\n")).not.toMatch(/1[3-9]\d{9}/);
    expect(all.join("\n")).not.toContain(phoneOf(1).slice(-8));
  });
});

describe("whoever is not on record", () => {
  test("is a villager or a stranger, whatever he writes", async () => {
    const { id } = await opened();
    const stranger = villager(t, 0, "+8619900000777");
    await stranger.texts("1 已经修好了");
    expect(await lastInbound()).toMatchObject({ registered: false });
    await villager(t, 5).texts("1 已经修好了");
    expect((await look(id)).state).toBe("registered");
  });

  test("nor is somebody whose account was switched off, or who serves another village", async () => {
    const { id } = await opened();
    const elsewhere = await givenVillage(t.ctx, { code: "lower", households: 1, firstPhone: 500 });
    await givenPhone(t.ctx, elsewhere.secretary, staffPhone(9));
    await villager(t, 0, staffPhone(9)).texts("1 已经修好了");
    expect((await look(id)).state).toBe("registered");
    await inWork(t.ctx.work, cast.secretary, (work) => setActive(work.tx, cast.secretary.id, false));
    await liu.texts("1 已经修好了");
    expect((await look(id)).state).toBe("registered");
    expect((await lastInbound()).meaning).not.toBe("staff_command");
  });

  test("and a phone on record of two accounts is nobody's", async () => {
    const account = { id: cast.clerk.id, villageId: cast.village.id, townshipId: null };
    expect(
      await inWork(t.ctx.work, cast.clerk, (work) => recordPhone(work, t.ctx.sealer, account, staffPhone(1))),
    ).toMatchObject({ refusal: { message: "这个号码已登记在刘建国名下，一个号码只能一个人用" } });
  });

  test("staff who speak for themselves are villagers", async () => {
    const { id } = await opened();
    await liu.texts("我要反映村口的桥栏杆坏了");
    expect((await lastInbound()).meaning).not.toBe("staff_command");
    await liu.texts("收到");
    expect((await lastInbound()).meaning).toBe("courtesy");
    t.clock.advance(8 * DAY);
    await liu.texts("村口的路灯坏了好几天");
    expect((await lastInbound()).meaning).not.toBe("staff_command");
    expect((await look(id)).state).toBe("registered");
  });

  test("a phone that writes without end is stopped, and told once", async () => {
    await opened();
    for (let n = 0; n < 64; n++) await liu.texts(`记 第${n}回`);
    const texts = await liu.reads();
    expect(texts.filter((text) => text.includes("已记下"))).toHaveLength(60);
    expect(texts.filter((text) => text.includes("发得太多"))).toHaveLength(1);
  }, 60_000);
});
