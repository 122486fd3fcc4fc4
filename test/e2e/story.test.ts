import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY } from "../../src/lib/clock.ts";
import { StoppedClock } from "../support/clock.ts";
import { phoneOf } from "../support/given.ts";
import { BACKENDS } from "../support/redis.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Case = {
  id: string;
  number: number;
  state: string;
  owner: string;
  dueAt: string;
  rating: number | null;
  events: { kind: string; actor: string }[];
};
type Phone = { messages: { body: string; status: string; direction: string }[] };

/**
 * The founding story (淄博日报 2014, 郭家村), over HTTP alone: a notice to all households; a villager asks in his own
 * words for a place where elders can exercise; the secretary plans it with a date; "not solved"; done; "solved".
 */
describe.each(BACKENDS)("the founding story on BullMQ over %s", (backend) => {
  const clock = new StoppedClock("2026-10-09T09:00:00+08:00");
  let system: System;
  let platform: Api;
  let clerk: Api;
  let secretary: Api;

  beforeAll(async () => {
    system = await startSystem({ backend, clock });
    platform = await system.api("platform");
    await platform.post("/townships", { code: "wangcun", name: "王村镇", county: "周村区" });
    const village = await platform.post("/villages", {
      code: "guojia",
      name: "郭家村",
      signature: "郭家村村委会",
      township: "wangcun",
    });
    expect(village.status).toBe(201);
    clerk = await system.api("clerk", { village: "guojia" });
    secretary = await system.api("secretary", { village: "guojia" });
  });
  afterAll(() => system.stop());

  /** What lies in a villager's phone, as the carrier's own list shows it. */
  const phone = async (n: number): Promise<Phone["messages"]> => {
    const { sid, token } = { sid: system.ctx.secrets.accountSid, token: system.ctx.secrets.authToken };
    const response = await fetch(
      `${system.url}/simulator/2010-04-01/Accounts/${sid}/Messages.json?To=${encodeURIComponent(phoneOf(n))}`,
      { headers: { authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString("base64")}` } },
    );
    return ((await response.json()) as Phone).messages;
  };
  const ledger = async () => (await secretary.get<{ items: Case[] }>("/villages/guojia/suggestions")).body.items;

  test("the clerk imports the roster", async () => {
    const rows = Array.from({ length: 118 }, (_, i) => `${i + 1},村民${i + 1},${phoneOf(i + 1)}`);
    const report = await clerk.post(
      "/villages/guojia/roster",
      `户号,姓名,手机号\n${rows.join("\n")}\n119,没手机,\n120,号码错,1380000\n`,
      {
        "content-type": "text/csv",
      },
    );
    expect(report.body).toMatchObject({ imported: 119, updated: 0, unchanged: 0 });
    expect(report.body.rejected).toEqual([
      { row: 121, column: "phone", code: "phone_too_short", message: "手机号少 4 位：1380000，请补全" },
    ]);
    const again = await clerk.post("/villages/guojia/roster", `户号,姓名,手机号\n${rows.join("\n")}\n`, {
      "content-type": "text/csv",
    });
    expect(again.body).toMatchObject({ imported: 0, updated: 0, unchanged: 118 });
  });

  test("a notice, written by one and approved by another, reaches every household's phone", async () => {
    const drafted = await clerk.post("/villages/guojia/broadcasts", {
      column: "村务公开",
      body: "周五晚七点在文化大院放电影，请互相转告。",
    });
    expect(drafted).toMatchObject({
      status: 201,
      body: { state: "awaiting_approval", recipients: 118, segmentsPerMessage: 1, segments: 118, cost: 590 },
    });
    const id = drafted.body.id as string;
    expect(await clerk.post(`/broadcasts/${id}/approval`)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect((await secretary.post(`/broadcasts/${id}/approval`)).status).toBe(200);
    await system.settle();
    const sent = await clerk.get(`/broadcasts/${id}`);
    expect(sent.body).toMatchObject({ state: "sent", counts: { delivered: 118 } });
    expect(await phone(17)).toMatchObject([
      { body: "【郭家村村委会】周五晚七点在文化大院放电影，请互相转告。", status: "delivered" },
    ]);
    const recipients = await clerk.get<{ items: { phone: string; state: string }[] }>(
      `/broadcasts/${id}/recipients?limit=3`,
    );
    expect(recipients.body.items).toHaveLength(3);
    expect(recipients.body.items[0]?.phone).toMatch(/^138\*{4}\d{4}$/);
  });

  test("a villager asks in his own words, and gets a receipt with number, owner and date", async () => {
    await system.text(phoneOf(17), "我们中老年人闲暇时间很多但是村里缺少活动场所能不能修个小广场");
    await system.settle();
    const [one, ...others] = await ledger();
    expect(others).toEqual([]);
    // Friday: five working days on, with the made-up Saturday counted, is Thursday.
    expect(one).toMatchObject({ number: 1, state: "registered", dueAt: "2026-10-16T00:00:00+08:00", overdue: false });
    expect((await phone(17))[0]?.body).toBe("【郭家村村委会】已收到，编号1。村委会负责，10月15日前答复您。");
  });

  test("the secretary accepts it and plans it with a date; the villager is asked for one digit", async () => {
    clock.advance(DAY);
    const [one] = await ledger();
    const path = `/suggestions/${one?.id}`;
    expect((await secretary.post(`${path}/acceptance`)).body).toMatchObject({ state: "accepted" });
    const undated = await secretary.post(`${path}/answer`, { resultKind: "planned", text: "两委会同意修，尽快办。" });
    expect(undated).toMatchObject({
      status: 422,
      body: { code: "validation_failed", errors: [{ field: "plannedFor" }] },
    });
    const answered = await secretary.post(`${path}/answer`, {
      resultKind: "planned",
      text: "两委会同意在村东头修个小广场，12月31日前修好。",
    });
    expect(answered.body).toMatchObject({ state: "answered", resultKind: "planned", plannedFor: "2026-12-31" });
    await system.settle();
    expect((await phone(17))[0]?.body).toBe(
      "【郭家村村委会】您反映的事（编号1）答复：两委会同意在村东头修个小广场，12月31日前修好。您看行吗？请回数字：1满意 2基本满意 3不满意 4没解决",
    );
  });

  test("“4” reopens it, and the villager is told the new date", async () => {
    clock.advance(DAY);
    await system.text(phoneOf(17), "４。");
    await system.settle();
    const [one] = await ledger();
    expect(one).toMatchObject({ number: 1, state: "reopened", rating: 4, overdue: false });
    expect((await phone(17))[0]?.body).toContain("编号1您说没办好，已重新办理。");
  });

  test("answered again, “1” closes it, and the timeline holds every step with who and when", async () => {
    clock.advance(DAY);
    const [one] = await ledger();
    await secretary.post(`/suggestions/${one?.id}/answer`, {
      resultKind: "solved",
      text: "小广场今天修好了，晚上亮灯，欢迎来跳舞。",
    });
    await system.settle();
    await system.text(phoneOf(17), "1");
    await system.settle();
    const closed = await secretary.get<Case>(`/suggestions/${one?.id}`);
    expect(closed.body).toMatchObject({ state: "closed", rating: 1 });
    expect(closed.body.events.map((event) => event.kind)).toEqual([
      "opened",
      "receipt",
      "accepted",
      "answered",
      "rated",
      "reopened",
      "answered",
      "rated",
      "closed",
    ]);
    expect(closed.body.events.every((event) => event.actor !== "")).toBe(true);
    const inbound = await secretary.get<{ items: { meaning: string; rule: string; from: string }[] }>(
      "/villages/guojia/inbound",
    );
    expect(inbound.body.items.map((text) => [text.meaning, text.rule])).toEqual([
      ["rating", "open_question"],
      ["rating", "open_question"],
      ["suggestion", "everything_else"],
    ]);
  });

  test("nobody was texted twice, nothing is in doubt, and the audit log is whole", async () => {
    const texts = await phone(17);
    expect(new Set(texts.map((text) => text.body)).size).toBe(texts.length);
    expect(texts).toHaveLength(5);
    const { rows } = await system.ctx.pools.system.query("select count(*)::int as n from verify_audit()");
    expect(rows[0].n).toBe(0);
  });
});
