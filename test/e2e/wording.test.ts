import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import { cancelBroadcast, resumeBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { listParts } from "../../src/broadcast/series/series.queries.ts";
import { listTemplates } from "../../src/broadcast/template/template.queries.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { addPolicy } from "../../src/policy/write-policy.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { type Cast, expectOk, givenVillage } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

/** Invented; its check digit is right. */
const ID_NUMBER = "370306199003077716";
const clock = new StoppedClock();
let system: System;
let here: Cast;
let there: Cast;
let clerk: Api;
let desk: Visitor;
let boss: Visitor;

beforeAll(async () => {
  system = await startSystem({ clock });
  here = await givenVillage(system.ctx, { code: "here", households: 3, township: "town" });
  there = await givenVillage(system.ctx, { code: "there", households: 1, firstPhone: 50 });
  clerk = await system.api("clerk", { village: "here" });
  desk = await signIn(system.url, "here-clerk");
  boss = await signIn(system.url, "here-xxx");
}, 60_000);
afterAll(() => system.stop());

type Answer = { id: string; code: string; errors: { field: string; message: string }[] };
const send = (body: string, more: object = {}) =>
  clerk.post<Answer>("/villages/here/broadcasts", { column: "村务公开", body, ...more });
const page = async (visitor: Visitor, path: string) => await (await visitor.get(path)).text();
const ofClerk = <T>(body: Parameters<typeof inWork<T>>[2]) => inWork(system.ctx.work, here.clerk, body);

describe("nothing leaves that the lint blocks", () => {
  test("by program: 422, with the field, and without repeating the number", async () => {
    const refused = await send(`请${ID_NUMBER}来领`);
    expect(refused).toMatchObject({ status: 422, body: { code: "lint_blocked", errors: [{ field: "body" }] } });
    expect(JSON.stringify(refused.body)).not.toContain(ID_NUMBER);
    const options = await send("修路吗", { kind: "poll", options: ["同意", "看www.a.com"] });
    expect(options).toMatchObject({ status: 422, body: { code: "lint_blocked", errors: [{ field: "options" }] } });
  });

  test("a draft may hold it, and is refused when it is handed in", async () => {
    const draft = await send("点击http://a.cn领补贴", { submit: false });
    expect(draft.status).toBe(201);
    expect((await clerk.post<Answer>(`/broadcasts/${draft.body.id}/submission`, {})).body.code).toBe("lint_blocked");
  });

  test("what changed since the handing in is read again at the signature", async () => {
    const phone = "13900000033";
    expect((await desk.post("/v/here/public-phones", { label: "村医", phone })).status).toBe(403);
    expect((await boss.post("/v/here/public-phones", { label: "村医王大夫", phone })).status).toBe(303);
    expect(await page(desk, "/v/here/public-phones")).toContain(phone);
    const sent = await send(`看病打村医电话${phone}`);
    expect(sent.status).toBe(201);
    const [, mark] = /name="drop" value="(\w+)"/.exec(await page(boss, "/v/here/public-phones")) ?? [];
    expect((await boss.post("/v/here/public-phones", { drop: mark ?? "" })).status).toBe(303);
    const secretary = await system.api("secretary", { village: "here" });
    expect((await secretary.post<Answer>(`/broadcasts/${sent.body.id}/approval`, {})).body.code).toBe("lint_blocked");
  });

  test("a contact on the public page may be named with his phone, and only while he stands there", async () => {
    const phone = "13900000044";
    const path = `/v/here/public/people/${here.clerk.id}`;
    const contact = { post: "村务员", duty: "", phone };
    expect((await boss.post(path, { ...contact, shown: "1" })).status).toBe(303);
    expect((await send(`交表的事问村务员${phone}`)).status).toBe(201);
    expect((await boss.post(path, contact)).status).toBe(303);
    expect((await send(`收表的事问村务员${phone}`)).body.code).toBe("lint_blocked");
  });

  test("a number that is none is refused beside its field, twice the same too", async () => {
    const refused = await boss.post("/v/here/public-phones", { label: "电工", phone: "1390000" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("手机号少 4 位");
  });
});

describe("templates", () => {
  const pick = (one?: { column: string; body: string }) => ({ column: one?.column ?? "", body: one?.body ?? "" });
  const shelf = (cast: Cast) => inWork(system.ctx.work, cast.clerk, (work) => listTemplates(work.tx, cast.village));

  test("a new village has some for each column, and another village's are not its own", async () => {
    const mine = await shelf(here);
    expect(mine.length).toBeGreaterThan(20);
    expect((await desk.get(`/v/here/templates/${(await shelf(there))[0]?.id}`)).status).toBe(404);
    expect(await page(desk, "/v/here/templates")).toContain("用“停水”写一条");
  });

  test("a village that began without them gets what it lacks in one tap, and not what it has put away", async () => {
    expect(await page(desk, "/v/here/templates")).not.toContain("补上常用的");
    const [first, second] = await shelf(here);
    await desk.post(`/v/here/templates/${first?.id}/active`, { active: "0" });
    // Renamed is another one: the usual one is missing.
    const renamed = await desk.post(`/v/here/templates/${second?.id}`, { ...pick(second), name: "咱村的会议结果" });
    expect(renamed.status).toBe(303);
    expect(await page(desk, "/v/here/templates")).toContain("补上常用的 1 个模板");
    const done = await desk.post("/v/here/templates/founding");
    expect(done.headers.get("location")).toContain("done=templates_found");
    expect((await shelf(here)).filter((one) => one.name === second?.name)).toHaveLength(1);
    expect(await page(desk, "/v/here/templates")).not.toContain("补上常用的");
    await desk.post(`/v/here/templates/${first?.id}/active`, { active: "1" });
  });

  test("a blank that nobody knows is refused with the nearest that there is", async () => {
    const refused = await desk.post("/v/here/templates", { column: "村务公开", name: "试", body: "{{姓明}}来开会" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("是不是“{{姓名}}”");
  });

  test("is written, changed with its history kept, begun from, retired", async () => {
    const made = await desk.post("/v/here/templates", {
      column: "生产生活",
      name: "麦收",
      body: "｛｛ 姓名 ｝｝来排队",
    });
    const at = made.headers.get("location")?.split("?")[0] ?? "";
    expect(await page(desk, at)).toContain("村民1来排队");
    await desk.post(at, { column: "生产生活", name: "麦收", body: "{{姓名}}来排队收麦" });
    expect(await page(desk, at)).toContain("以前怎么写的，1 版");
    const again = await desk.post("/v/here/templates", { column: "生产生活", name: "麦收", body: "又一个" });
    expect(await again.text()).toContain("请换个名称");
    const begun = await desk.post(`${at}/notice`);
    expect(begun.headers.get("location")).toMatch(/notices\/[\w-]+\/write$/);
    expect(await page(desk, begun.headers.get("location") ?? "")).toContain("来排队收麦");
    await desk.post(`${at}/active`, { active: "0" });
    expect(await page(desk, "/v/here/templates")).toContain("停用的 1 个");
  });
});

describe("a tip made of a policy", () => {
  test("is a draft in the column of tips", async () => {
    const policy = { title: "高龄津贴", standard: "每月50元", process: "到村委会登记", office: "民政办" };
    const id = expectOk(await ofClerk((work) => addPolicy(work, here.village, policy)));
    const made = await desk.post(`/v/here/policies/${id}/tip`);
    const written = await page(desk, made.headers.get("location") ?? "");
    expect(written).toContain("高龄津贴：每月50元；到村委会登记；问民政办。");
    expect(await page(desk, `/v/here/series/new?policy=${id}`)).toContain("怎么办：到村委会登记。");
  });
});

describe("a series", () => {
  const WISH = { column: "政策学习", segments: "1", date: "2026-10-10", clock: "19:00", everyDays: "2" };
  const text = "这一条讲的是种粮补贴怎么领，先说谁能领。种自己承包地的都能领，租给别人的看合同怎么写。".repeat(3);
  // The name that both buttons have, in a variable: an object with it would look like a promise.
  const BUTTON = "then";
  const press = (button: string, words = text) =>
    desk.post("/v/here/series/new", { ...WISH, text: words, [BUTTON]: button });
  const idOf = (answer: Response) => /series\/([\w-]+)/.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
  const parts = (id: string) => ofClerk((work) => listParts(work.tx, here.village.id, id));
  /** What came of its moment: the service may have been quicker than this test. */
  const launch = async (id: BroadcastId) => {
    await inSystemWork(system.ctx.work, (work) => launchBroadcast(work, id));
    const { launchedAt, state } = (await findBroadcast(system.ctx.db.system, id)) ?? {};
    return launchedAt ? "launched" : state;
  };

  test("is looked at before anything is kept, and refused where it makes no sense", async () => {
    const look = await press("look");
    expect(await look.text()).toMatch(/分成 \d+ 条/);
    expect(await (await press("look", text.repeat(2))).text()).toMatch(/10月12日那一周 [3-9] 条.+发多了没人看/);
    const short = await press("submit", "短");
    expect(await short.text()).toContain("不用分");
    const blocked = await press("submit", `${text}${ID_NUMBER}`);
    expect(blocked.status).toBe(422);
    expect(await blocked.text()).toContain("像是身份证号");
    // Spelled out, a number has no digits that a cut would go round; each part shows half of it.
    const cut = await press("submit", `${"田".repeat(47)}一三九零五三一二二三三${"水".repeat(40)}`);
    expect([cut.status, (await cut.text()).includes("像是个人的手机号")]).toEqual([422, true]);
  });

  test("is approved in one tap, and no part overtakes an earlier one", async () => {
    clock.set("2026-10-09T09:00:00+08:00");
    const id = idOf(await press("submit"));
    const made = await parts(id);
    expect(made.length).toBeGreaterThan(2);
    expect(made.map(({ part }) => part)).toEqual(made.map((_, i) => i + 1));
    expect(await page(boss, `/v/here/series/${id}`)).toContain(`批准这 ${made.length} 条`);
    expect((await desk.post(`/v/here/series/${id}/approval`)).status).toBe(403);
    // Whoever signs has read these versions and no others.
    const approve = (seen: number[]) => boss.post(`/v/here/series/${id}/approval`, { seen: seen.join() });
    const versions = made.map(({ version }) => version);
    expect((await approve(versions.with(1, 7))).status).toBe(409);
    expect((await approve(versions)).status).toBe(303);
    expect(new Set((await parts(id)).map(({ state }) => state))).toEqual(new Set(["scheduled"]));
    expect(await page(desk, "/v/here/notices")).toContain(`连载第 1 条，看全部 ${made.length} 条`);

    const [first, second, third] = made.map((one) => one.id) as [BroadcastId, BroadcastId, BroadcastId];
    clock.set("2026-10-12T19:00:00+08:00");
    expect(await launch(second)).toBe("held");
    const early = await ofClerk((work) => resumeBroadcast(work, second));
    expect(early).toMatchObject({ ok: false, refusal: { message: "连载的第 1 条还没有发，请先发出去，或者取消" } });
    expectOk(await ofClerk((work) => cancelBroadcast(work, first)));
    expectOk(await ofClerk((work) => resumeBroadcast(work, second)));
    expect(await launch(second)).toBe("launched");
    // The first was canceled: whoever lets the third go has to say so once more.
    clock.set("2026-10-14T19:00:00+08:00");
    expect(await launch(third)).toBe("held");
    expectOk(await ofClerk((work) => resumeBroadcast(work, third)));
    expect(await launch(third)).toBe("launched");
  });

  test("is kept as drafts and handed in together; another village does not see it", async () => {
    clock.set("2026-10-09T09:00:00+08:00");
    const id = idOf(await press("keep", text.replaceAll("种粮", "农机")));
    expect(new Set((await parts(id)).map(({ state }) => state))).toEqual(new Set(["draft"]));
    expect((await desk.post(`/v/here/series/${id}/submission`)).status).toBe(303);
    expect(new Set((await parts(id)).map(({ state }) => state))).toEqual(new Set(["awaiting_approval"]));
    const stranger = await signIn(system.url, "there-clerk");
    expect((await stranger.get(`/v/there/series/${id}`)).status).toBe(404);
  });
});
