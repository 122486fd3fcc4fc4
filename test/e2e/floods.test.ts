import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { type Cast, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

let system: System;
let cast: Cast;
let secretary: Api;
let page: Visitor;
let township: Api;

beforeAll(async () => {
  system = await startSystem();
  cast = await givenVillage(system.ctx, { code: "guojia", households: 20, township: "wangcun" });
  await givenSupervisor(system.ctx, cast);
  secretary = await system.api("secretary", { village: "guojia" });
  township = await system.api("township", { township: "wangcun" });
  page = await signIn(system.url, "guojia-刘建国".replace(/[^a-z0-9._-]/g, "x"));
}, 60_000);
afterAll(() => system.stop());

const hashOf = (phone: string) => system.ctx.sealer.hashPhone(phone as never);
const count = async (table: "inbound" | "suggestions" | "messages", phone: string) => {
  const column = table === "inbound" ? "from_hash" : "phone_hash";
  const { rows } = await system.ctx.pools.system.query(`select count(*)::int as n from ${table} where ${column} = $1`, [
    hashOf(phone),
  ]);
  return rows[0].n as number;
};
const casesOf = async (phone: string) =>
  (
    await system.ctx.pools.system.query<{ id: string; number: number; text: string }>(
      "select id, number, text from suggestions where phone_hash = $1 order by id",
      [hashOf(phone)],
    )
  ).rows;

describe("hundreds of texts of one phone in a minute", () => {
  test.each([
    ["the same words", 1, 1000, () => "村口的路灯坏了"],
    ["other words each time", 2, 200, (i: number) => `路灯坏了第${i}遍了还没人来`],
  ])(
    "with %s are one case and one receipt, and none is lost",
    async (_, door, texts, say) => {
      const phone = phoneOf(door);
      const started = performance.now();
      for (let i = 0; i < texts; i += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, j) => system.text(phone, say(i + j))));
      }
      await system.settle(150_000);
      const seconds = (performance.now() - started) / 1000;
      expect([
        await count("inbound", phone),
        await count("suggestions", phone),
        await count("messages", phone),
      ]).toEqual([texts, 1, 1]);
      const { rows } = await system.ctx.pools.system.query(
        "select count(*)::int as n from inbound where from_hash = $1 and suggestion_id is null",
        [hashOf(phone)],
      );
      expect(rows[0].n).toBe(0);
      expect(seconds).toBeLessThan(150);
      const [one] = await casesOf(phone);
      const html = await (await page.get(`/v/guojia/cases/${one?.id}`)).text();
      expect(html).toContain("村口的路灯坏了".slice(3, 5));
    },
    200_000,
  );
});

describe("a text that nobody here was meant to get", () => {
  test("sent to a number that is not ours stays where the township sees it", async () => {
    await system.text(phoneOf(900), "喂，是粮站吗", { To: "+8610699999999" });
    await system.settle();
    const seen = await township.get<{ items: { body: string }[] }>("/inbound?unregistered=true");
    expect(seen.body.items.map((one) => one.body)).toContain("喂，是粮站吗");
    const { rows } = await system.ctx.pools.system.query("select channel_id from inbound where body = '喂，是粮站吗'");
    expect(rows).toEqual([{ channel_id: null }]);
  });

  test("to our number with digits behind it is ours", async () => {
    await system.text(phoneOf(3), "南街的桥栏杆断了", { To: `${"+8610690000"}07` });
    await system.settle();
    const { rows } = await system.ctx.pools.system.query(
      "select channel_id from inbound where body = '南街的桥栏杆断了'",
    );
    expect(rows).toEqual([{ channel_id: system.ctx.channelId }]);
  });
});

describe("names as words", () => {
  test.each([
    ["查王村的路灯坏了", 10],
    ["同意村委换灯，可是路灯坏了", 11],
    ["退沙村的路灯坏了", 12],
    ["三合村口路灯坏了", 13],
  ])("%s is a suggestion", async (body, door) => {
    const phone = phoneOf(door);
    await system.text(phone, body);
    await system.settle();
    expect((await casesOf(phone)).map((one) => one.text)).toContain(body);
  });
});

describe("over HTTP", () => {
  test("a case is merged, split and shown; a stranger is attached", async () => {
    const [a, b] = [phoneOf(4), phoneOf(5)];
    await system.text(a, "1.北街下水道堵了 2.垃圾三天没人清");
    await system.text(b, "北街的下水道堵了");
    await system.settle();
    const [[first], [second]] = [await casesOf(a), await casesOf(b)];
    const html = await (await page.get(`/v/guojia/cases/${first?.id}`)).text();
    expect(html).toContain("“垃圾三天没人清”");
    expect(html).toContain("像是同一件事");
    const split = await secretary.post(`/suggestions/${first?.id}/split`, { part: "垃圾三天没人清" });
    expect(split).toMatchObject({ status: 200, body: { text: "垃圾三天没人清", state: "registered" } });
    const merged = await page.post(`/v/guojia/cases/${first?.id}/merge`, { [`take-${second?.id}`]: "1" });
    expect([merged.status, merged.headers.get("location")]).toEqual([303, `/v/guojia/cases/${first?.id}?done=merged`]);
    expect((await secretary.get(`/suggestions/${second?.id}`)).body).toMatchObject({ state: "merged" });
    expect(await secretary.post(`/suggestions/${second?.id}/merge`, { into: first?.id })).toMatchObject({
      status: 409,
      body: { code: "move_not_allowed" },
    });

    const stranger = phoneOf(901);
    await system.text(stranger, "俺是四组的，机井坏了");
    await system.settle();
    const listed = await township.get<{ items: { id: string; body: string }[] }>("/inbound?unregistered=true");
    const text = listed.body.items.find((one) => one.body.includes("机井"));
    const attach = { village: "guojia", household: "401", name: "丁四" };
    expect((await township.post(`/inbound/${text?.id}/attachment`, attach)).status).toBe(200);
    await system.settle();
    expect(await casesOf(stranger)).toHaveLength(1);
    expect((await township.post(`/inbound/${text?.id}/dismissal`, { village: "guojia", reason: "x" })).status).toBe(
      404,
    );
  });

  test("how long receipts took is a metric", async () => {
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    expect(metrics).toMatch(/cunwu_receipt_delay_seconds\{of="p95"\} \d/);
    expect(metrics).toMatch(/cunwu_receipts_late 0/);
  });
});
