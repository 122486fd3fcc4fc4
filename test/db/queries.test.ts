import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replyToQuery } from "../../src/inbound/reply-to-query.ts";
import type { Verdict } from "../../src/inbound/verdict.ts";
import { DAY } from "../../src/lib/clock.ts";
import type { SuggestionId } from "../../src/lib/ids.ts";
import { OPERATOR } from "../../src/lib/roles.ts";
import { countSegments } from "../../src/message/segments.ts";
import { addPolicy, retirePolicy } from "../../src/policy/write-policy.ts";
import { inWork } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { setActive } from "../../src/staff/staff.queries.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { villager } from "../support/villager.ts";
import { whenHeard } from "../support/when-heard.ts";

let t: TestContext;
let cast: Cast;
beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 5, township: "town" });
});
afterEach(() => t.stop());

type Query = Extract<Verdict, { meaning: "status_query" | "help_query" | "contact_query" | "policy_query" }>;
/** What the n-th door reads after asking, and what its row says. */
async function asks(n: number, verdict: Query) {
  const before = t.carrier.textsTo(phoneOf(n)).length;
  const found = await whenHeard(t, n, "问", verdict.meaning, (work, hearing) => replyToQuery(work, hearing, verdict));
  const texts = t.carrier.textsTo(phoneOf(n)).slice(before);
  for (const text of texts) expect(countSegments(text).segments).toBeLessThanOrEqual(3);
  return { texts: texts.map((text) => text.replace("【郭家村村委会】", "")), found };
}
const status = (n: number, number: number | null = null) => asks(n, { meaning: "status_query", why: "", number });
const policy = (n: number, words: string) => asks(n, { meaning: "policy_query", why: "", words });
const contact = (n: number) => asks(n, { meaning: "contact_query", why: "" });

const opened = async (n: number, body: string): Promise<SuggestionId> => {
  const who = villager(t, n);
  await who.texts(body);
  return await who.lastCase();
};
const answer = (id: SuggestionId, text: string) =>
  inWork(t.ctx.work, cast.secretary, (work) => answerSuggestion(work, id, { resultKind: "solved", text })).then(
    expectOk,
  );
const run = (statement: string, values: unknown[] = []) => t.ctx.pools.system.query(statement, values);

