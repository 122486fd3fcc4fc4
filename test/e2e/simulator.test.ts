import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SECOND } from "../../src/lib/clock.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { pause } from "../../src/lib/slots.ts";
import { inWork } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { type CallbackCatcher, catchCallbacks } from "../support/callback-catcher.ts";
import { type Cast, expectOk, givenApproved, givenVillage, PASSWORD } from "../support/given.ts";
import { ACCOUNT, type System, startSystem } from "../support/system.ts";

let system: System;
let callbacks: CallbackCatcher;
let messages: string;

beforeAll(async () => {
  // One magic number is listed only after five seconds: two look-ups must span that, or its text counts as never taken.
  [system, callbacks] = await Promise.all([startSystem({ env: { RECONCILE_AFTER: "3" } }), catchCallbacks()]);
  messages = `${system.url}/simulator/2010-04-01/Accounts/${ACCOUNT.sid}/Messages`;
});
afterAll(async () => {
  await system.stop();
  await callbacks.stop();
});

/** The official SDK, pointed at the simulator. Empty region and edge: the environment's would rewrite the host. */
function sdk() {
  const client = twilio(ACCOUNT.sid, ACCOUNT.token, { region: "", edge: "" });
  client.api.baseUrl = `${system.url}/simulator`;
  return client;
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const authorization = basic(ACCOUNT.sid, ACCOUNT.token);
const get = async (path: string, headers: Record<string, string> = { authorization }) => {
  const response = await fetch(`${system.url}/simulator${path}`, { headers });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
};

type Reply = { status: number; body: Record<string, unknown>; headers: Headers };
async function send(to: string, more: Record<string, string> = {}, signal?: AbortSignal): Promise<Reply> {
  const response = await fetch(`${messages}.json`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams({ To: to, From: ACCOUNT.from, Body: "开会", ...more }),
    ...(signal ? { signal } : {}),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}

/** What the simulator keeps of texts to a number, oldest first. */
const kept = (to: string) =>
  system.ctx.db.system
    .selectFrom("simulator.messages")
    .select(["sid", "status", "error_code", "sent_at", "body"])
    .where("recipient", "=", to)
    .orderBy("sid")
    .execute();

async function until<T>(look: () => Promise<T> | T, good: (value: T) => boolean, patience = 10 * SECOND): Promise<T> {
  for (const deadline = Date.now() + patience; ; await pause(20)) {
    const value = await look();
    if (good(value) || Date.now() > deadline) return value;
  }
}
const settled = (to: string, status: string) =>
  until(
    () => kept(to),
    (rows) => rows.at(-1)?.status === status,
  );

describe("the REST API", () => {
  test("the official SDK creates, lists and fetches", async () => {
    const client = sdk();
    const made = await client.messages.create({
      to: "+8619900000101",
      from: ACCOUNT.from,
      body: "你好，村民",
      statusCallback: callbacks.address("sdk"),
    });
    expect(made).toMatchObject({
      accountSid: ACCOUNT.sid,
      messagingServiceSid: null,
      from: ACCOUNT.from,
      to: "+8619900000101",
      body: "你好，村民",
      status: "queued",
      direction: "outbound-api",
      numSegments: "1",
      numMedia: "0",
      price: null,
      errorCode: null,
      errorMessage: null,
      dateSent: null,
      apiVersion: "2010-04-01",
    });
    expect(made.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(Math.abs(made.dateCreated.getTime() - Date.now())).toBeLessThan(5 * SECOND);
    await until(
      () => callbacks.statuses("sdk"),
      (statuses) => statuses.length === 2,
    );
    const fetched = await client.messages(made.sid).fetch();
    expect(fetched.status).toBe("delivered");
    expect(fetched.dateSent).toBeInstanceOf(Date);
    const listed = await client.messages.list({ to: "+8619900000101" });
    expect(listed.map((one) => one.sid)).toEqual([made.sid]);
  });

  test("dates are RFC 2822 and every field is there", async () => {
    const { status, body } = await send("+8619900000102");
    expect(status).toBe(201);
    expect(body.date_created).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/);
    expect(Object.keys(body).sort()).toEqual(
      "account_sid api_version body date_created date_sent date_updated direction error_code error_message from messaging_service_sid num_media num_segments price price_unit sid status subresource_uris to uri".split(
        " ",
      ),
    );
    expect(body.uri).toBe(`/2010-04-01/Accounts/${ACCOUNT.sid}/Messages/${body.sid}.json`);
    expect((await get(String(body.uri))).body.sid).toBe(body.sid);
  });

  test("a text through a messaging service is accepted, then queued by a sender of its choice", async () => {
    const service = `MG${"0".repeat(32)}`;
    const { body } = await send("+8619900000103", {
      From: "",
      MessagingServiceSid: service,
      StatusCallback: callbacks.address("service"),
    });
    expect(body).toMatchObject({ status: "accepted", from: null, num_segments: "0", messaging_service_sid: service });
    const statuses = await until(
      () => callbacks.statuses("service"),
      (found) => found.length === 3,
    );
    expect(statuses.sort()).toEqual(["delivered", "queued", "sent"]);
    const report = callbacks.caught.find((one) => one.path.endsWith("name=service"));
    expect(report?.fields).toMatchObject({ MessagingServiceSid: service, From: ACCOUNT.from });
  });

  test("a wrong key is 401, another account or message 404, in Twilio's words", async () => {
    const wrong = await get(`/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`, {
      authorization: basic(ACCOUNT.sid, "wrong"),
    });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual({
      code: 20003,
      message: "Authenticate",
      more_info: "https://www.twilio.com/docs/errors/20003",
      status: 401,
    });
    expect((await get(`/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`, {})).status).toBe(401);
    expect((await get(`/2010-04-01/Accounts/AC${"1".repeat(32)}/Messages.json`)).body.code).toBe(20404);
    expect((await get(`/2010-04-01/Accounts/${ACCOUNT.sid}/Messages/SM${"1".repeat(32)}.json`)).body).toMatchObject({
      code: 20404,
      status: 404,
    });
    await expect(sdk().messages.create({ to: "+15005550001", from: ACCOUNT.from, body: "?" })).rejects.toMatchObject({
      status: 400,
      code: 21211,
    });
  });

  test("the list comes in pages, newest first, forwards and back", async () => {
    const to = "+8619900000104";
    const sids: unknown[] = [];
    for (let i = 0; i < 5; i++) sids.unshift((await send(to, { Body: `第${i}条` })).body.sid);
    const first = await get(
      `/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json?To=${encodeURIComponent(to)}&PageSize=2`,
    );
    const sidsOf = (page: Reply) => (page.body.messages as Record<string, unknown>[]).map((one) => one.sid);
    expect(first.body).toMatchObject({ page: 0, page_size: 2, start: 0, end: 1, previous_page_uri: null });
    expect(sidsOf(first)).toEqual(sids.slice(0, 2));
    const second = await get(String(first.body.next_page_uri));
    expect(first.body.next_page_uri).toMatch(/^\/2010-04-01\//);
    expect(sidsOf(second)).toEqual(sids.slice(2, 4));
    const third = await get(String(second.body.next_page_uri));
    expect(sidsOf(third)).toEqual(sids.slice(4));
    expect(third.body).toMatchObject({ page: 2, next_page_uri: null, start: 4, end: 4 });
    expect(sidsOf(await get(String(third.body.previous_page_uri)))).toEqual(sids.slice(2, 4));
    expect(sidsOf(await get(String(third.body.first_page_uri)))).toEqual(sids.slice(0, 2));
    expect((await sdk().messages.list({ to, pageSize: 2 })).map((one) => one.sid)).toEqual(sids);
    await settled(to, "delivered");
    const future = new Date(Date.now() + 60 * SECOND);
    expect(await sdk().messages.list({ to, dateSentAfter: future })).toEqual([]);
    expect(await sdk().messages.list({ to, dateSentBefore: future })).toHaveLength(5);
    expect(await sdk().messages.list({ to, from: "+8610690001" })).toEqual([]);
  });
});

describe("callbacks", () => {
  test("are signed over every field and repeated when the answer is not 2xx", async () => {
    callbacks.fail(3);
    await send("+8619900000111", { StatusCallback: callbacks.address("retried") });
    const statuses = await until(
      () => callbacks.statuses("retried"),
      (found) => found.length === 2,
    );
    expect(statuses.sort()).toEqual(["delivered", "sent"]);
    const final = callbacks.caught.find(
      (one) => one.fields.MessageStatus === "delivered" && one.path.endsWith("retried"),
    );
    expect(final?.fields).toMatchObject({
      AccountSid: ACCOUNT.sid,
      From: ACCOUNT.from,
      To: "+8619900000111",
      SmsStatus: "delivered",
      ApiVersion: "2010-04-01",
    });
    expect(final?.fields.RawDlrDoneDate).toMatch(/^\d{10}$/);
    expect(callbacks.caught.every((one) => one.signed)).toBe(true);
  });

  test("keep up with a few thousand, shared by two processes, and none is made twice", async () => {
    const other = await startSystem({ database: system.database, parts: "web" });
    const name = "many";
    await Promise.all(
      Array.from({ length: 20 }, async (_, lane) => {
        for (let i = 0; i < 50; i++) {
          await send(`+86199000${10_000 + lane * 50 + i}`, { StatusCallback: callbacks.address(name) });
        }
      }),
    );
    await until(
      () => callbacks.statuses(name).length,
      (count) => count >= 2000,
      20 * SECOND,
    );
    await system.settle();
    await other.stop();
    const statuses = callbacks.statuses(name);
    expect(statuses.filter((status) => status === "sent")).toHaveLength(1000);
    expect(statuses.filter((status) => status === "delivered")).toHaveLength(1000);
  });
});

describe("magic numbers", () => {
  test.each([
    ["+8619900009001", 400, 21211],
    ["+8619900009002", 400, 21610],
    ["+8619900009003", 400, 21408],
    ["+8619900009004", 401, 20003],
    ["+15005550001", 400, 21211],
    ["+15005550002", 400, 21612],
    ["+15005550003", 400, 21408],
    ["+15005550004", 400, 21610],
    ["+15005550009", 400, 21614],
  ])("%s is refused with %i %i, and nothing is kept", async (to, status, code) => {
    const reply = await send(to);
    expect(reply).toMatchObject({ status, body: { code, status } });
    expect(await kept(to)).toEqual([]);
  });

  test("9005 and 9020 take every second call", async () => {
    for (const [to, code] of [
      ["+8619900009005", 20429],
      ["+8619900009020", 20500],
    ] as const) {
      const first = await send(to);
      expect(first.body.code).toBe(code);
      expect(first.headers.get("retry-after")).toBe(code === 20429 ? "1" : null);
      expect(await kept(to)).toHaveLength(0);
      expect((await send(to)).status).toBe(201);
      expect((await send(to)).body.code).toBe(code);
      expect(await kept(to)).toHaveLength(1);
    }
  });

  test("9006, 9007 and 9008 take the text and lose the answer", async () => {
    await expect(send("+8619900009006", {}, AbortSignal.timeout(500))).rejects.toThrow();
    expect(await send("+8619900009007")).toMatchObject({ status: 500, body: { code: 20500 } });
    await expect(send("+8619900009008")).rejects.toThrow();
    for (const to of ["+8619900009006", "+8619900009007", "+8619900009008"]) {
      expect((await settled(to, "delivered")).map((row) => row.status)).toEqual(["delivered"]);
    }
  });

  test("9021 breaks the connection without taking the text, every second time", async () => {
    await expect(send("+8619900009021")).rejects.toThrow();
    expect(await kept("+8619900009021")).toHaveLength(0);
    expect((await send("+8619900009021")).status).toBe(201);
  });

  test("9009 answers after two seconds, 9010 after its own callbacks", async () => {
    const began = Date.now();
    expect((await send("+8619900009009")).status).toBe(201);
    expect(Date.now() - began).toBeGreaterThanOrEqual(2 * SECOND);
    await send("+8619900009010", { StatusCallback: callbacks.address("early") });
    expect(callbacks.statuses("early").sort()).toEqual(["delivered", "sent"]);
  });

  test("9011 is delivered a minute later", async () => {
    await send("+8619900009011", { StatusCallback: callbacks.address("late") });
    expect(
      await until(
        () => callbacks.statuses("late"),
        (found) => found.length > 0,
      ),
    ).toEqual(["sent"]);
    const row = await system.ctx.db.system
      .selectFrom("simulator.webhooks as w")
      .innerJoin("simulator.messages as m", "m.sid", "w.sid")
      .select("w.due_at")
      .where("m.recipient", "=", "+8619900009011")
      .executeTakeFirstOrThrow();
    expect(row.due_at.getTime() - Date.now()).toBeGreaterThan(50 * SECOND);
  });

  test("9012 reports out of order and more than once, and ends delivered", async () => {
    await send("+8619900009012", { StatusCallback: callbacks.address("scrambled") });
    const statuses = await until(
      () => callbacks.statuses("scrambled"),
      (found) => found.length === 5,
    );
    expect(statuses.toSorted()).toEqual(["delivered", "delivered", "queued", "sent", "sent"]);
    expect((await kept("+8619900009012")).at(-1)?.status).toBe("delivered");
  });

  test("9013 arrives and nobody says so; 9014 is only ever sent", async () => {
    await send("+8619900009013", { StatusCallback: callbacks.address("silent") });
    await send("+8619900009014", { StatusCallback: callbacks.address("sent") });
    expect((await settled("+8619900009013", "delivered")).at(-1)?.status).toBe("delivered");
    expect((await settled("+8619900009014", "sent")).at(-1)?.status).toBe("sent");
    await pause(300);
    expect(callbacks.statuses("silent")).toEqual([]);
    expect(callbacks.statuses("sent")).toEqual(["sent"]);
  });

  test.each([
    ["+8619900009015", "undelivered", 30003],
    ["+8619900009016", "undelivered", 30005],
    ["+8619900009017", "undelivered", 30007],
    ["+8619900009018", "failed", 30008],
  ])("%s ends %s with %i", async (to, status, code) => {
    await send(to, { StatusCallback: callbacks.address(to.slice(-4)) });
    expect((await settled(to, status)).at(-1)).toMatchObject({ status, error_code: code });
    await until(
      () => callbacks.statuses(to.slice(-4)),
      (found) => found.includes(status),
    );
    const report = callbacks.caught.find((one) => one.fields.To === to && one.fields.MessageStatus === status);
    expect(report?.fields.ErrorCode).toBe(String(code));
  });

  test("9019 shows in the list after five seconds", async () => {
    const began = Date.now();
    expect((await send("+8619900009019")).status).toBe(500);
    const list = () => sdk().messages.list({ to: "+8619900009019" });
    expect(await list()).toEqual([]);
    expect(await until(list, (found) => found.length > 0)).toHaveLength(1);
    expect(Date.now() - began).toBeGreaterThanOrEqual(5 * SECOND);
  });
});

describe("with the gateway", () => {
  const ENDS: Record<string, string> = {
    "+8619900008001": "delivered",
    "+8619900009001": "failed",
    "+8619900009002": "failed",
    "+8619900009005": "delivered",
    "+8619900009007": "delivered",
    "+8619900009008": "delivered",
    "+8619900009009": "delivered",
    "+8619900009010": "delivered",
    "+8619900009012": "delivered",
    "+8619900009014": "sent",
    "+8619900009015": "undelivered",
    "+8619900009016": "undelivered",
    "+8619900009018": "failed",
    "+8619900009019": "delivered",
  };
  /** Turned away first: their next call must be an odd one. */
  const TURNED_AWAY = ["+8619900009020", "+8619900009021"];
  let cast: Cast;
  beforeAll(async () => {
    cast = await givenVillage(system.ctx, { code: "moshi" });
    await system.ctx.db.system.updateTable("simulator.phones").set({ calls: 0 }).execute();
  });

  const enroll = async (phones: readonly string[], first: number) => {
    const rows = phones.map((phone, i) => `${first + i},村民${first + i},${phone}`);
    const file = Buffer.from(`户号,姓名,手机号\n${rows.join("\n")}\n`);
    expectOk(
      await inWork(system.ctx.work, cast.clerk, (work) => importRoster(work, system.ctx.sealer, cast.village.id, file)),
    );
  };
  const texted = async (to: string) => (await kept(to)).length;
  const byPhone = ([a]: [string, unknown], [b]: [string, unknown]) => a.localeCompare(b);
  const statesOf = async (id: BroadcastId | null) => {
    const rows = await system.ctx.db.system
      .selectFrom("messages")
      .select(["phone", "state"])
      .where("broadcast_id", "is not distinct from", id)
      .execute();
    return rows.map((row): [string, string] => [system.ctx.sealer.openPhone(row.phone), row.state]).sort(byPhone);
  };

  test("a notice to magic numbers ends where each says, and nobody gets it twice", {
    timeout: 60 * SECOND,
  }, async () => {
    await enroll(Object.keys(ENDS), 1);
    const before = await Promise.all(Object.keys(ENDS).map(texted));
    const id = await givenApproved(system.ctx, cast, "明天上午九点停水检修。");
    const ends = Object.entries(ENDS).sort(byPhone);
    const states = await until(
      () => statesOf(id),
      (found) => JSON.stringify(found) === JSON.stringify(ends),
      40 * SECOND,
    );
    expect(states).toEqual(ends);
    const after = await Promise.all(Object.keys(ENDS).map(texted));
    const refused = ["+8619900009001", "+8619900009002"];
    expect(after.map((count, i) => count - (before[i] ?? 0))).toEqual(
      Object.keys(ENDS).map((to) => (refused.includes(to) ? 0 : 1)),
    );
  });

  test("a receipt that was surely not taken is sent again, once", { timeout: 60 * SECOND }, async () => {
    await enroll(TURNED_AWAY, 101);
    const before = await Promise.all(TURNED_AWAY.map(texted));
    for (const phone of TURNED_AWAY) {
      await fetch(`${system.url}/simulator/texts`, {
        method: "POST",
        body: new URLSearchParams({ phone, body: "村口的路灯坏了，晚上看不见路，请派人来修。" }),
      });
    }
    // Absence is believed after two look-ups, and only while the list shows a later text of ours.
    const later = setInterval(() => void send("+8619900008002"), SECOND);
    const receipts = async () => (await statesOf(null)).filter(([phone]) => TURNED_AWAY.includes(phone));
    const wanted = TURNED_AWAY.map((phone) => [phone, "delivered"]);
    const states = await until(receipts, (found) => JSON.stringify(found) === JSON.stringify(wanted), 40 * SECOND);
    clearInterval(later);
    expect(states).toEqual(wanted);
    const after = await Promise.all(TURNED_AWAY.map(texted));
    expect(after.map((count, i) => count - (before[i] ?? 0))).toEqual([1, 1]);
  });
});

describe("the phones", () => {
  const page = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(system.url + path, { headers, redirect: "manual" });
    return { status: response.status, html: await response.text(), headers: response.headers };
  };
  const post = (path: string, form: [string, string][], headers: Record<string, string> = {}) =>
    fetch(system.url + path, { method: "POST", body: new URLSearchParams(form), redirect: "manual", headers });
  const shown = (number: string, rest = "") => `/simulator?phone=${encodeURIComponent(number)}${rest}`;

  test("a text written on a phone is stored as one that came in, and shown escaped", async () => {
    const phone = "+8619900000121";
    const body = "<script>alert(1)</script>\r\n村口路灯坏了 & 没人修";
    const sent = await post("/simulator/texts", [
      ["phone", phone],
      ["open", phone],
      ["open", "+8619900000122"],
      ["body", body],
    ]);
    expect(sent.status).toBe(303);
    expect(sent.headers.get("location")).toBe(`${shown(phone)}&phone=%2B8619900000122`);
    const inbound = await until(
      () =>
        system.ctx.db.system
          .selectFrom("inbound")
          .select(["body", "carrier_message_id", "channel_id"])
          .where("body", "like", "<script>%")
          .execute(),
      (rows) => rows.length > 0,
    );
    expect(inbound).toHaveLength(1);
    expect(inbound[0]).toMatchObject({
      body: "<script>alert(1)</script>\n村口路灯坏了 & 没人修",
      channel_id: system.ctx.channelId,
    });
    expect(inbound[0]?.carrier_message_id).toMatch(/^SM[0-9a-f]{32}$/);
    const { html } = await page(shown(phone));
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;\n村口路灯坏了 &amp; 没人修");
    expect(html).not.toContain("<script>alert");
  });

  test("a phone answers the number that texted it last", async () => {
    const phone = "+8619900000123";
    await send(phone, { From: "+8610690777" });
    await settled(phone, "delivered");
    await post("/simulator/texts", [
      ["phone", phone],
      ["body", "收到"],
    ]);
    expect((await kept("+8610690777")).map((row) => row.body)).toEqual(["收到"]);
  });

  test("strange characters do not stop a text", async () => {
    const phone = "+8619900000124";
    const sent = await post("/simulator/texts", [
      ["phone", phone],
      ["body", "零\0宽\u202e\u{20BB7}"],
    ]);
    expect(sent.status).toBe(303);
    expect((await page(shown(phone))).html).toContain("零宽\u202e\u{20BB7}");
  });

  test("an empty text and a wrong number are refused beside the form, with what was typed", async () => {
    const empty = await post("/simulator/texts", [
      ["phone", "+8619900000121"],
      ["body", " \n "],
    ]);
    expect(empty.status).toBe(422);
    expect(await empty.text()).toContain("先写几个字再发");
    const wrong = await post("/simulator/phones", [
      ["number", "1380000001"],
      ["label", '丁大爷"><b>'],
    ]);
    expect(wrong.status).toBe(422);
    const html = await wrong.text();
    expect(html).toContain("手机号少 1 位：1380000001，请补全");
    expect(html).toContain("丁大爷&quot;&gt;&lt;b&gt;");
  });

  test("any number can be given a phone, even one that is no mobile", async () => {
    const made = await post("/simulator/phones", [
      ["number", "138 1111 2222"],
      ["label", "外地客商"],
    ]);
    expect(made.headers.get("location")).toBe(shown("+8613811112222"));
    const { html } = await page(shown("+8613811112222"));
    expect(html).toContain("外地客商");
    expect(html).toContain("138****2222");
    expect(html).not.toContain(">13811112222");
    expect((await post("/simulator/phones", [["number", "10086"]])).headers.get("location")).toBe(shown("10086"));
  });

  test("a phone marks what is unread, until it has been looked at", async () => {
    const phone = "+8619900000125";
    await send(phone, { Body: "未读的短信" });
    await settled(phone, "delivered");
    const entry = async (path: string) =>
      /id="to-p8619900000125"[\s\S]*?<\/a>/.exec((await page(path)).html)?.[0] ?? "";
    expect(await entry("/simulator?phone=10086")).toContain("1 条新");
    expect(await entry(shown(phone))).not.toContain("条新");
    expect(await entry("/simulator?phone=10086")).not.toContain("条新");
  });

  test("a text that never arrived is on no phone", async () => {
    await send("+8619900009015", { Body: "关机收不到" });
    await settled("+8619900009015", "undelivered");
    expect((await page(shown("+8619900009015"))).html).not.toContain("关机收不到");
  });

  test("a page that watches is told only what is new", async () => {
    const path = shown("+8619900000126", "&watched=1");
    const first = await page(path);
    const tag = first.headers.get("etag") ?? "";
    expect((await page(path, { "if-none-match": tag })).status).toBe(304);
    await send("+8619900000126", { Body: "新来的" });
    const next = await until(
      () => page(path, { "if-none-match": tag }),
      (found) => found.html.includes("新来的"),
      3 * SECOND,
    );
    expect(next.status).toBe(200);
  });

  test("a form from another site is refused", async () => {
    const sent = await post(
      "/simulator/texts",
      [
        ["phone", "+8619900000121"],
        ["body", "伪造"],
      ],
      { origin: "http://evil.example" },
    );
    expect(sent.status).toBe(403);
  });
});

test("a server that others can reach shows the phones only to somebody signed in", async () => {
  // No worker, so nobody reads the carrier's list: only the signed webhook can bring the text.
  const open = await startSystem({ env: { HOST: "0.0.0.0" }, parts: "web" });
  await givenVillage(open.ctx, { code: "open" });
  const ask = (path: string, form: Record<string, string> | null, cookie = "") =>
    fetch(open.url + path, {
      redirect: "manual",
      headers: { cookie },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
  const text = { phone: "10086", body: "您的余额不足" };
  const seen = await ask("/simulator", null);
  const sent = await ask("/simulator/texts", text);
  const door = await ask("/sign-in", { login: "open-clerk", password: PASSWORD });
  const cookie = door.headers.get("set-cookie")?.split(";")[0] ?? "";
  const page = await (await ask("/simulator?phone=10086", null, cookie)).text();
  const token = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const forged = await ask("/simulator/texts", text, cookie);
  const signed = await ask("/simulator/texts", { ...text, _csrf: token }, cookie);
  const inbound = await until(
    () => open.ctx.db.system.selectFrom("inbound").select("body").execute(),
    (rows) => rows.length > 0,
  );
  await open.stop();
  expect([seen.status, seen.headers.get("location")]).toEqual([303, "/sign-in?next=%2Fsimulator"]);
  expect(sent.headers.get("location")).toBe("/sign-in");
  expect(page).toContain("模拟手机");
  expect(forged.status).toBe(403);
  expect(signed.headers.get("location")).toBe("/simulator?phone=10086");
  expect(inbound).toEqual([{ body: text.body }]);
});
