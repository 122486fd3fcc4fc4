import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countAudience, listAudience, listLeftOut } from "../../src/broadcast/audience/audience.queries.ts";
import { type AudienceCount, sayLeftOut } from "../../src/broadcast/audience/audience.ts";
import { checkAudience } from "../../src/broadcast/audience/check-audience.ts";
import { listRecipients } from "../../src/broadcast/audience/recipients.queries.ts";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import type { Audience } from "../../src/broadcast/broadcast.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { resumeBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { type BroadcastId, type InboundId, newId } from "../../src/lib/ids.ts";
import { causeOf } from "../../src/message/causes.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { optOut } from "../../src/roster/opt-out.queries.ts";
import { listColumns } from "../../src/village/village.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx);
  await roster(cast, ROSTER);
});
afterAll(() => t.stop());

/** 1 and 2 share a phone, 6 has none. */
const ROSTER = [
  `1,郭一,${phoneOf(1)},一组,东网格,党员`,
  `2,郭二,${phoneOf(1)},一组,西网格,`,
  `3,郭三,${phoneOf(3)},二组,东网格,`,
  `3,郭三媳妇,${phoneOf(33)},二组,东网格,党员；低保`,
  `4,郭四,${phoneOf(4)},二组,西网格,低保`,
  `5,郭五,${phoneOf(5)},三组,,`,
  "6,郭六,,三组,东网格,党员",
];
async function roster(of: Cast, rows: string[]): Promise<void> {
  const file = Buffer.from(`户号,姓名,手机号,小组,网格,身份\n${rows.join("\n")}\n`);
  expectOk(await inWork(t.ctx.work, of.clerk, (work) => importRoster(work, t.ctx.sealer, of.village.id, file)));
}

type Doors = Omit<Audience, "scope">;
const wish = (audience: Doors, scope: Audience["scope"] = "households", of = cast) => ({
  villageId: of.village.id,
  audience: { scope, ...audience },
  columnId: null,
  emergency: false,
});
const doorsOf = async (audience: Doors, scope?: Audience["scope"], of = cast) => {
  const people = await listAudience(t.ctx.db.system, wish(audience, scope, of), { limit: 100, offset: 0 });
  return people.map((one) => one.household);
};
const namesOf = async (audience: Doors) =>
  (await listAudience(t.ctx.db.system, wish(audience, "villagers"), { limit: 100, offset: 0 })).map((one) => one.name);
const count = (audience: Doors, scope?: Audience["scope"]): Promise<AudienceCount> =>
  countAudience(t.ctx.db.system, wish(audience, scope));
const check = (audience: Doors) =>
  inWork(t.ctx.work, cast.clerk, (work) => checkAudience(work, cast.village.id, { scope: "households", ...audience }));

describe("an audience of doors", () => {
  test.each([
    ["everybody", {}, ["1", "3", "4", "5"]],
    ["a group", { groups: ["二组"] }, ["3", "4"]],
    ["a grid, whose shared phone is first another's", { grids: ["西网格"] }, ["2", "4"]],
    ["a tag of somebody behind the door", { tags: ["低保"] }, ["3", "4"]],
    ["doors by number", { households: ["5", "6"] }, ["5"]],
    ["whoever is in one of the lists", { groups: ["三组"], tags: ["低保"], households: ["1"] }, ["1", "3", "4", "5"]],
    [
      "less a group, by which the second door gets the shared phone",
      { except: { households: ["1"] } },
      ["2", "3", "4", "5"],
    ],
    ["less what is named after the union", { tags: ["党员"], groups: ["二组"], except: { grids: ["东网格"] } }, ["4"]],
  ])("%s", async (_, audience, doors) => {
    expect(await doorsOf(audience)).toEqual(doors);
    expect((await count(audience)).recipients).toBe(doors.length);
  });

  test("of people: each person himself", async () => {
    expect(await namesOf({ tags: ["党员"] })).toEqual(["郭一", "郭三媳妇"]);
    expect(await namesOf({ groups: ["二组"], except: { tags: ["低保"] } })).toEqual(["郭三"]);
  });

  test("says who is left out and why", async () => {
    const audience = { groups: ["一组", "三组"], except: { households: ["5"] } };
    expect(await listLeftOut(t.ctx.db.system, wish(audience), { limit: 10, offset: 0 })).toMatchObject([
      { household: "2", name: "郭二", reason: "same_phone" },
      { household: "5", name: "郭五", reason: "excluded" },
      { household: "6", name: "郭六", reason: "no_phone", phone: null },
    ]);
    expect(await listLeftOut(t.ctx.db.system, wish(audience), { limit: 1, offset: 1 })).toMatchObject([
      { household: "5" },
    ]);
    expect(sayLeftOut(await count(audience))).toEqual(["1 户被排除", "1 户没有手机号", "1 户与别户同一部手机"]);
  });
});

