import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { freshNotice, keepNotice, pressed } from "../support/compose-notice.ts";
import { type Cast, givenSupervisor, givenVillage } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Notice = { id: string; state: string; note: string | null; overBudget: boolean; counts: Record<string, number> };

let system: System;
let cast: Cast;
let clerk: Visitor;
let secretary: Visitor;
let supervisor: Visitor;
const keys: Record<string, Api> = {};
const clock = new StoppedClock();

beforeAll(async () => {
  system = await startSystem({ clock });
  cast = await givenVillage(system.ctx, { households: 12, township: "town" });
  await givenSupervisor(system.ctx, cast);
  clerk = await signIn(system.url, "guojia-clerk");
  secretary = await signIn(system.url, "guojia-xxx");
  supervisor = await signIn(system.url, "dudao");
  for (const role of ["clerk", "secretary"] as const) keys[role] = await system.api(role, { village: "guojia" });
  keys.township = await system.api("township", { township: "town" });
  keys.platform = await system.api("platform");
}, 60_000);
afterAll(() => system.stop());

const as = (role: string): Api => keys[role] as Api;
const write = async (body: string, more: object = {}) =>
  (await as("clerk").post<Notice>("/villages/guojia/broadcasts", { column: "村务公开", body, ...more })).body;
const read = async (id: string) => (await as("clerk").get<Notice>(`/broadcasts/${id}`)).body;
const page = async (visitor: Visitor, path: string) => (await visitor.get(path)).text();

describe("the month's budget", () => {
  test("is set by township or platform, over the API and on its page, and by nobody else", async () => {
    const set = (role: string, monthlySegments: number | null) =>
      as(role).post("/villages/guojia/budget", { monthlySegments });
    expect((await set("clerk", 5)).status).toBe(403);
    expect((await set("secretary", 5)).status).toBe(403);
    expect((await set("platform", 500)).body).toEqual({ month: "2026-10", monthlySegments: 500, used: 0 });
    expect((await set("township", 400)).status).toBe(200);
    expect((await as("clerk").get("/villages/guojia/budget")).body).toMatchObject({ monthlySegments: 400 });
    expect((await set("township", -1)).status).toBe(422);

    expect(await page(clerk, "/v/guojia/budget")).not.toContain("<form");
    const typed = await supervisor.post("/v/guojia/budget", { monthlySegments: "三千" });
    expect([typed.status, (await typed.text()).includes("每月条数要写整数")]).toEqual([422, true]);
    const done = await supervisor.post("/v/guojia/budget", { monthlySegments: "30" });
    expect(done.headers.get("location")).toBe("/v/guojia/budget?done=budget_set");
    expect(await page(clerk, "/v/guojia/budget")).toContain("本月还能发 30 条");
  });

  test("is shown to whoever writes, refuses at approval, and yields to the township's button", async () => {
    await supervisor.post("/v/guojia/budget", { monthlySegments: "20" });
    const first = await write("第一条");
    expect((await as("secretary").post(`/broadcasts/${first.id}/approval`)).status).toBe(200);
    await system.settle();
    expect(await page(clerk, `${freshNotice("guojia")}/write?kind=notice`)).toMatch(
      /10月额度 20 条，已用 12 条，这条通知要 12 条/,
    );

    const second = await write("第二条");
    const refused = await as("secretary").post(`/broadcasts/${second.id}/approval`);
    expect([refused.status, refused.body.code]).toEqual([409, "over_budget"]);
    const notice = `/v/guojia/notices/${second.id}`;
    expect((await secretary.post(`${notice}/over-budget`)).status).toBe(403);
    expect(await page(secretary, notice)).not.toContain(`${notice}/over-budget`);
    // Nobody is shown a button that would be refused.
    expect(await page(secretary, notice)).not.toContain(`${notice}/approval`);
    expect(await page(supervisor, notice)).toContain(`${notice}/over-budget`);
    expect((await supervisor.post(`${notice}/over-budget`)).headers.get("location")).toBe(`${notice}?done=allowed`);
    expect((await secretary.post(`${notice}/approval`)).status).toBe(303);
    await system.settle();
    expect(await read(second.id)).toMatchObject({ state: "sent", overBudget: true, counts: { delivered: 12 } });
  });

  test("holds what was approved in time, shows it to the township today, and lets it go by the API", async () => {
    await supervisor.post("/v/guojia/budget", { monthlySegments: "" });
    const late = await write("定时的", { sendAt: "2026-10-09T10:00:00+08:00" });
    await as("secretary").post(`/broadcasts/${late.id}/approval`);
    await supervisor.post("/v/guojia/budget", { monthlySegments: "24" });
    clock.set("2026-10-09T10:00:00+08:00");
    await system.settle();
    expect(await read(late.id)).toMatchObject({ state: "held", note: expect.stringContaining("只剩 0 条") });
    expect(await page(supervisor, "/v/guojia")).toContain("等您同意的通知");
    expect(await page(clerk, `/v/guojia/notices/${late.id}`)).toContain("额度不够，等乡镇同意");
    expect((await as("clerk").post(`/broadcasts/${late.id}/over-budget`)).status).toBe(403);
    expect((await as("township").post(`/broadcasts/${late.id}/over-budget`)).status).toBe(200);
    await system.settle();
    expect((await read(late.id)).state).toBe("sent");
    expect((await as("clerk").get("/villages/guojia/budget")).body).toMatchObject({ used: 36 });
    await supervisor.post("/v/guojia/budget", { monthlySegments: "" });
  });
});

