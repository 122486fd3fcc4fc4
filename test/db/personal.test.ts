import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countAudience } from "../../src/broadcast/audience/audience.queries.ts";
import { describeLeftOut } from "../../src/broadcast/audience/left-out.ts";
import { listDoors } from "../../src/broadcast/audience/recipients.queries.ts";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { attachValues } from "../../src/broadcast/personal/attach-values.ts";
import { findBlanks } from "../../src/broadcast/personal/blanks.ts";
import { previewPersonal, sayLengths, sayMissing } from "../../src/broadcast/personal/personal.ts";
import { readPasted } from "../../src/broadcast/personal/read-values.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { countTextLengths, findText } from "../../src/broadcast/sending/texts.queries.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { erasePerson } from "../../src/roster/erase-person.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { findPersonOf } from "../../src/roster/person-data.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx);
  await roster(ROSTER);
});
afterAll(() => t.stop());

/** 1 and 2 share a phone, 4 has none, 5 has no group. */
const ROSTER = [
  `1,郭一,${phoneOf(1)},一组`,
  `2,郭二,${phoneOf(1)},一组`,
  `3,郭三,${phoneOf(3)},二组`,
  "4,郭四,,二组",
  `5,郭五,${phoneOf(5)},`,
];
async function roster(rows: string[]): Promise<void> {
  const file = Buffer.from(`户号,姓名,手机号,小组\n${rows.join("\n")}\n`);
  expectOk(await inWork(t.ctx.work, cast.clerk, (work) => importRoster(work, t.ctx.sealer, cast.village.id, file)));
}
const draft = async (body: string): Promise<BroadcastId> =>
  expectOk(
    await inWork(t.ctx.work, cast.clerk, (work) =>
      draftBroadcast(work, cast.village, { column: "村务公开", body }, false),
    ),
  );
const attach = (id: BroadcastId, text: string) =>
  inWork(t.ctx.work, cast.clerk, (work) => attachValues(work, id, expectOk(readPasted(text))));
const submit = (id: BroadcastId) =>
  inWork(t.ctx.work, cast.clerk, (work) => submitBroadcast(work, id, { repeatAnyway: true }));
const approve = (id: BroadcastId) => inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id));
const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
const find = async (id: BroadcastId) => {
  const broadcast = await findBroadcast(t.ctx.db.system, id);
  if (!broadcast) throw new Error("no such notice");
  return broadcast;
};
const preview = (id: BroadcastId, household?: string) =>
  inWork(t.ctx.work, cast.clerk, async (work) => previewPersonal(work, await find(id), household));
const messagesOf = (id: BroadcastId) =>
  t.ctx.db.system
    .selectFrom("messages as m")
    .innerJoin("households as h", "h.id", "m.household_id")
    .select(["h.number", "m.body", "m.segments", "m.state", "m.reason"])
    .where("m.broadcast_id", "=", id)
    .orderBy("h.number")
    .execute();

const BODY = "{{姓名}}您家上半年分红{{ 金额 }}元。";
const long = "一".repeat(60);

