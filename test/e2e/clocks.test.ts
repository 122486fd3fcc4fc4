import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { type Cast, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Clocks = { clocks: { name: string; until: string; why: string; days: { date: string; words: string }[] }[] };
type Calendar = { known: boolean; runs: { first: string; off: boolean }[]; byHand: { day: string; scope: string }[] };

let system: System;
let cast: Cast;
let admin: Api;
let secretary: Api;
let township: Api;
const clock = new StoppedClock();

beforeAll(async () => {
  system = await startSystem({ clock });
  cast = await givenVillage(system.ctx, { households: 3, township: "town" });
  admin = await system.api("platform");
  secretary = await system.api("secretary", { village: "guojia" });
  township = await system.api("township", { township: "town" });
});
afterAll(() => system.stop());

/** Another villager, another matter: nothing is joined to what was said before. */
const MATTERS = ["村西头的下水道堵了", "卫生室的药老是断", "文化大院的门老锁着"];
let opened = 0;
const openCase = async () => {
  await system.text(phoneOf(opened + 1), MATTERS[opened] ?? "");
  opened++;
  await system.settle();
  type Item = { id: string; number: number; dueAt: string };
  const { body } = await secretary.get<{ items: Item[] }>("/villages/guojia/suggestions");
  return body.items.sort((a, b) => b.number - a.number)[0] ?? { id: "", dueAt: "" };
};
/** The workers reckon in their own time. */
const until = async (id: string, dueAt: string) => {
  for (let tries = 0; tries < 200; tries++) {
    const { body } = await secretary.get<{ dueAt: string }>(`/suggestions/${id}`);
    if (body.dueAt === dueAt) return dueAt;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return "never";
};

test("a village is made with the old three numbers, with spans, or with neither", async () => {
  const make = (code: string, promises?: unknown) =>
    admin.post("/villages", { code, name: code, signature: "某某村村委会", ...(promises ? { promises } : {}) });
  expect((await make("plain")).status).toBe(201);
  expect((await make("old", { answerWorkdays: 3, extensionWorkdays: 7, ratingDays: 10 })).status).toBe(201);
  expect((await make("new", { firstResponse: { amount: 4, unit: "hours" } })).status).toBe(201);
  const wrong = await make("wrong", { result: { amount: 61, unit: "working_days" } });
  expect([wrong.status, wrong.body.code]).toEqual([422, "validation_failed"]);
  expect((await make("odd", { result: { amount: 5, unit: "moons" } })).status).toBe(422);
  const old = await (await system.api("clerk", { village: "old" })).get("/villages/old/promises");
  expect(old.body).toMatchObject({
    promises: {
      result: { amount: 3, unit: "working_days" },
      extension: { amount: 7, unit: "working_days" },
      rating: { amount: 10, unit: "calendar_days" },
      firstResponse: { amount: 24, unit: "hours" },
    },
    serviceHours: [["08:30", "17:30"]],
    yearsMissing: [],
  });
});

describe("a case's dates", () => {
  test("explain themselves day by day, and move when the township sets a day", async () => {
    const { id, dueAt } = await openCase();
    expect(dueAt).toBe("2026-10-16T00:00:00+08:00");
    const { body } = await secretary.get<Clocks>(`/suggestions/${id}/clocks`);
    const result = body.clocks.find((one) => one.name === "result");
    expect(result?.until).toBe(dueAt);
    expect(result?.why).toContain("10月10日（周六）国庆节调休上班，要算");
    expect(result?.days.filter((day) => day.words.startsWith("第"))).toHaveLength(5);

    const set = await township.post<Calendar>("/villages/guojia/calendar", {
      day: "2026-10-14",
      off: true,
      reason: "全镇体检",
    });
    expect([set.status, set.body.byHand]).toEqual([
      200,
      [{ day: "2026-10-14", off: true, reason: "全镇体检", scope: "township" }],
    ]);
    expect(await until(id, "2026-10-17T00:00:00+08:00")).not.toBe("never");
    expect((await secretary.post("/villages/guojia/calendar", { day: "2026-10-14", off: null })).status).toBe(403);
    const after = await secretary.get<Clocks>(`/suggestions/${id}/clocks`);
    expect(after.body.clocks.find((one) => one.name === "result")?.why).toContain("放假：全镇体检不算");
  });

  test("move when the secretary changes the promise on the page", async () => {
    const { id } = await openCase();
    const visitor = await signIn(system.url, "guojia-xxx");
    const done = await visitor.post("/v/guojia/clocks", { result: "8", resultUnit: "working_days" });
    expect([done.status, done.headers.get("location")]).toEqual([303, "/v/guojia/clocks?done=clocks_set"]);
    expect(await until(id, "2026-10-22T00:00:00+08:00")).not.toBe("never");
    const wrong = await visitor.post("/v/guojia/clocks", { result: "0", resultUnit: "working_days" });
    expect([wrong.status, (await wrong.text()).includes("要写 1 到 60 的整数")]).toEqual([422, true]);
  });
});

test("a year that nobody has planned yet is said loudly, and the service stays ready", async () => {
  clock.set("2026-12-28T09:00:00+08:00");
  const gauge = async () =>
    /cunwu_missing_holiday_years (\d+)/.exec(await (await fetch(`${system.url}/metrics`)).text())?.[1];
  expect((await fetch(`${system.url}/readyz`)).status).toBe(200);
  expect(await gauge()).toBe("1");
  const visitor = await signIn(system.url, "guojia-xxx");
  const page = async () => (await visitor.get("/v/guojia")).text();
  expect(await page()).toContain("2027年的放假调休安排还没有录入");
  const id = (await openCase()).id;
  const why = async () => (await visitor.get(`/v/guojia/cases/${id}/dates`)).text();
  expect(await why()).toContain("2027年的放假安排还没有公布，先按周一到周五上班算");
  // The notice comes out, and somebody types it in for the country: its last day makes the year known.
  const platform = await system.ctx.db.system
    .insertInto("calendar_days")
    .values({
      id: cast.village.id,
      county_id: null,
      township_id: null,
      day: "2027-10-01",
      off: true,
      reason: "国庆节",
      set_by: cast.secretary.id,
      set_at: clock.now(),
    })
    .executeTakeFirst()
    .catch((error: Error) => error.message);
  // Only pages may write it: the service itself has no business to.
  expect(platform).toContain("permission denied");
  const typed = await admin.post("/villages/guojia/calendar", {
    day: "2027-10-01",
    off: true,
    reason: "国庆节",
    scope: "country",
  });
  expect(typed.status).toBe(200);
  expect([await gauge(), (await page()).includes("还没有录入"), (await why()).includes("还没有公布")]).toEqual([
    "0",
    false,
    false,
  ]);
});