test("two stages are asked for on the page or over the API, and the notice's page says when the rest leaves", async () => {
  const notice = await keepNotice(clerk, "guojia", { column: "村务公开", body: "先发几户看看。" }, clock.now());
  const typed = { stageFirst: "4", stageMinutes: "", ...pressed("later") };
  const refused = await clerk.post(`${notice}/check`, typed);
  expect([refused.status, (await refused.text()).includes("等几分钟要写")]).toEqual([422, true]);
  const kept = await clerk.post(`${notice}/check`, { ...typed, stageMinutes: "45" });
  const id = /notices\/([0-9a-f-]{36})/.exec(kept.headers.get("location") ?? "")?.[1] ?? "";
  expect(await page(clerk, `${notice}/check`)).toContain('name="stageMinutes" type="text" value="45"');
  expect(await read(id)).toMatchObject({ state: "draft", staged: { first: 4, waitMinutes: 45 } });
  await as("clerk").post(`/broadcasts/${id}/submission`);
  await secretary.post(`/v/guojia/notices/${id}/approval`);
  await system.settle();
  expect((await read(id)).counts).toMatchObject({ delivered: 4, pending: 8 });
  expect(await page(clerk, `/v/guojia/notices/${id}`)).toMatch(/先发 4 户看看，.+ 自动发其余的/);
  expect((await as("clerk").post(`/broadcasts/${id}/cancellation`)).status).toBe(200);
  expect((await read(id)).counts).toMatchObject({ delivered: 4, canceled: 8 });

  const bad = await as("clerk").post("/villages/guojia/broadcasts", {
    column: "村务公开",
    body: "先发几户看看。",
    staged: { first: 0, waitMinutes: 5 },
  });
  expect(bad.status).toBe(422);
});

