import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { forgetfulCarrier } from "../support/forgetful-carrier.ts";
import { givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Case = { id: string; doubts: number; state: string; events: { actor: string; kind: string; text: string }[] };

const carrier = forgetfulCarrier();
let system: System;
let clerk: Api;
let visitor: Visitor;
let doors = 0;

beforeAll(async () => {
  const env = { RECONCILE_AFTER: "3600" };
  system = await startSystem({ env, wrapCarrier: (plain) => carrier.wrap(plain) });
  const cast = await givenVillage(system.ctx, { code: "guojia", households: 8 });
  await cast.actor("overseer", "watcher");
  clerk = await system.api("clerk", { village: "guojia" });
  visitor = await signIn(system.url, "guojia-clerk");
});
afterAll(() => system.stop());

/** Somebody's text became a case, and the receipt's answer was lost. */
async function doubtful(): Promise<string> {
  const phone = phoneOf(++doors);
  carrier.loses.add(phone);
  await system.text(phone, `门前的路灯坏了第${doors}盏`);
  await system.settle();
  carrier.loses.clear();
  carrier.sent.splice(0);
  const { items } = (await clerk.get<{ items: { id: string; text: string }[] }>("/villages/guojia/suggestions")).body;
  const found = items.find(({ text }) => text.endsWith(`第${doors}盏`));
  if (!found) throw new Error("no case");
  expect(await look(found.id)).toMatchObject({ doubts: 1 });
  return found.id;
}
const look = async (id: string) => (await clerk.get<Case>(`/suggestions/${id}`)).body;
const path = (id: string) => `/v/guojia/cases/${id}`;
const pageOf = async (id: string, who = visitor) => await (await who.get(path(id))).text();

test("the case's page shows it, with three ways on; whoever may not decide sees no buttons", async () => {
  const id = await doubtful();
  const page = await pageOf(id);
  for (const words of ["这条短信结果不明", "查证", "重发给", "作罢"]) expect(page).toContain(words);
  const watched = await pageOf(id, await signIn(system.url, "guojia-watcher"));
  expect([watched.includes("这条短信结果不明"), watched.includes("/doubts/")]).toEqual([true, false]);
});

test("today's page leads to it", async () => {
  const id = await doubtful();
  const page = await (await visitor.get("/v/guojia")).text();
  expect(page).toMatch(new RegExp(`href="/v/guojia/cases/${id}">编号 \\d+：发给村民的短信没有回音`));
});

test("asking on the page says what came of it, and a double click asks once", async () => {
  const id = await doubtful();
  for (let click = 0; click < 2; click++) {
    const asked = await visitor.post(`${path(id)}/doubts/inquiry`, { _once: "ask" });
    expect([asked.status, asked.headers.get("location")]).toEqual([303, `${path(id)}?done=inquired`]);
  }
  expect((await pageOf(id)).match(/clerk 村务员 问运营商：问了 1 条，1 条还查不到/g)).toHaveLength(1);
  expect(carrier.sent).toEqual([]);
});

test("sending again on the page needs the tick, and sends once", async () => {
  const id = await doubtful();
  const seen = /name="seen" value="([^"]+)"/.exec(await pageOf(id))?.[1] ?? "";
  const refused = await visitor.post(`${path(id)}/doubts/resend`, { seen });
  expect([refused.status, (await refused.text()).includes("重发以前请先确认")]).toEqual([422, true]);
  const resend = () => visitor.post(`${path(id)}/doubts/resend`, { seen, acceptRepeats: "yes", _once: "again" });
  expect([(await resend()).status, (await resend()).status]).toEqual([303, 303]);
  await system.settle();
  expect(carrier.sent).toEqual([phoneOf(doors)]);
  const page = await pageOf(id);
  expect(page).toContain("重发结果不明的短信：1 条，村民可能收到两遍");
  expect(page).not.toContain("这条短信结果不明");
  const late = await visitor.post(`${path(id)}/doubts/surrender`, { seen });
  expect([late.status, (await late.text()).includes("已经没有结果不明的短信")]).toEqual([409, true]);
});

test("leaving it on the page", async () => {
  const id = await doubtful();
  const left = await visitor.post(`${path(id)}/doubts/surrender`);
  expect([left.status, left.headers.get("location")]).toEqual([303, `${path(id)}?done=surrendered_text`]);
  expect([(await pageOf(id)).includes("结果不明，已由工作人员作罢"), carrier.sent]).toEqual([true, []]);
});

test("the API does the same three", async () => {
  const id = await doubtful();
  expect(await clerk.post(`/suggestions/${id}/doubts/inquiry`)).toMatchObject({
    status: 200,
    body: { asked: 1, open: 1, suggestion: { doubts: 1 } },
  });
  expect(await clerk.post(`/suggestions/${id}/doubts/resend`, {})).toMatchObject({ status: 422 });
  const resend = () =>
    clerk.post(`/suggestions/${id}/doubts/resend`, { acceptRepeats: true }, { "idempotency-key": id });
  const first = await resend();
  expect(first).toMatchObject({ status: 200, body: { doubts: 0 } });
  expect((await resend()).body).toEqual(first.body);
  await system.settle();
  expect(carrier.sent).toEqual([phoneOf(doors)]);
  expect(await clerk.post(`/suggestions/${id}/doubts/inquiry`)).toMatchObject({ body: { code: "move_not_allowed" } });
  expect(await clerk.post("/suggestions/nonsense/doubts/inquiry")).toMatchObject({ status: 404 });

  const other = await doubtful();
  expect(await clerk.post(`/suggestions/${other}/doubts/surrender`)).toMatchObject({
    status: 200,
    body: { doubts: 0, events: [{}, { kind: "receipt" }, { kind: "surrendered" }] },
  });
});
