import { afterAll, beforeAll, expect, test } from "vitest";
import { HOUR } from "../../src/lib/clock.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { StoppedClock } from "../support/clock.ts";
import { type Cast, givenStaff, givenVillage, phoneOf } from "../support/given.ts";
import { givenPhone, staffPhone } from "../support/staff-phone.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

/**
 * A secretary who never opens the page: he is texted each case, answers, passes on and extends by text from his own
 * phone, over the simulated carrier. The villagers rate him by a digit, as ever.
 */
const clock = new StoppedClock("2026-10-09T09:00:00+08:00");
let system: System;
let cast: Cast;
let cadre: Actor;
let overseer: Api;

const LIU = staffPhone(1);
const WANG = staffPhone(2);

beforeAll(async () => {
  system = await startSystem({ clock });
  cast = await givenVillage(system.ctx, { households: 9, township: "wangcun" });
  cadre = await givenStaff(system.ctx, cast.village.id, "cadre", "ganbu1", "王春霞");
  await givenPhone(system.ctx, cast.secretary, LIU);
  await givenPhone(system.ctx, cadre, WANG);
  overseer = await system.api("overseer", { village: "guojia" });
}, 60_000);
afterAll(() => system.stop());

const texts = async (from: string, body: string) => {
  await system.text(from, body);
  await system.settle();
  // A text of a minute ago; and what its sender reads next comes later than what he wrote.
  clock.advance(60_000);
};
/** What a phone shows, oldest first, without the signature. */
const screen = async (phone: string): Promise<string[]> => {
  const { rows } = await system.ctx.pools.system.query<{ body: string }>(
    "select body from simulator.messages where recipient = $1 and direction = 'outbound-api' order by sid",
    [phone],
  );
  return rows.map(({ body }) => body.replace("【郭家村村委会】", ""));
};
const last = async (phone: string) => (await screen(phone)).at(-1) ?? "";
type Line = { number: number; state: string; rating: number | null; owner: string; extended?: boolean };
const ledger = async () =>
  new Map(
    (await overseer.get<{ items: Line[] }>("/villages/guojia/suggestions")).body.items.map((one) => [one.number, one]),
  );

test("a new case is texted to the secretary; he replies, the villager reads it and is satisfied", async () => {
  await texts(phoneOf(1), "二组路口的路灯坏了三天了");
  expect(await last(LIU)).toBe("新意见，编号1，1号村民1：二组路口的路灯坏了三天了。10月15日前答复。直接回复就是答复他");
  await texts(LIU, "路灯今天请电工换好了，晚上亮");
  expect(await last(phoneOf(1))).toContain("答复：路灯今天请电工换好了，晚上亮。您看行吗？");
  expect(await last(LIU)).toContain("已答复编号1");
  await texts(phoneOf(1), "1");
  expect((await ledger()).get(1)).toMatchObject({ state: "closed", rating: 1, owner: "刘建国" });
});

test("a long answer is shown to him first, and nothing reaches the villager before his digit", async () => {
  await texts(phoneOf(2), "三组的水渠漏水，浇不上地");
  const before = await screen(phoneOf(2));
  const long = `水渠的事村两委今天上午到地头看了，漏水的有三处，${"已经请施工队用水泥把裂缝补好，渠底也重新抹了一遍，".repeat(3)}现在通上水了`;
  await texts(LIU, long);
  expect(await last(LIU)).toContain("确认请回1，不发请回0");
  expect(await screen(phoneOf(2))).toEqual(before);
  await texts(LIU, "是");
  expect(await last(phoneOf(2))).toContain("渠底也重新抹了一遍");
  expect((await ledger()).get(2)?.state).toBe("answered");
});

test("he passes one on by a name; the cadre is texted it and answers it herself", async () => {
  await texts(phoneOf(3), "俺家门口的下水道堵了");
  await texts(LIU, "转给王春霞办");
  expect(await last(LIU)).toBe("编号3已交给王春霞办。");
  expect(await last(WANG)).toContain("交给您办，编号3，3号村民3：俺家门口的下水道堵了。");
  await texts(WANG, "下水道已经疏通了，没再堵");
  expect(await last(phoneOf(3))).toContain("下水道已经疏通了");
  expect((await ledger()).get(3)).toMatchObject({ state: "answered", owner: "王春霞" });
});

test("he extends one with a reason; two cases on his phone never get mixed up; a wrong number does nothing", async () => {
  await texts(phoneOf(4), "四组的井盖丢了一个");
  await texts(phoneOf(5), "五组的广播不响了");
  await texts(LIU, "4延3天 井盖要定做");
  expect(await last(phoneOf(4))).toContain("要多用些时间：井盖要定做。改在10月20日前答复您。");
  await texts(LIU, "99 广播修好了");
  expect(await last(LIU)).toContain("编号99没办成：没有这件");
  await texts(LIU, "修好了");
  expect(await last(LIU)).toContain("确认请回1");
  await texts(LIU, "5 广播的线断了，今天接上修好了");
  const cases = await ledger();
  expect([cases.get(4)?.state, cases.get(5)?.state]).toEqual(["registered", "answered"]);
  expect(await last(phoneOf(5))).toContain("今天接上修好了");
});

test("“没解决” comes back to whoever answered", async () => {
  clock.advance(HOUR);
  await texts(phoneOf(3), "4");
  expect(await last(WANG)).toContain("村民说没办好，编号3");
});

test("a stranger moves nothing, and nobody's number was ever told", async () => {
  await texts("+8619900000777", "4 井盖装好了");
  expect((await ledger()).get(4)?.state).toBe("registered");
  const told = [...(await screen(LIU)), ...(await screen(WANG))].join("\n");
  for (let n = 1; n <= 9; n++) expect(told).not.toContain(phoneOf(n).slice(-8));
});

test("each of his texts stands in the letters as a staff text, with what it did", async () => {
  const { body } = await overseer.get<{ items: { meaning: string; detail: { action: string; number: number } }[] }>(
    "/villages/guojia/inbound",
  );
  const deeds = body.items.filter((one) => one.meaning === "staff_command").map((one) => one.detail);
  expect(deeds.map(({ action, number }) => [action, number]).reverse()).toEqual([
    ["answer", 1],
    ["confirm_answer", 2],
    ["answer", 2],
    ["assign", 3],
    ["answer", 3],
    ["extend", 4],
    ["answer", 99],
    ["confirm_answer", 4],
    ["answer", 5],
  ]);
});