describe("查", () => {
  test("tells what is open: state, who, by when; and what was answered last", async () => {
    const lamp = await opened(1, "村西头路灯坏了三盏");
    t.clock.advance(DAY);
    await opened(1, "机井房的门锁不上");
    await answer(lamp, "三盏灯昨晚都换好了。");
    await villager(t, 1).reads();
    expect((await status(1)).texts).toEqual([
      "编号2“机井房的门锁不上”已登记，刘建国书记负责，10月16日前答复您。" +
        "编号1“村西头路灯坏了三盏”10月10日已答复（已解决）：三盏灯昨晚都换好了。",
    ]);
    expect((await status(1, 1)).texts[0]).toContain("编号1“村西头路灯坏了三盏”10月10日已答复");
  });
  test("says so where nothing is open, and how to write", async () => {
    expect((await status(1)).texts).toEqual(["您家没有在办的事。有什么要反映，直接写短信发来就行。"]);
  });
  test("does not hide a date that was missed", async () => {
    await opened(1, "村西头路灯坏了三盏");
    t.clock.advance(20 * DAY);
    expect((await status(1)).texts[0]).toContain("原定10月15日答复，晚了");
  });
  test("of many cases names the nearest and counts the rest, in three segments", async () => {
    for (const what of [
      "村东头的电线杆子歪了怕砸着人",
      "俺家的自来水一股铁锈味没法做饭",
      "小学门口放学时候大车太多孩子过马路悬",
      "后街的垃圾桶半个月没人来倒了",
      "机井的水泵坏了麦子浇不上",
      "卫生室的药老是不全感冒药也没有",
    ]) {
      t.clock.advance(DAY);
      await opened(1, what);
    }
    const [text] = (await status(1)).texts;
    expect(text).toMatch(/^编号1.*编号2.*编号3.*另有3件/s);
  });
  test("never shows another door's case, by number or without", async () => {
    await opened(1, "村西头路灯坏了三盏");
    expect((await status(2)).texts).toEqual(["您家没有在办的事。有什么要反映，直接写短信发来就行。"]);
    const foreign = await status(2, 1);
    expect(foreign.texts).toEqual(["您家没有编号1的事。回“查”看自家的；有事直接写短信发来。"]);
    // A number that nobody has gets the very same words.
    expect((await status(2, 9)).texts[0]?.replace("9", "1")).toBe(foreign.texts[0]);
    expect(foreign.found.suggestionId).toBeNull();
  });
  test("shows the door's case to another phone of the same door", async () => {
    await opened(1, "村西头路灯坏了三盏");
    const csv = `户号,姓名,手机号\n1,村民1,${phoneOf(1)}\n1,儿子,${phoneOf(901)}\n`;
    expectOk(
      await inWork(t.ctx.work, cast.clerk, (work) =>
        importRoster(work, t.ctx.sealer, cast.village.id, Buffer.from(csv)),
      ),
    );
    expect((await status(901)).texts[0]).toContain("编号1");
  });
  test("tells of a sealed case only the very phone, without a word of it, and changes nothing that the village sees", async () => {
    const id = await opened(1, "密 有人拿了低保的钱");
    await run("update suggestions set sealed = true where id = $1", [id]);
    await run("update messages set sealed = true where suggestion_id = $1", [id]);
    const { texts } = await status(1);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toBe((await status(2)).texts[0]);
    expect(texts[1]).toContain("您的密件1已收到");
    expect(texts.join("")).not.toContain("低保");
    const { rows } = await run(
      "select phone_hash = $1 as his, sealed, count(*)::int as n from messages where purpose = 'reply' group by 1, 2 order by 1, 2",
      [t.ctx.sealer.hashPhone(phoneOf(1) as never)],
    );
    expect(rows).toEqual([
      { his: false, sealed: false, n: 1 },
      { his: true, sealed: false, n: 1 },
      { his: true, sealed: true, n: 1 },
    ]);
    // Another phone of the same door learns nothing.
    await run("update suggestions set household_id = (select id from households where number = '2')");
    expect((await status(2)).texts).toHaveLength(1);
  });
});

describe("联系", () => {
  const givePhone = (name: string, n: number) =>
    run("update staff set phone = $2, phone_hash = $3 where id = (select id from actors where name = $1)", [
      name,
      t.ctx.sealer.phone(phoneOf(n) as never),
      t.ctx.sealer.hashPhone(phoneOf(n) as never),
    ]);
  const grids = async (csv: string) =>
    expectOk(
      await inWork(t.ctx.work, cast.clerk, (work) =>
        importRoster(work, t.ctx.sealer, cast.village.id, Buffer.from(`户号,姓名,手机号,网格,联户干部\n${csv}`)),
      ),
    );

  test("names the door's cadre with the whole number of the plate; else the one of his grid", async () => {
    await cast.actor("cadre", "chunxia");
    await givePhone("chunxia", 700);
    await grids(`1,村民1,${phoneOf(1)},一网格,chunxia\n2,村民2,${phoneOf(2)},一网格,\n`);
    const said = "您家的联户干部是chunxia，电话13800000700。也可以直接回这条短信。";
    expect((await contact(1)).texts).toEqual([said]);
    expect((await contact(2)).texts).toEqual([said]);
  });
  test("falls back to the secretary, to the bare name, and to the committee", async () => {
    expect((await contact(1)).texts).toEqual(["这个号码就是村委会的，有事直接回短信，有人看，有人答复。"]);
    await givePhone("刘建国", 701);
    expect((await contact(1)).texts).toEqual([
      "您家还没有联户干部，有事找刘建国书记，电话13800000701。也可以直接回短信。",
    ]);
    await grids(`1,村民1,${phoneOf(1)},一网格,老王\n`);
    expect((await contact(1)).texts).toEqual(["您家的联户干部是老王，没登记电话；可找刘建国书记，电话13800000701。"]);
    await inWork(t.ctx.work, OPERATOR, (work) => setActive(work.tx, cast.secretary.id, false));
    expect((await contact(1)).texts).toEqual(["您家的联户干部是老王，没登记电话。有事直接回这条短信，村委会有人看。"]);
  });
});

