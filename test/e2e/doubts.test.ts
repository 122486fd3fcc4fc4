import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { forgetfulCarrier, NEWS } from "../support/forgetful-carrier.ts";
import { type Cast, givenApproved, givenRoster, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Broadcast = { id: string; state: string; kind: string; atLeastOnce: boolean; counts: Record<string, number> };

const carrier = forgetfulCarrier();
let system: System;
let cast: Cast;
let clerk: Api;
let visitor: Visitor;

beforeAll(async () => {
  const env = { RECONCILE_AFTER: "3600" };
  const clock = new StoppedClock("2026-10-09T22:30:00+08:00");
  system = await startSystem({ env, clock, wrapCarrier: (plain) => carrier.wrap(plain) });
  cast = await givenVillage(system.ctx, { code: "guojia", households: 4 });
  clerk = await system.api("clerk", { village: "guojia" });
  await cast.actor("overseer", "watcher");
  visitor = await signIn(system.url, "guojia-clerk");
});
afterAll(() => system.stop());

/** A notice that was sent, without a word about the first two doors. */
async function doubtful(): Promise<string> {
  carrier.finds.clear();
  carrier.loses.add(phoneOf(1)).add(phoneOf(2));
  const id = await givenApproved(system.ctx, cast, NEWS);
  await system.settle();
  expect(await broadcast(id)).toMatchObject({ state: "sent", counts: { unknown: 2 } });
  carrier.loses.clear();
  carrier.sent.splice(0);
  return id;
}
const broadcast = async (id: string) => (await clerk.get<Broadcast>(`/broadcasts/${id}`)).body;
const path = (id: string) => `/v/guojia/notices/${id}`;
const pageOf = async (id: string, who = visitor) => await (await who.get(path(id))).text();
const seenOn = (page: string) => /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? "";

describe("on the notice's page", () => {
  test("two texts are in doubt; whoever may not decide sees that and no buttons", async () => {
    const id = await doubtful();
    const page = await pageOf(id);
    for (const words of ["2 条结果不明", "查证", "重发 2 条", "作罢 2 条"]) expect(page).toContain(words);
    const watched = await pageOf(id, await signIn(system.url, "guojia-watcher"));
    expect([watched.includes("2 条结果不明"), watched.includes("/doubts/")]).toEqual([true, false]);
  });

  test("asking shows what the carrier knows, and who asked", async () => {
    const id = await doubtful();
    carrier.finds.add(phoneOf(1));
    const asked = await visitor.post(`${path(id)}/doubts/inquiry`, { _once: "ask-1" });
    expect([asked.status, asked.headers.get("location")]).toEqual([303, `${path(id)}?done=inquired`]);
    const again = await visitor.post(`${path(id)}/doubts/inquiry`, { _once: "ask-1" });
    expect(again.headers.get("location")).toBe(`${path(id)}?done=inquired`);
    const page = await pageOf(id);
    expect(page).toContain('clerk 问运营商：<span class="pre">问了 2 条，1 条查到了，1 条还查不到');
    expect(page.match(/clerk 问运营商/g)).toHaveLength(1);
    expect(page).toContain("1 条结果不明");
    expect(carrier.sent).toEqual([]);
  });

  test("sending again needs the tick, and a double click sends once", async () => {
    const id = await doubtful();
    const seen = seenOn(await pageOf(id));
    const refused = await visitor.post(`${path(id)}/doubts/resend`, { seen });
    expect([refused.status, (await refused.text()).includes("重发以前请先确认")]).toEqual([422, true]);
    const fields = { seen, acceptRepeats: "yes", _once: "resend-1" };
    const click = async () => (await visitor.post(`${path(id)}/doubts/resend`, fields)).status;
    // One of two at the very same moment may be told that the other is still at work.
    expect((await Promise.all([click(), click()])).sort()[0]).toBe(303);
    expect(await click()).toBe(303);
    await system.settle();
    expect(carrier.sent.sort()).toEqual([phoneOf(1), phoneOf(2)]);
    expect(await broadcast(id)).toMatchObject({ state: "sent", counts: { unknown: 0, delivered: 4 } });
    expect(await pageOf(id)).toContain('clerk 重发结果不明的：<span class="pre">2 条，有的人可能收到两遍');
    // Another person's page, opened before: there is nothing left to decide.
    const late = await visitor.post(`${path(id)}/doubts/surrender`, { seen });
    expect([late.status, (await late.text()).includes("已经没有结果不明的短信")]).toEqual([409, true]);
  });

  test("leaving it says why the doors count as missed", async () => {
    const id = await doubtful();
    await visitor.post(`${path(id)}/doubts/surrender`, { seen: seenOn(await pageOf(id)) });
    expect(await broadcast(id)).toMatchObject({ state: "sent", counts: { unknown: 0, failed: 2 } });
    const lost = await (await visitor.get(`${path(id)}/recipients?state=lost`)).text();
    expect(lost.match(/结果不明，已由工作人员作罢/g)).toHaveLength(2);
    expect(carrier.sent).toEqual([]);
  });
});

describe("through the API", () => {
  test("asking says what came of it, and the same key asks once", async () => {
    const id = await doubtful();
    carrier.finds.add(phoneOf(2));
    const ask = () => clerk.post(`/broadcasts/${id}/doubts/inquiry`, undefined, { "idempotency-key": `ask-${id}` });
    const first = await ask();
    const counts = { unknown: 1, sent: 1 };
    expect(first).toMatchObject({ status: 200, body: { asked: 2, settled: 1, open: 1, broadcast: { counts } } });
    expect((await ask()).body).toEqual(first.body);
    expect(await clerk.post("/broadcasts/nonsense/doubts/inquiry")).toMatchObject({ status: 404 });
  });

  test("sending again needs acceptRepeats, and the same key sends once", async () => {
    const id = await doubtful();
    for (const body of [undefined, {}, { acceptRepeats: false }]) {
      expect(await clerk.post(`/broadcasts/${id}/doubts/resend`, body)).toMatchObject({ status: 422 });
    }
    const resend = () =>
      clerk.post(`/broadcasts/${id}/doubts/resend`, { acceptRepeats: true }, { "idempotency-key": `again-${id}` });
    const first = await resend();
    expect(first).toMatchObject({ status: 200, body: { state: "sending" } });
    expect((await resend()).body).toEqual(first.body);
    await system.settle();
    expect(carrier.sent.sort()).toEqual([phoneOf(1), phoneOf(2)]);
    expect(await clerk.post(`/broadcasts/${id}/doubts/surrender`)).toMatchObject({
      status: 409,
      body: { code: "move_not_allowed" },
    });
  });

  test("leaving it", async () => {
    const id = await doubtful();
    expect(await clerk.post(`/broadcasts/${id}/doubts/surrender`)).toMatchObject({
      status: 200,
      body: { counts: { unknown: 0, failed: 2 } },
    });
  });

  test("an emergency is approved like any notice, and leaves at night", async () => {
    const sleepy = await givenVillage(system.ctx, { code: "sleepy" });
    await givenRoster(system.ctx, sleepy.clerk, sleepy.village.id, 2, 501);
    const owner = await import("pg").then(
      ({ default: pg }) => new pg.Client({ connectionString: system.database.url }),
    );
    await owner.connect();
    await owner.query("alter table villages disable row level security");
    await owner.query(`update villages set sending_hours = '[["07:30","12:00"]]' where code = 'sleepy'`);
    await owner.end();
    const [writer, signer] = [
      await system.api("clerk", { village: "sleepy" }),
      await system.api("secretary", { village: "sleepy" }),
    ];
    const ordinary = { column: "村务公开", body: "明早开会。" };
    const drafts = [ordinary, { ...ordinary, kind: "emergency", atLeastOnce: true }];
    const ids: string[] = [];
    for (const draft of drafts) {
      const drafted = await writer.post<Broadcast>("/villages/sleepy/broadcasts", draft);
      expect([drafted.status, drafted.body.state]).toEqual([201, "awaiting_approval"]);
      expect((await writer.post(`/broadcasts/${drafted.body.id}/approval`)).status).toBe(403);
      expect((await signer.post(`/broadcasts/${drafted.body.id}/approval`)).status).toBe(200);
      ids.push(drafted.body.id);
    }
    await expect.poll(async () => (await writer.get<Broadcast>(`/broadcasts/${ids[1]}`)).body.state).toBe("sent");
    const [waits, left] = await Promise.all(
      ids.map(async (id) => (await writer.get<Broadcast>(`/broadcasts/${id}`)).body),
    );
    expect(waits).toMatchObject({ kind: "notice", atLeastOnce: false, state: "sending", counts: { pending: 2 } });
    expect(left).toMatchObject({ kind: "emergency", atLeastOnce: true, counts: { pending: 0 } });
    expect(await writer.post("/villages/sleepy/broadcasts", { ...ordinary, atLeastOnce: true })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "atLeastOnce" }] },
    });
  });
});