describe("names are checked", () => {
  test("and taken as the roster spells them, each once", async () => {
    const written = {
      groups: [" 2组", "二组"],
      tags: ["黨員"],
      households: ["１号", "1", " "],
      except: { tags: ["低保"] },
    };
    expect(await check(written)).toEqual({
      ok: true,
      value: { scope: "households", groups: ["二组"], tags: ["党员"], households: ["1"], except: { tags: ["低保"] } },
    });
  });
  test.each([
    [{ groups: ["二租"] }, "audience.groups", "没有“二租”这个小组，是不是“二组”？"],
    [{ tags: ["党元"] }, "audience.tags", "没有“党元”这个身份，是不是“党员”？"],
    [{ except: { grids: ["东网络"] } }, "audience.except.grids", "没有“东网络”这个网格，是不是“东网格”？"],
    [{ households: ["1", "77"] }, "audience.households", "名册里没有77号这一户"],
    [{ groups: [] }, "audience.groups", "请选小组，或者不写这一项"],
    [{ households: [] }, "audience.households", "请写户号，用逗号隔开"],
    [{ unreachedOf: "nothing" as BroadcastId }, "audience.unreachedOf", "没有这条已经发出的通知"],
  ])("%j is refused", async (audience, field, message) => {
    const checked = await check(audience);
    expect(checked).toMatchObject({ ok: false, refusal: { errors: [{ field }] } });
    expect(checked.ok ? "" : checked.refusal.message).toContain(message);
  });
});

describe("consent and phones", () => {
  test("are counted apart, and an emergency passes over consent only", async () => {
    const of = await givenVillage(t.ctx, { code: "lijia" });
    await roster(
      of,
      Array.from({ length: 6 }, (_, i) => `${i + 1},李${i + 1},${phoneOf(200 + i)},一组,,`),
    );
    const columns = await listColumns(t.ctx.db.system, of.village.id);
    const saying = columns.find((column) => column.name === "智慧语录");
    const hash = (n: number) => t.ctx.sealer.hashPhone(phoneOf(200 + n) as never);
    await inSystemWork(t.ctx.work, async (work) => {
      const out = { villageId: of.village.id, inboundId: newId<InboundId>() };
      await optOut(work.tx, { ...out, phoneHash: hash(0), columnId: null }, work.now);
      await optOut(work.tx, { ...out, phoneHash: hash(1), columnId: saying?.id ?? null }, work.now);
    });
    const problem = (n: number, word: "blocked" | "invalid") =>
      t.ctx.db.system.updateTable("phones").set({ problem: word }).where("hash", "=", hash(n)).execute();
    await problem(2, "blocked");
    await problem(3, "invalid");
    const base = { ...wish({}, "households", of), columnId: saying?.id ?? null };
    const none = { declined: 0, noPhone: 0, samePhone: 0, excluded: 0, noValue: 0 };
    const counted = { ...none, recipients: 2, optedOut: 1, declined: 1, blocked: 1, badNumber: 1 };
    expect(await countAudience(t.ctx.db.system, base)).toEqual(counted);
    const urgent = { ...none, recipients: 4, optedOut: 0, blocked: 1, badNumber: 1 };
    expect(await countAudience(t.ctx.db.system, { ...base, emergency: true })).toEqual(urgent);

    // What was said before it left is what its list says afterwards.
    const id = await approved({}, "households", of, "智慧语录");
    await launch(id);
    const recipients = await listRecipients(t.ctx.db.system, id, { states: ["suppressed"], limit: 10, after: null });
    const said = recipients.map((one) => [one.household, one.reason, causeOf(one.state, one.reason)]);
    expect(said.sort()).toEqual([
      ["1", "opted_out", "opted_out"],
      ["2", "declined", "opted_out"],
      ["3", "blocked", "blocked"],
      ["4", "bad_number", "bad_number"],
    ]);
    expect(await doorsOf({ unreachedOf: id }, "households", of)).toEqual([]);
  });
});