describe("政策", () => {
  const write = (actor: Cast["clerk"], title: string, standard: string) =>
    inWork(t.ctx.work, actor, (work) =>
      addPolicy(work, cast.village, {
        title,
        standard,
        process: "带身份证到村委会登记",
        office: "民政办",
        phone: "0533-1",
      }),
    ).then(expectOk);

  test("finds the village's entry and its township's, and says what, how and whom to ask", async () => {
    await write(cast.clerk, "高龄津贴", "每月50元");
    await write(await givenSupervisor(t.ctx, cast), "临时救助", "看难处给一次");
    const { texts, found } = await policy(1, "老人钱咋领");
    expect(texts).toEqual(["高龄津贴：每月50元。怎么办：带身份证到村委会登记。找民政办，电话0533-1。"]);
    expect(found.detail).toMatchObject({ policy: "高龄津贴" });
    expect((await policy(1, "临时救助")).texts[0]).toContain("看难处给一次");
  });
  test("asks which one where it is not clear; digits pick one after the other, until tomorrow", async () => {
    for (const title of ["种粮补贴", "农机补贴"]) await write(cast.clerk, title, `${title}的标准`);
    expect((await policy(1, "补贴")).texts).toEqual(["您问的是哪一项？回数字：1种粮补贴 2农机补贴。"]);
    expect((await policy(1, "2")).texts[0]).toContain("农机补贴的标准");
    expect((await policy(1, "１")).texts[0]).toContain("种粮补贴的标准");
    // Another phone was not asked.
    expect((await policy(2, "2")).found.suggestionId).not.toBeNull();
    t.clock.advance(DAY);
    expect((await policy(1, "2")).found.suggestionId).not.toBeNull();
  });
  test("becomes a question to the committee where nothing is written of it", async () => {
    await write(cast.clerk, "高龄津贴", "每月50元");
    const { found } = await policy(1, "苹果树剪枝");
    const { rows } = await run("select nature, text from suggestions where id = $1", [found.suggestionId]);
    expect(rows).toEqual([{ nature: "consult", text: "问" }]);
  });
  test("no longer tells what was retired, nor another village's entries", async () => {
    const id = await write(cast.clerk, "高龄津贴", "每月50元");
    const other = await givenVillage(t.ctx, { code: "other", households: 1, firstPhone: 50 });
    expect((await asks(50, { meaning: "policy_query", why: "", words: "高龄津贴" })).found.suggestionId).not.toBeNull();
    expect(other.village.id).not.toBe(cast.village.id);
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => retirePolicy(work, cast.village, id, false)));
    expect((await policy(1, "高龄津贴")).found.suggestionId).not.toBeNull();
  });
});

describe("too many texts of ours to one phone", () => {
  test("stop, and the next hour they come again", async () => {
    const help = () => asks(1, { meaning: "help_query", why: "" });
    for (let i = 0; i < 6; i++) expect((await help()).texts).toHaveLength(1);
    const seventh = await help();
    expect([seventh.texts, seventh.found.detail]).toEqual([[], { unanswered: true }]);
    expect((await asks(2, { meaning: "help_query", why: "" })).texts).toHaveLength(1);
    t.clock.advance(61 * 60_000);
    expect((await help()).texts).toHaveLength(1);
  });
});