describe("a notice with blanks", () => {
  test("goes from the table to each household's own text, counted by its own length", async () => {
    const id = await draft(BODY);
    expectOk(await attach(id, `户号\t姓名\t金額\n1号\t郭一\t350.00\n２\t郭二\t8\n3\t郭三\t${long}\n4\t郭四\t9\n`));
    const seen = await preview(id);
    expect(seen).toMatchObject({
      recipients: 3,
      segments: 4,
      problem: null,
      missing: [{ name: "金额", households: 1 }],
    });
    expect(seen.shown).toMatchObject({ household: "1", text: "【郭家村村委会】郭一您家上半年分红350.00元。" });
    expect(seen.worst).toMatchObject({ household: "3", segments: 2 });
    // Those of one segment are not among the longest, however few there are.
    expect(seen.longest).toEqual([{ household: "3", segments: 2 }]);
    expect(sayLengths(seen.lengths)).toBe("1 户要 2 条，其余 1 条");
    expect(sayMissing(seen.missing)).toEqual(["1 户缺“金额”"]);
    expect((await preview(id, "4")).shown).toMatchObject({ text: expect.stringContaining("9元"), reason: "no_phone" });
    expect((await preview(id, "5")).shown).toMatchObject({ missing: ["金额"] });

    const wish = {
      ...{ villageId: cast.village.id, audience: { scope: "households" as const }, columnId: null, emergency: false },
      blanks: { broadcastId: id, names: findBlanks(BODY) },
    };
    expect(await countAudience(t.ctx.db.system, wish)).toMatchObject({
      recipients: 3,
      samePhone: 0,
      noValue: 1,
      noPhone: 1,
    });
    const left = await inWork(t.ctx.work, cast.clerk, (work) =>
      describeLeftOut(work, t.ctx.sealer, wish, { limit: 10, offset: 0 }),
    );
    expect(left).toEqual([
      { household: "4", name: "郭四", phone: null, why: "没有手机号，请入户告知" },
      { household: "5", name: "郭五", phone: "138****0005", why: "缺“金额”" },
    ]);

    expectOk(await submit(id));
    expectOk(await approve(id));
    expect(await find(id)).toMatchObject({ personal: true, recipients: 3, personalSegments: 4, segmentsPerMessage: 2 });
    expect(await countTextLengths(t.ctx.db.system, id)).toEqual([
      { segments: 2, households: 1 },
      { segments: 1, households: 3 },
    ]);
    expect(await findText(t.ctx.db.system, id, null)).toMatchObject({ household: "3", segments: 2 });
    // Frozen: neither a name nor a door that comes later changes anything; a phone that comes does.
    await roster([`4,郭四,${phoneOf(4)},二组`, `6,郭六,${phoneOf(6)},二组`]);
    expect(await launch(id)).toBe("launched");
    expect(await messagesOf(id)).toMatchObject([
      { number: "1", body: "【郭家村村委会】郭一您家上半年分红350.00元。", segments: 1, state: "pending" },
      { number: "2", body: "【郭家村村委会】郭二您家上半年分红8元。", state: "pending" },
      { number: "3", segments: 2, state: "pending" },
      { number: "4", body: "【郭家村村委会】郭四您家上半年分红9元。", state: "pending" },
      { number: "5", body: null, state: "suppressed", reason: "no_value" },
      { number: "6", body: null, state: "suppressed", reason: "no_value" },
    ]);
    expect(await find(id)).toMatchObject({ state: "sending", reservedSegments: 5 });

    await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
    // One phone, two doors, two texts.
    expect(t.carrier.textsTo(phoneOf(1))).toEqual([
      "【郭家村村委会】郭一您家上半年分红350.00元。",
      "【郭家村村委会】郭二您家上半年分红8元。",
    ]);
    const doors = await listDoors(t.ctx.db.system, await find(id), 10);
    expect(doors.map((door) => [door.number, door.state])).toEqual([
      ...[
        ["1", "accepted"],
        ["2", "accepted"],
        ["3", "accepted"],
        ["4", "accepted"],
      ],
      ...[
        ["5", null],
        ["6", null],
      ],
    ]);
  });

  test("of the roster's own blanks needs no table", async () => {
    const id = await draft("{{小组}}{{户号}}号{{姓名}}：明天交医保。");
    expect((await preview(id)).missing).toEqual([{ name: "小组", households: 1 }]);
    expectOk(await submit(id));
    expectOk(await approve(id));
    await launch(id);
    expect((await messagesOf(id))[0]?.body).toBe("【郭家村村委会】一组1号郭一：明天交医保。");
  });

  test.each([
    ["{{姓明}}您好。", "没有“{{姓明}}”这一项，是不是“{{姓名}}”？"],
    ["{{电费}}元。", "请附上有“电费”这一列的表格"],
    ["{姓名}您好。", "少了一层括号"],
  ])("%s cannot be handed in", async (body, said) => {
    const id = await draft(body);
    const refused = await submit(id);
    expect(refused).toMatchObject({ ok: false, refusal: { errors: [{ field: "body" }] } });
    expect(refused.ok ? "" : refused.refusal.message).toContain(said);
  });

  test("is refused where one household's text is too long, or nobody's is whole", async () => {
    const id = await draft("{{甲}}{{乙}}{{丙}}{{丁}}{{戊}}{{己}}{{庚}}{{辛}}{{壬}}{{癸}}{{子}}{{丑}}。");
    const names = "甲乙丙丁戊己庚辛壬癸子丑";
    await attach(id, `户号\t${[...names].join("\t")}\n3\t${[...names].map(() => long).join("\t")}`);
    expect(await submit(id)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining("3号的短信要 11 条") },
    });
    await roster(["8,郭八,,二组"]);
    const none = await draft("{{甲}}元。");
    await attach(none, "户号,甲\n8,1\n");
    expect(await submit(none)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining("没有一户能收到：6 户缺“甲”") },
    });
  });
});

