import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { type Cast, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Notice = {
  id: string;
  state: string;
  note: string | null;
  version: number;
  waitingFor: string[];
  visits: { listed: number; told: number };
  counts: Record<string, number>;
};

let system: System;
let cast: Cast;
const clock = new StoppedClock();
const pages: Record<string, Visitor> = {};
const keys: Record<string, Api> = {};

beforeAll(async () => {
  system = await startSystem({ clock });
  cast = await givenVillage(system.ctx, { township: "town" });
  await cast.actor("overseer", "郭长顺", phoneOf(905));
  await cast.actor("cadre", "王春霞", phoneOf(907));
  await givenSupervisor(system.ctx, cast);
  const logins = { clerk: "clerk", secretary: "xxx", overseer: "0905", cadre: "0907" };
  for (const [role, login] of Object.entries(logins)) pages[role] = await signIn(system.url, `guojia-${login}`);
  pages.township = await signIn(system.url, "dudao");
  for (const role of ["clerk", "secretary", "overseer", "cadre"] as const)
    keys[role] = await system.api(role, { village: "guojia" });
  keys.township = await system.api("township", { township: "town" });
  // The last digits decide what the simulator does with a text: a good phone, one switched off, a number that is none.
  const roster = [
    `户号,姓名,手机号,网格,联户干部`,
    `1,村民一,${phoneOf(10_001)},东网格,王春霞`,
    `2,村民二,,东网格,王春霞`,
    `3,村民三,,西网格,`,
  ];
  const imported = await as("clerk").post("/villages/guojia/roster", `${roster.join("\n")}\n`, {
    "content-type": "text/csv",
  });
  expect(imported.status).toBe(200);
}, 60_000);
afterAll(() => system.stop());

const as = (role: string): Api => keys[role] as Api;
const by = (role: string): Visitor => pages[role] as Visitor;
let nth = 0;
const write = async (more: object = {}) =>
  (
    await as("clerk").post<Notice>("/villages/guojia/broadcasts", {
      column: "财务公开",
      body: `第${++nth}张账贴出来了。`,
      ...more,
    })
  ).body;
/** The name that the buttons of a form with several have. */
const BUTTONS = "then";
const pressed = (button: string) => ({ [BUTTONS]: button });
const read = async (id: string) => (await as("clerk").get<Notice>(`/broadcasts/${id}`)).body;
const page = async (role: string, path: string) => (await by(role).get(path)).text();

describe("the overseer's signature", () => {
  test("over the API: either first, and the answer says who is missing", async () => {
    const { id } = await write();
    const first = await as("overseer").post<Notice>(`/broadcasts/${id}/approval`);
    expect([first.status, first.body.state, first.body.waitingFor]).toEqual([200, "awaiting_approval", ["approver"]]);
    const second = await as("secretary").post<Notice>(`/broadcasts/${id}/approval`, { version: first.body.version });
    expect([second.body.state, second.body.waitingFor]).toEqual(["scheduled", []]);
    await system.settle();
    expect((await read(id)).counts).toMatchObject({ delivered: 1 });
  });

  test("on the page: today shows it to whoever must sign, and the notice says what is missing", async () => {
    const { id } = await write();
    const notice = `/v/guojia/notices/${id}`;
    expect(await page("overseer", "/v/guojia")).toContain("等您签字的通知");
    expect(await page("secretary", "/v/guojia")).toContain("等您审批的通知");
    expect(await page("clerk", notice)).toContain("等书记和村监会签字");
    expect(await page("clerk", notice)).not.toContain(`${notice}/approval`);
    const signed = await by("overseer").post(`${notice}/approval`, { version: "1" });
    expect(signed.headers.get("location")).toBe(`${notice}?done=signed`);
    expect(await page("overseer", "/v/guojia")).not.toContain(notice);
    const secretary = await page("secretary", notice);
    expect(secretary).toContain("还差书记签字");
    expect(secretary).toContain("批准，发给 1 户");
    expect((await by("secretary").post(`${notice}/approval`, { version: "1" })).status).toBe(303);
    expect((await read(id)).state).not.toBe("awaiting_approval");
    await system.settle();
  });

  test("is the overseer's alone where the village has one", async () => {
    const { id } = await write();
    expect((await as("township").post(`/broadcasts/${id}/approval`)).status).toBe(403);
  });
});

test("whoever approves what was changed since is shown it again", async () => {
  const { id, version } = await write({ column: "村务公开", body: "九月的账：收入15150元，支出4360元。" });
  const notice = `/v/guojia/notices/${id}`;
  // Another key is another person.
  expect((await by("clerk").post(`${notice}/withdrawal`)).status).toBe(403);
  expect((await as("clerk").post(`/broadcasts/${id}/withdrawal`)).body).toMatchObject({ state: "draft" });
  const words = "九月的账：收入15150元，支出4370元。";
  expect(
    (await by("clerk").post(`${notice}/write`, { column: "村务公开", body: words, version: String(version) })).status,
  ).toBe(303);
  expect((await as("clerk").post(`/broadcasts/${id}/submission`)).status).toBe(200);
  const stale = await by("secretary").post(`${notice}/approval`, { version: String(version) });
  expect([stale.status, (await stale.text()).includes("内容刚改过，请再看一遍")]).toEqual([409, true]);
  const refused = await as("secretary").post<{ code: string }>(`/broadcasts/${id}/approval`, { version });
  expect([refused.status, refused.body.code]).toEqual([409, "move_not_allowed"]);

  // Whoever wrote the last words is the drafter, and may take them back.
  expect((await by("clerk").post(`${notice}/withdrawal`)).headers.get("location")).toBe(`${notice}?done=taken_back`);
  const history = await page("secretary", `${notice}/history`);
  expect(history).toContain("改过 1 次");
  expect(history).toContain("支出43<del>6</del><ins>7</ins>0元");
  const asked = await as("clerk").get<{ versions: { changes: { kind: string; text: string }[] }[] }>(
    `/broadcasts/${id}/history`,
  );
  expect(asked.body.versions[1]?.changes.map(({ kind }) => kind)).toEqual(["same", "out", "in", "same"]);
});

test("comments are for staff, escaped, and stand in the history", async () => {
  const { id } = await write({ column: "村务公开" });
  const notice = `/v/guojia/notices/${id}`;
  expect((await by("cadre").post(`${notice}/comments`, { comment: "x" })).status).toBe(403);
  const empty = await by("overseer").post(`${notice}/comments`, { comment: " " });
  expect([empty.status, (await empty.text()).includes("请写留言")]).toEqual([422, true]);
  await by("overseer").post(`${notice}/comments`, { comment: "<script>日期写清楚</script>" });
  const shown = await page("clerk", notice);
  expect(shown).toContain("&lt;script&gt;日期写清楚");
  expect((await as("secretary").post(`/broadcasts/${id}/comments`, { text: "好" })).status).toBe(200);
  expect((await as("secretary").post(`/broadcasts/${id}/return`, { reason: "日期" })).status).toBe(200);
});

describe("an emergency that cannot wait", () => {
  const urgent = (more: object = {}) =>
    as("clerk").post<Notice>("/villages/guojia/broadcasts", {
      column: "生产生活",
      body: "河水漫坝，请马上到小学操场。",
      kind: "emergency",
      reason: "书记电话打不通",
      ...more,
    });

  test("leaves with one key, is on the secretary's page of today, and signed after", async () => {
    const { id } = (await urgent()).body;
    await system.settle();
    expect(await read(id)).toMatchObject({ counts: { delivered: 1 }, waitingFor: ["approver"] });
    const notice = `/v/guojia/notices/${id}`;
    for (const role of ["secretary", "township"]) {
      const today = await page(role, "/v/guojia");
      expect(today).toContain("等您补签的紧急通知");
      expect(today).toContain("书记电话打不通");
    }
    expect(await page("clerk", notice)).toContain("先发出去了，等人补签");
    const wordless = await by("secretary").post(`${notice}/countersignature`, { ...pressed("object"), why: "" });
    expect([wordless.status, (await wordless.text()).includes("不认可要写明原因")]).toEqual([422, true]);
    const signed = await by("secretary").post(`${notice}/countersignature`, pressed("agree"));
    expect(signed.headers.get("location")).toBe(`${notice}?done=countersigned`);
    expect((await read(id)).waitingFor).toEqual([]);
    expect(await page("secretary", "/v/guojia")).not.toContain("等您补签的紧急通知");
  });

  test("is objected to over the API, with the reason in its history", async () => {
    const { id } = (await urgent()).body;
    await system.settle();
    const objected = await as("township").post(`/broadcasts/${id}/countersignature`, { agree: false, reason: "能等" });
    expect(objected.status).toBe(200);
    expect(await page("clerk", `/v/guojia/notices/${id}`)).toContain("补签：不认可");
  });

  test.each([
    ["a reason for an ordinary notice", { kind: "notice" }],
    ["a reason of blanks", { reason: "  " }],
    ["a reason and a time", { sendAt: "2026-10-20T10:00:00+08:00" }],
  ])("%s is refused beside its field", async (_, more) => {
    expect(await urgent(more)).toMatchObject({ status: 422, body: { errors: [{ field: "reason" }] } });
  });
});

describe("after sending", () => {
  let id: string;
  let notice: string;
  beforeAll(async () => {
    id = (await write({ column: "村务公开", body: "明天上午九点开村民代表会。" })).id;
    notice = `/v/guojia/notices/${id}`;
    await as("secretary").post(`/broadcasts/${id}/approval`);
    await system.settle();
  });

  test("the doors that did not get it are listed by cause, put on the list, and told by their cadre", async () => {
    const lost = await page("secretary", `${notice}/unreached`);
    expect(lost).toContain("2 户没收到");
    expect(lost).toContain("没有手机");
    const none = await by("clerk").post(`${notice}/visits`, {});
    expect([none.status, (await none.text()).includes("请至少选一种原因")]).toEqual([422, true]);
    const listed = await by("clerk").post(`${notice}/visits`, { "cause-no_phone": "1" });
    expect(listed.headers.get("location")).toBe(`${notice}/visits?done=visits_listed`);

    expect(await page("cadre", "/v/guojia")).toContain("还要去告诉的户");
    const his = await page("cadre", `${notice}/visits`);
    expect(his).toContain("村民二");
    expect(his).not.toContain("村民三");
    const household = /name="household" value="([^"]+)"/.exec(his)?.[1] ?? "";
    const told = await by("cadre").post(`${notice}/telling`, { household, how: "in_person", note: "" });
    expect(told.headers.get("location")).toBe(`${notice}/visits?done=door_told`);
    expect(await page("cadre", `${notice}/visits`)).toContain("1 户都告诉了");
    expect(await page("clerk", notice)).toContain("2 户里已告知 1 户");
    expect((await read(id)).visits).toEqual({ listed: 2, told: 1 });
  });

  test("a cadre reads no notice that he need not tell, and ticks nobody else's door", async () => {
    const other = await write({ column: "村务公开", body: "还没批的草稿。", submit: false });
    expect((await by("cadre").get(`/v/guojia/notices/${other.id}/visits`)).status).toBe(404);
    expect((await by("cadre").get(`/v/guojia/notices/${other.id}/visits/print`)).status).toBe(404);
    const elsewhere = await as("cadre").post(`/broadcasts/${id}/telling`, { household: "3", how: "phone" });
    expect(elsewhere.status).toBe(404);
  });

  test("the list prints, a sheet for each cadre, without a phone number", async () => {
    const sheet = await page("clerk", `${notice}/visits/print`);
    expect(sheet).toContain("没有联户干部的户");
    expect(sheet).toContain("村民签字");
    expect(sheet).not.toMatch(/1\d{2}\*{4}\d{4}|1\d{10}/);
  });

  test("with blanks each door is told its own words, on the page and on paper", async () => {
    const own = await write({ column: "村务公开", body: "{{姓名}}您家分红{{金额}}元。", submit: false });
    await as("clerk").post(`/broadcasts/${own.id}/values`, { table: "户号,金额\n1,300\n2,8\n" });
    await as("clerk").post(`/broadcasts/${own.id}/submission`);
    await as("secretary").post(`/broadcasts/${own.id}/approval`);
    await system.settle();
    await as("clerk").post(`/broadcasts/${own.id}/visits`, { causes: ["no_phone"] });
    for (const where of ["visits", "visits/print"]) {
      const list = await page("clerk", `/v/guojia/notices/${own.id}/${where}`);
      expect(list).toContain("村民二您家分红8元。");
      expect(list).not.toMatch(/\{\{|【/);
    }
  });

  test("a correction is drafted in one tap, and both pages point at each other", async () => {
    const drafted = await by("clerk").post(`${notice}/correction`);
    const correction = /notices\/([0-9a-f-]{36})/.exec(drafted.headers.get("location") ?? "")?.[1] ?? "";
    expect(await page("clerk", notice)).toContain("更正写好了，还没发");
    await as("clerk").post(`/broadcasts/${correction}/submission`);
    await as("secretary").post(`/broadcasts/${correction}/approval`);
    await system.settle();
    expect(await page("clerk", notice)).toMatch(/已更正，<a class="go" href="\/v\/guojia\/notices\/[0-9a-f-]{36}">/);
    expect(await page("clerk", `/v/guojia/notices/${correction}`)).toContain("这条是更正");
  });

  test("nobody left with a phone: the same text again is refused with the reason", async () => {
    const again = await by("clerk").post(`${notice}/again`);
    expect([again.status, (await again.text()).includes("没有人能收到")]).toEqual([422, true]);
  });
});