describe("a test to oneself", () => {
  const PHONE = "+8619900000044";
  const texts = async () =>
    (
      await system.ctx.pools.system.query<{ body: string; lane: number; broadcast_id: string | null; state: string }>(
        "select body, lane, broadcast_id, state from messages where purpose = 'test' order by id",
      )
    ).rows;
  const givePhone = () =>
    system.ctx.pools.system.query("update staff set phone = $1, phone_hash = $2 where id = $3", [
      system.ctx.sealer.phone(PHONE as never),
      system.ctx.sealer.hashPhone(PHONE as never),
      cast.clerk.id,
    ]);
  const typed = { column: "村务公开", body: "试试看行不行。" };
  const press = { when: "now", ...pressed("test") };
  let notice = "";

  test("is refused with a sentence where no phone is on record", async () => {
    notice = await keepNotice(clerk, "guojia", typed, clock.now());
    const refused = await clerk.post(`${notice}/check`, press);
    const html = await refused.text();
    expect([refused.status, html.includes("没有登记手机号"), html.includes(typed.body)]).toEqual([422, true, true]);
  });

  test("brings the text as villagers would read it, counts nowhere, and comes five times an hour at most", async () => {
    await givePhone();
    const { used } = (await as("clerk").get("/villages/guojia/budget")).body;
    const id = notice.split("/").at(-1) ?? "";
    expect((await clerk.post(`${notice}/check`, press)).headers.get("location")).toBe(`${notice}/check?done=tested`);
    expect(await page(clerk, `${notice}/check?done=tested`)).toContain("已发到您自己的手机");
    await system.settle();
    expect(await texts()).toEqual([
      { body: `【郭家村村委会】${typed.body}`, lane: 1, broadcast_id: null, state: "delivered" },
    ]);
    const { rows } = await system.ctx.pools.system.query(
      "select recipient, body from simulator.messages where phone = $1",
      [PHONE],
    );
    expect(rows).toEqual([{ recipient: PHONE, body: `【郭家村村委会】${typed.body}` }]);
    expect(await read(id)).toMatchObject({ state: "draft", counts: { pending: 0, delivered: 0 } });
    expect((await as("clerk").get("/villages/guojia/budget")).body.used).toBe(used);

    // Two clicks at once are two requests, counted one after the other.
    const more = await Promise.all(Array.from({ length: 6 }, () => clerk.post(`${notice}/test`)));
    expect(more.map((answer) => answer.status).sort()).toEqual([303, 303, 303, 303, 429, 429]);
    expect(await (await clerk.post(`${notice}/test`)).text()).toContain("一小时最多试发 5 次");
    clock.advance(61 * 60_000);
    expect((await clerk.post(`${notice}/test`)).status).toBe(303);
    await system.settle();
    expect(await texts()).toHaveLength(6);
  });
});