test("a text that names somebody who was taken out before it left does not leave, and his door is not reached", async () => {
  await roster([`9,郭九,${phoneOf(9)},二组`, `9,郭小九,${phoneOf(10)},二组`, `11,郭十一,${phoneOf(11)},二组`]);
  const id = await draft("{{姓名}}家的药费单到了。");
  expectOk(await submit(id));
  expectOk(await approve(id));
  await inWork(t.ctx.work, cast.secretary, async (work) => {
    const named = work.tx.selectFrom("villagers").select("id").where("name", "=", "郭九");
    const person = await findPersonOf(work.tx, cast.village.id, (await named.executeTakeFirstOrThrow()).id);
    if (person) expectOk(await erasePerson(work, cast.village, person, { asked: "1" }));
  });
  expect(await launch(id)).toBe("launched");
  const messages = await messagesOf(id);
  expect(messages.filter(({ number }) => number === "9" || number === "11")).toMatchObject([
    { number: "11", body: expect.stringContaining("郭十一"), state: "pending" },
    { number: "9", body: null, state: "suppressed", reason: "no_value" },
  ]);
});

describe("the table of a notice", () => {
  test("says what is wrong with which row, and takes the others", async () => {
    const id = await draft(BODY);
    const rows = [
      "户号,姓名,金额",
      "1,郭一,1",
      "77,郭七,2",
      "2,郭三,3",
      "3,郭三,",
      ",郭五,5",
      "5,郭五,6",
      "5,郭五,7",
      "4,郭四,8",
      "4,郭四,8",
    ];
    const table = expectOk(await attach(id, rows.join("\n")));
    expect(table).toMatchObject({ names: ["金额"], taken: 2 });
    expect(table.problems.map(({ row, household, message }) => `${row} ${household} ${message}`)).toEqual([
      "3 77 名册里没有这个户号，这一行没用",
      "4 2 名册里 2号没有“郭三”，怕是错行了，这一行没用，请核对",
      "5 3 “金额”空着，改好再传一次，不然不发给这一户",
      "6  没有填户号，这一行没用",
      "8 5 与第 7 行是同一户，内容却不同，两行都没用，请留一行再传一次",
      "10 4 与第 9 行一样，只算一次",
    ]);
    expectOk(await attach(id, "户号,金额\n5,6\n"));
    expect((await preview(id)).recipients).toBe(1);
  });
  test.each([
    ["", "表格是空的"],
    ["姓名,金额\n郭一,1", "第一行要有“户号”这一列"],
    ["户号,姓名\n1,郭一", "还要有至少一列要填的内容"],
    ["户号,金额,金 额\n1,1,2", "有两列都叫“金额”"],
    ["户号,金额", "下面还没有一户的内容"],
    ["户号,金额\n99,1", "没有一行能用：第 2 行（99）名册里没有这个户号"],
  ])("%j is refused", async (text, said) => {
    const refused = await attach(await draft(BODY), text);
    expect(refused).toMatchObject({ ok: false, refusal: { errors: [{ field: "table" }] } });
    expect(refused.ok ? "" : refused.refusal.message).toContain(said);
  });
  test("makes whoever filled it in the drafter: he does not approve his own sums", async () => {
    const id = await draft(BODY);
    const table = expectOk(readPasted("户号,金额\n1,9999\n"));
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => attachValues(work, id, table)));
    expectOk(await submit(id));
    expect(await approve(id)).toMatchObject({ ok: false, refusal: { code: "self_approval" } });
  });
  test("is not changed once the notice is handed in", async () => {
    const id = await draft(BODY);
    await attach(id, "户号,金额\n1,1\n");
    expectOk(await submit(id));
    expect(await attach(id, "户号,金额\n1,2\n")).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });
  });
});
