import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
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
    expect(await page(clerk, "/v/guojia/notices/new")).toMatch(/10月额度 20 条，已用 12 条，这条通知要 12 条/);

    const second = await write("第二条");
    const refused = await as("secretary").post(`/broadcasts/${second.id}/approval`);
    expect([refused.status, refused.body.code]).toEqual([409, "over_budget"]);
    const notice = `/v/guojia/notices/${second.id}`;
    expect((await secretary.post(`${notice}/over-budget`)).status).toBe(403);
    expect(await page(secretary, notice)).not.toContain(`${notice}/over-budget`);
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