describe("a notice that repeats", () => {
  type Schedule = { id: string; active: boolean; approved: boolean; nextAt: string | null; lastDate: string | null };
  const schedules = async () => (await as("clerk").get<{ items: Schedule[] }>("/villages/guojia/schedules")).body.items;
  const typed = { column: "村务公开", body: "本月的账贴在公开栏了。" };
  let notice = "";

  test("is asked for on the last of the three pages, which says what is missing", async () => {
    notice = await keepNotice(clerk, "guojia", typed, clock.now());
    const send = async (fields: Record<string, string>) => {
      const answer = await clerk.post(`${notice}/check`, { ...pressed("submit"), when: "now", ...fields });
      return [answer.status, await answer.text()] as const;
    };
    const missing: [Record<string, string>, string][] = [
      [{ repeat: "weekly", clock: "18:30" }, "请选每周的哪几天"],
      [{ repeat: "monthly", clock: "18:30", monthDay: "32" }, "每月的几号要写 1 到 31"],
      [{ repeat: "monthly", monthDay: "5" }, "请填几点几分"],
      [{ weekday1: "1", clock: "18:30" }, "请再选每周还是每月"],
      [{ repeat: "monthly", monthDay: "5", clock: "18:30", stageFirst: "3" }, "不能分两次发"],
      [{ repeat: "monthly", monthDay: "5", clock: "18:30", ...pressed("later") }, "重复的通知不能存草稿"],
    ];
    for (const [fields, said] of missing) {
      const [status, html] = await send(fields);
      expect([said, status, html.includes(said), html.includes(typed.body)]).toEqual([said, 422, true, true]);
    }
    expect(await schedules()).toEqual([]);
  });

  test("is never made of one that needs the overseer, or that is out of its writer's hands", async () => {
    const repeat = { ...pressed("submit"), when: "now", repeat: "weekly", weekday1: "1", clock: "18:30" };
    const paid = { column: "村务公开", body: "本月的补贴发到卡上了。", needsOverseer: "1" };
    const subsidy = await clerk.post(`${await keepNotice(clerk, "guojia", paid, clock.now())}/check`, repeat);
    expect([subsidy.status, (await subsidy.text()).includes("都要村监会签字，不能重复发")]).toEqual([422, true]);

    const { id } = await write("后天体检。", { sendAt: "2026-12-30T19:00:00+08:00" });
    await as("secretary").post(`/broadcasts/${id}/approval`);
    const late = await supervisor.post(`/v/guojia/notices/${id}/check`, repeat);
    expect(late.headers.get("location")).toBe(`/v/guojia/notices/${id}?done=frozen`);
    expect([(await read(id)).state, await schedules()]).toEqual(["scheduled", []]);
    await as("secretary").post(`/broadcasts/${id}/cancellation`);
  });

  test("is approved once by another person, comes at its time, and stops at a button", async () => {
    const repeat = { repeat: "monthly", monthDay: "9", clock: "18:30" };
    const done = await clerk.post(`${notice}/check`, { ...pressed("submit"), when: "now", ...repeat });
    expect(done.headers.get("location")).toBe("/v/guojia/schedules?done=schedule_made");
    expect(await read(notice.split("/").at(-1) ?? "")).toMatchObject({ state: "canceled" });
    const [made] = await schedules();
    expect(made).toMatchObject({ active: true, approved: false, nextAt: "2026-10-09T18:30:00+08:00" });
    const form = `/v/guojia/schedules/${made?.id}`;
    expect((await clerk.post(`${form}/approval`)).status).toBe(403);
    expect(await page(secretary, "/v/guojia")).toContain("等您同意");
    expect(await page(secretary, "/v/guojia/schedules")).toContain("每月9日 18:30");
    expect((await secretary.post(`${form}/approval`)).status).toBe(303);

    clock.set("2026-10-09T18:30:00+08:00");
    const found = async () => (await as("clerk").get<{ items: Notice[] }>("/villages/guojia/broadcasts?limit=1")).body;
    for (const end = Date.now() + 15_000; (await schedules())[0]?.lastDate === null && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 50));
    await system.settle();
    expect((await found()).items[0]).toMatchObject({
      state: "sent",
      counts: { delivered: 12 },
    });
    expect((await schedules())[0]).toMatchObject({ nextAt: "2026-11-09T18:30:00+08:00", lastDate: "2026-10-09" });

    expect((await clerk.post(`${form}/stop`)).headers.get("location")).toBe(
      "/v/guojia/schedules?done=schedule_stopped",
    );
    expect(await page(clerk, "/v/guojia/schedules")).toContain("没有每周每月重复的通知");
    expect((await schedules())[0]).toMatchObject({ active: false, nextAt: null });
  });

  test("is made, approved and stopped over the API as well", async () => {
    const make = (more: object) =>
      as("clerk").post<Schedule>("/villages/guojia/schedules", { ...more, column: "政策学习" });
    const body = "周五学习。";
    expect((await make({ body, time: "19:00" })).status).toBe(422);
    expect((await make({ body, time: "25:00", weekdays: [5] })).status).toBe(422);
    expect((await make({ body, time: "19:00", weekdays: [5], monthDay: 3 })).status).toBe(422);
    const made = await make({ body, time: "19:00", weekdays: [5, 1] });
    expect([made.status, made.body]).toMatchObject([201, { weekdays: [1, 5], monthDay: null, time: "19:00" }]);
    expect((await as("clerk").post(`/schedules/${made.body.id}/approval`)).status).toBe(403);
    expect((await as("secretary").post<Schedule>(`/schedules/${made.body.id}/approval`)).body.approved).toBe(true);
    expect((await as("clerk").post<Schedule>(`/schedules/${made.body.id}/stop`)).body.active).toBe(false);
    expect((await as("clerk").post(`/schedules/${made.body.id}/stop`)).status).toBe(409);
  });
});