async function approved(
  audience: Doors,
  scope: Audience["scope"] = "households",
  of = cast,
  column = "村务公开",
): Promise<BroadcastId> {
  const text = {
    column,
    body: "明天上午九点开村民代表会。",
    audience: { scope, ...audience },
    repeatAnyway: true,
  };
  const id = expectOk(await inWork(t.ctx.work, of.clerk, (work) => draftBroadcast(work, of.village, text, true)));
  return expectOk(await inWork(t.ctx.work, of.secretary, (work) => approveBroadcast(work, id)));
}
const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
const setState = (id: BroadcastId, n: number, state: "delivered" | "undelivered" | "failed" | "unknown") =>
  t.ctx.db.system
    .updateTable("messages")
    .set({ state })
    .where("broadcast_id", "=", id)
    .where("phone_hash", "=", t.ctx.sealer.hashPhone(phoneOf(n) as never))
    .where("state", "<>", "suppressed")
    .execute();

describe("whom a notice did not reach", () => {
  test("by door: lost, in doubt, no phone; not the door whose shared phone got it", async () => {
    const id = await approved({});
    expect(await launch(id)).toBe("launched");
    expect(await doorsOf({ unreachedOf: id })).toEqual([]);
    expect((await count({ unreachedOf: id })).noPhone).toBe(1);
    await setState(id, 1, "delivered");
    await setState(id, 3, "undelivered");
    await setState(id, 4, "failed");
    await setState(id, 5, "unknown");
    expect(await doorsOf({ unreachedOf: id })).toEqual(["3", "4", "5"]);
    expect(await doorsOf({ unreachedOf: id, except: { groups: ["三组"] } })).toEqual(["3", "4"]);
    expect(await namesOf({ unreachedOf: id })).toEqual(["郭三", "郭三媳妇", "郭四", "郭五"]);
    // The first text of the shared phone failed: then neither of its doors has it.
    await setState(id, 1, "failed");
    expect(await doorsOf({ unreachedOf: id })).toEqual(["1", "3", "4", "5"]);
    expect((await count({ unreachedOf: id })).samePhone).toBe(1);

    const again = await approved({ unreachedOf: id });
    await launch(again);
    await setState(again, 3, "delivered");
    await setState(again, 4, "undelivered");
    expect(await doorsOf({ unreachedOf: again })).toEqual(["4"]);
  });

  test("by person: each phone for itself", async () => {
    const id = await approved({ groups: ["二组"] }, "villagers");
    await launch(id);
    await setState(id, 33, "undelivered");
    expect(await namesOf({ unreachedOf: id })).toEqual(["郭三媳妇"]);
    expect(await doorsOf({ unreachedOf: id })).toEqual([]);
  });
});

describe("an audience that becomes empty between approval and sending", () => {
  test("is held with words, and goes once somebody can be reached", async () => {
    const of = await givenVillage(t.ctx, { code: "wangjia" });
    await roster(of, [`1组03号,王三,${phoneOf(303)},三组,,`]);
    const written = { scope: "households" as const, households: ["１组03号"] };
    expect(await inWork(t.ctx.work, of.clerk, (work) => checkAudience(work, of.village.id, written))).toMatchObject({
      value: { households: ["1组03号"] },
    });
    await roster(of, [`1,王一,${phoneOf(301)},一组,,低保`, `2,王二,${phoneOf(302)},二组,,`]);
    const id = await approved({ tags: ["低保"] }, "households", of);
    const hash = t.ctx.sealer.hashPhone(phoneOf(301) as never);
    const problem = (word: "invalid" | null) =>
      t.ctx.db.system.updateTable("phones").set({ problem: word }).where("hash", "=", hash).execute();
    await problem("invalid");
    expect(await launch(id)).toBe("held");
    const held = await findBroadcast(t.ctx.db.system, id);
    expect(held).toMatchObject({ state: "held", heldFor: "audience", reservedSegments: 0, launchedAt: null });
    expect(held?.note).toContain("现在没有人能收到");
    await problem(null);
    expectOk(await inWork(t.ctx.work, of.secretary, (work) => resumeBroadcast(work, id)));
    expect(await launch(id)).toBe("launched");
  });

  test("and one whose group is no more is held too: nobody is texted who was to be left out", async () => {
    const of = await givenVillage(t.ctx, { code: "zhaojia" });
    await roster(of, [`1,赵一,${phoneOf(401)},一组,,`, `2,赵二,${phoneOf(402)},二组,,`]);
    const id = await approved({ except: { groups: ["二组"] } }, "households", of);
    await inWork(t.ctx.work, of.secretary, (work) =>
      work.tx
        .updateTable("groups")
        .set({ name: "南组" })
        .where("name", "=", "二组")
        .where("village_id", "=", of.village.id)
        .execute(),
    );
    expect(await launch(id)).toBe("held");
    expect((await findBroadcast(t.ctx.db.system, id))?.note).toContain("没有“二组”这个小组");
  });
});
