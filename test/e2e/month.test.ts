import iconv from "iconv-lite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "../../src/lib/roles.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { pressed } from "../support/compose-notice.ts";
import { givenStaff, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

/** A text to this number is sent and never arrives (src/carrier/simulator/magic.ts). */
const SWITCHED_OFF = "19900009015";
const door = (n: number, name = `村民${n}`, phone = phoneOf(n).slice(3)) => `${n},${name},${phone},1组,1号网格,王网格`;
const GOOD = [
  ...Array.from({ length: 20 }, (_, i) => door(i + 1)),
  door(21, "关机的", SWITCHED_OFF),
  door(22, "没手机", ""),
];
/** What an office's list has wrong, by the code that the importer answers with. */
const BAD: [code: string, wrong: string, mended: string][] = [
  ["missing_household", door(31).replace(/^31/, ""), door(31)],
  ["missing_name", door(32, ""), door(32)],
  ["phone_too_short", door(33, "少一位", "1380000033"), door(33, "少一位")],
  ["phone_landline", door(34, "留座机", "0533-6550000"), door(34, "留座机")],
  ["duplicate_person", door(1, "村民1", phoneOf(35).slice(3)), door(35)],
  ["name_formula", door(36, "=A1&B1"), door(36)],
];
const JULY = [
  { day: "2026-07-03", kind: "income", purpose: "土地流转费", amount: 1_200_000 },
  { day: "2026-07-09", kind: "expense", purpose: "修机井", amount: 162_000 },
  { day: "2026-07-15", kind: "expense", purpose: "路灯电费", amount: 48_600 },
];

/** The month that test/browser/month.test.ts walks with fingers, as programs and pages without script live it. */
const clock = new StoppedClock("2026-08-03T09:00:00+08:00");
let system: System;
let desk: Visitor;
const keys = new Map<Role, Api>();
const api = (role: Role): Api => keys.get(role) as Api;
let notice = "";
let sheet = "";

beforeAll(async () => {
  system = await startSystem({ clock });
  const { village } = await givenVillage(system.ctx, { township: "town" });
  await givenStaff(system.ctx, village.id, "cadre", "wangge", "王网格");
  for (const role of ["clerk", "secretary", "overseer"] as const)
    keys.set(role, await system.api(role, { village: "guojia" }));
  desk = await signIn(system.url, "guojia-clerk");
}, 60_000);
afterAll(() => system.stop());

test("the office's GBK list goes in but for six rows, which go in when they are mended", async () => {
  const send = (rows: readonly string[]) =>
    api("clerk").post<{ imported: number; unchanged: number; rejected: { row: number; code: string }[] }>(
      "/villages/guojia/roster",
      iconv.encode(`户号,姓名,手机号,村民小组,网格,联户干部\r\n${rows.join("\r\n")}\r\n`, "gbk"),
      { "content-type": "text/csv" },
    );
  const first = await send([...GOOD, ...BAD.map(([, wrong]) => wrong)]);
  expect(first.body).toMatchObject({ imported: 22, unchanged: 0 });
  expect(first.body.rejected.map(({ row, code }) => [row, code])).toEqual(BAD.map(([code], i) => [24 + i, code]));
  const second = await send([...GOOD, ...BAD.map(([, , mended]) => mended)]);
  expect(second.body).toMatchObject({ imported: 6, unchanged: 22, rejected: [] });
});

test("July's accounts make a notice only when they balance, and only in their own words", async () => {
  const wish = { month: "2026-07", opening: 10_000_000, entries: JULY, notice: true };
  const crooked = await api("clerk").post("/villages/guojia/sheets", { ...wish, closing: 10_998_400 });
  expect([crooked.status, crooked.body.code]).toEqual([422, "does_not_balance"]);
  const made = await api("clerk").post<{ id: string; notice: string }>("/villages/guojia/sheets", {
    ...wish,
    closing: 10_989_400,
  });
  expect(made.status).toBe(201);
  ({ id: sheet, notice } = made.body);
});

test("it is set for seven in the evening and leaves when three people have had a hand in it", async () => {
  const path = `/v/guojia/notices/${notice}/check`;
  const page = await (await desk.get(path)).text();
  const hidden = Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
  const handedIn = await desk.post(path, {
    ...hidden,
    ...pressed("submit"),
    when: "other",
    sendAt: "2026-08-03T19:00",
  });
  expect(handedIn.headers.get("location")).toContain("done=submitted");
  const sign = (role: Role) => api(role).post<{ state: string }>(`/broadcasts/${notice}/approval`);
  expect((await sign("secretary")).body).toMatchObject({ state: "awaiting_approval", waitingFor: ["overseer"] });
  expect((await sign("overseer")).body.state).toBe("scheduled");
  await system.settle();
  expect((await api("clerk").get(`/broadcasts/${notice}`)).body).toMatchObject({ state: "scheduled", counts: {} });
  clock.set("2026-08-03T19:00:30+08:00");
  await system.settle();
  expect((await api("clerk").get(`/broadcasts/${notice}`)).body).toMatchObject({
    state: "sent",
    counts: { delivered: 26, undelivered: 1 },
  });
});

test("those it did not reach are visited by their cadre, and printed for him", async () => {
  type Doors = { items: { household: string; cause: string }[] };
  const { body } = await api("clerk").get<Doors>(`/broadcasts/${notice}/unreached`);
  expect(body.items.map(({ household }) => household)).toEqual(["21", "22"]);
  await api("clerk").post(`/broadcasts/${notice}/visits`, {});
  const print = await (await desk.get(`/v/guojia/notices/${notice}/visits/print`)).text();
  for (const words of ["联户干部：王网格", "关机的", "没手机"]) expect(print).toContain(words);
  for (const household of ["21", "22"])
    await api("secretary").post(`/broadcasts/${notice}/telling`, { household, how: "in_person" });
  expect((await api("clerk").get(`/broadcasts/${notice}/visits`)).body).toMatchObject({ listed: 2, told: 2 });
});

test("the sheet hangs on the board, July is done on the calendar, and anybody can read it", async () => {
  const july = async () => {
    const { body } = await api("clerk").get<{ items: { item: string; period: string }[] }>(
      "/villages/guojia/disclosures?year=2026",
    );
    return body.items.find((one) => one.item === "F01" && one.period === "2026-07");
  };
  expect(await july()).toMatchObject({ status: "half", smsSentOn: "2026-08-03", boardPostedOn: null });
  const posted = await desk.post(`/v/guojia/sheets/${sheet}/posting`, { postedOn: "2026-08-03" });
  expect(posted.status).toBe(303);
  expect(await july()).toMatchObject({ status: "done", boardPostedOn: "2026-08-03" });
  const open = await (await fetch(`${system.url}/p/guojia`)).text();
  expect(open).toContain("109,894.00");
  expect(open).not.toMatch(/村民\d|1380000/);
});
