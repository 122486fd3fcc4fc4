import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MINUTE } from "../../src/lib/clock.ts";
import { createLog } from "../../src/log.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { givenVillage, phoneOf } from "../support/given.ts";
import { eventually } from "../support/ledger.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

const clock = new StoppedClock("2026-10-09T22:40:00+08:00");
const lines: string[] = [];
let system: System;
let clerk: Visitor;
let overseer: Visitor;
let secretary: Api;
let neighbour: Api;

beforeAll(async () => {
  const log = createLog("info", { write: (line) => void lines.push(line) });
  system = await startSystem({ clock, log });
  const cast = await givenVillage(system.ctx, { households: 3 });
  await givenVillage(system.ctx, { code: "there", households: 1, firstPhone: 50 });
  await cast.actor("secretary", "孙书记", phoneOf(902));
  await cast.actor("overseer", "郭长顺", phoneOf(904));
  clerk = await signIn(system.url, "guojia-clerk");
  overseer = await signIn(system.url, "guojia-0904");
  secretary = await system.api("secretary", { village: "guojia" });
  neighbour = await system.api("secretary", { village: "there" });
}, 60_000);
afterAll(() => system.stop());

type Alarm = { id: string; suggestionId: string; state: string; confirmedBy: string | null; asked: { name: string }[] };
const alarms = async (api = secretary) => (await api.get<{ items: Alarm[] }>("/villages/guojia/alarms")).body.items;

test("from the village's phone to the one who goes: banner, sweep, button, and who hears of it", async () => {
  await system.text(phoneOf(2), "着火了快来人");
  await system.settle();
  expect(await alarms()).toMatchObject([{ state: "calling", asked: [{ name: "孙书记" }] }]);
  const today = await (await clerk.get("/v/guojia")).text();
  expect([today.includes("急！2户村民2"), today.includes("我来处理")]).toEqual([true, true]);

  clock.advance(5 * MINUTE);
  await eventually("the next is called", alarms, ([one]) => one?.asked.length === 2);
  await system.settle();

  const [alarm] = await alarms();
  const pressed = await overseer.post(`/v/guojia/alarms/${alarm?.id}/confirmation`);
  expect([pressed.status, pressed.headers.get("location")]).toEqual([
    303,
    `/v/guojia/cases/${alarm?.suggestionId}?done=alarm_taken`,
  ]);
  expect(await alarms()).toMatchObject([{ state: "confirmed", confirmedBy: "郭长顺" }]);
  const asked = `/v/guojia/cases/${alarm?.suggestionId}/phone`;
  const boss = await signIn(system.url, "guojia-0902");
  expect((await (await boss.get(asked)).text()).includes(phoneOf(2).slice(3))).toBe(false);
  expect((await (await boss.post(asked)).text()).includes(`tel:${phoneOf(2).slice(3)}`)).toBe(true);
  const revealed = "select count(*)::int as n from audit_log where action = 'phone.reveal'";
  expect((await overseer.get(asked)).status).toBe(403);
  const owner = new pg.Client({ connectionString: system.database.url });
  await owner.connect();
  expect((await owner.query(revealed)).rows).toEqual([{ n: 1 }]);
  await owner.end();

  const late = await secretary.post(`/alarms/${alarm?.id}/confirmation`);
  expect(late).toMatchObject({ status: 409, body: { code: "move_not_allowed", detail: "郭长顺已经去处理了" } });
  expect((await (await clerk.get("/v/guojia")).text()).includes("我来处理")).toBe(false);
  await system.settle();
  const { rows } = await system.ctx.pools.system.query(
    "select recipient, body from simulator.messages where direction = 'outbound-api' order by created_at, sid",
  );
  expect(rows.filter(({ recipient }) => recipient === phoneOf(902))).toHaveLength(2);
});

test("another village neither finds nor takes it", async () => {
  const [alarm] = await alarms();
  expect((await neighbour.get("/villages/guojia/alarms")).status).toBe(404);
  expect((await neighbour.post(`/alarms/${alarm?.id}/confirmation`)).status).toBe(404);
});

test("metrics and log say that there is one, and of whom they say nothing", async () => {
  await system.text(phoneOf(3), "着火了，我是老李头");
  await system.settle();
  const metrics = await (await fetch(`${system.url}/metrics`)).text();
  expect(metrics).toMatch(/^cunwu_alarms\{state="calling"\} 1$/m);
  expect(lines.filter((line) => line.includes("alarm raised"))).toHaveLength(2);
  for (const secret of ["着火", "老李头", phoneOf(3).slice(3)]) expect(lines.join("")).not.toContain(secret);
});
