import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Audience } from "../../src/broadcast/broadcast.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import { asPublic } from "../../src/db/tenancy.ts";
import { startChain, stopChain } from "../../src/disclosure/run-chain.ts";
import { type BroadcastId, type DisclosureId, newId, type VillageId } from "../../src/lib/ids.ts";
import { type Actor, OPERATOR } from "../../src/lib/roles.ts";
import { inWork, type Work } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";
import { type Route, watchRoutes } from "../support/routes.ts";
import { type System, startSystem } from "../support/system.ts";

/** What must be on no public page: who villagers are, what is not for all, what is not out yet, and how it came about. */
const SECRETS = {
  villager: "丁秋菊",
  otherVillager: "欧阳桂芳",
  // Spaced out and spelled out, as people write it.
  spacedName: "欧　阳　桂　芳",
  spacedPhone: "138 0531 2233",
  spelledPhone: "一三八零五三一二二三三",
  phone: phoneOf(1).slice(3),
  staffPhone: phoneOf(903).slice(3),
  sealed: "石子是书记小舅子供的",
  open: "我家屋后的沟堵了三个月",
  draft: "还没想好的通知",
  returned: "写得不清楚的通知",
  party: "党员来开会讨论处分",
  personal: "家的灯泡坏了来领",
  emergency: "河水涨了快转移",
  reason: "书记在外地出差",
  helped: "低保补助丁秋菊",
  unposted: "还没公布的一笔",
  handler: "经手人赵会计",
  card: "6222021234567890123",
  elsewhere: "别的村的通知",
  stopped: "不开了的会",
} as const;

let system: System;
let routes: Route[];
let here: Cast;
let there: Cast;
let overseer: Actor;
let desk: Visitor;
let month = "";

const write = async (
  cast: Cast,
  body: string,
  more: { audience?: Audience; kind?: "notice" | "poll"; options?: string[] } = {},
) =>
  expectOk(
    await inWork(system.ctx.work, cast.clerk, (work) =>
      draftBroadcast(work, cast.village, { column: "村务公开", body, ...more }, true),
    ),
  );
const approve = async (cast: Cast, id: BroadcastId, ...signers: Actor[]) => {
  for (const signer of [...signers, cast.secretary])
    expectOk(await inWork(system.ctx.work, signer, (work) => approveBroadcast(work, id)));
};

async function postSheet(entries: readonly object[], opening: number, closing: number, of: string): Promise<string> {
  const clerk = await system.api("clerk", { village: "here" });
  const made = await clerk.post<{ id: string; notice: BroadcastId }>("/villages/here/sheets", {
    month: of,
    opening,
    closing,
    entries,
    notice: true,
  });
  expect(made.status).toBe(201);
  expectOk(await inWork(system.ctx.work, here.clerk, (work) => submitBroadcast(work, made.body.notice)));
  await approve(here, made.body.notice, overseer);
  return made.body.id;
}

beforeAll(async () => {
  ({ value: system, routes } = await watchRoutes(() => startSystem()));
  here = await givenVillage(system.ctx, { code: "here", households: 3, township: "town" });
  there = await givenVillage(system.ctx, { code: "there", households: 2, firstPhone: 50 });
  overseer = await here.actor("overseer", "郭长顺", phoneOf(904));
  await here.actor("cadre", "王春霞", phoneOf(903));
  const roster = `户号,姓名,手机号,身份\n1,${SECRETS.villager},${phoneOf(1)},党员\n2,${SECRETS.otherVillager},${phoneOf(2)},\n`;
  expectOk(
    await inWork(system.ctx.work, here.clerk, (work) =>
      importRoster(work, system.ctx.sealer, here.village.id, Buffer.from(roster)),
    ),
  );

  // The lint keeps such a number out of a notice; should one ever get through, it must not get further.
  const named = await write(here, `明天停水。找${SECRETS.villager}家借车；请王春霞安排。${SECRETS.spacedName}有车。`);
  await approve(here, named);
  await system.ctx.pools.system.query("update broadcasts set body = body || $2 where id = $1", [named, SECRETS.phone]);
  const poll = await write(here, "小广场铺砖吗？", { kind: "poll", options: ["同意", "不同意"] });
  await approve(here, poll);
  await approve(here, await write(here, SECRETS.party, { audience: { scope: "households", tags: ["党员"] } }));
  await approve(here, await write(here, `{{姓名}}${SECRETS.personal}。`));
  await approve(there, await write(there, SECRETS.elsewhere));
  const emergency = {
    column: "村务公开",
    body: SECRETS.emergency,
    kind: "emergency" as const,
    urgentReason: SECRETS.reason,
  };
  expectOk(await inWork(system.ctx.work, here.clerk, (work) => draftBroadcast(work, here.village, emergency, true)));
  const draft = { column: "村务公开", body: SECRETS.draft };
  expectOk(await inWork(system.ctx.work, here.clerk, (work) => draftBroadcast(work, here.village, draft, false)));
  await write(here, SECRETS.returned);
  await system.text(phoneOf(1), SECRETS.open);
  await system.text(phoneOf(2), `密：${SECRETS.sealed}`);
  await system.settle();
  await system.text(phoneOf(1), "1");
  await system.settle();
  await system.ctx.pools.system.query("update broadcasts set closes_at = now() where id = $1", [poll]);

  const now = new Date(Date.now() + 8 * 3_600_000);
  const back = (n: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n, 1)).toISOString().slice(0, 7);
  month = back(2);
  const entry = (kind: string, amount: number, purpose: string, more: object = {}, of = month) => ({
    day: `${of}-03`,
    kind,
    amount,
    purpose,
    ...more,
  });
  const id = await postSheet(
    [
      entry("income", 1200000, "土地流转费", { handler: SECRETS.handler }),
      entry("expense", 50000, SECRETS.helped, { category: "relief_out" }),
      entry("expense", 70000, `付${SECRETS.otherVillager}修灯${SECRETS.card}`),
      entry("expense", 10000, `付修路${SECRETS.spacedPhone}`),
      entry("expense", 10000, `付修渠${SECRETS.spelledPhone}`),
    ],
    100000,
    1160000,
    month,
  );
  desk = await signIn(system.url, "here-clerk");
  const today = now.toISOString().slice(0, 10);
  expect((await desk.post(`/v/here/sheets/${id}/posting`, { postedOn: today })).status).toBe(303);
  const event = { item: "V01", title: `${SECRETS.otherVillager}家宅基地${SECRETS.spacedPhone}`, on: today };
  expect((await desk.post("/v/here/disclosure/events", event)).status).toBe(303);
  const unposted = { month: back(1), entries: [entry("income", 100, SECRETS.unposted, {}, back(1))], closing: 1160100 };
  const locked = await (await system.api("clerk", { village: "here" })).post("/villages/here/sheets", {
    ...unposted,
    notice: true,
  });
  expect(locked.status).toBe(201);
  // A meeting that was called off is not owed any more.
  const inVillage = { kind: "assembly", title: SECRETS.stopped, heldOn: today, noticeDays: null };
  await inWork(system.ctx.work, here.secretary, async (work) => {
    const chain = expectOk(await startChain(work, here.village, inVillage));
    expectOk(await stopChain(work, here.village, chain));
  });
  await system.settle();
}, 120_000);
afterAll(() => system.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(system.url + path, { headers, redirect: "manual" });
const text = async (path: string) => (await get(path)).text();
const boards = () => routes.filter((route) => route.kind === "board").map((route) => route.url);
const paths = () =>
  boards()
    .flatMap((url) => [url, `${url}?big=1`])
    .map((url) => url.replace(":code", "here").replace(":month", month));

describe("what anybody may read", () => {
  test("is there: notices, results, accounts, and how to write", async () => {
    const notices = await text("/p/here/notices");
    for (const words of ["明天停水", "请王春霞安排", "小广场铺砖吗？", "1 票"]) expect(notices).toContain(words);
    const sheet = await text(`/p/here/sheets/${month}`);
    for (const words of ["土地流转费", "12,000.00", "救济扶贫支出", "付欧某某某修灯622****0123", "11,600.00"])
      expect(sheet).toContain(words);
    const home = await text("/p/here");
    for (const words of ["here村公开栏", "11,600.00", system.ctx.config.twilio.from?.slice(-6) ?? "?"])
      expect(home).toContain(words);
    expect(await text("/p/here/calendar")).toContain("欧某某某家宅基地138****2233");
  });

  test("holds nothing else, on any page, however it is asked for", async () => {
    expect(boards().length).toBeGreaterThan(6);
    for (const path of paths()) {
      const answer = await get(path);
      const body = await answer.text();
      expect([path, answer.status]).toEqual([path, 200]);
      for (const [name, secret] of Object.entries(SECRETS))
        expect([path, name, body.includes(secret)]).toEqual([path, name, false]);
      // An id of ours may hold eleven digits in a row by chance.
      const plain = body.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, "");
      expect([path, plain.match(/1[3-9]\d{9}|\d{17}[\dXx]|\d{16,}/)?.[0] ?? null]).toEqual([path, null]);
    }
  });

  test("is light, without script or cookie, and may lie in a cache for a minute", async () => {
    for (const path of paths()) {
      const answer = await get(path);
      const body = await answer.text();
      expect(Buffer.byteLength(body)).toBeLessThan(60_000);
      expect([body.includes("<script"), answer.headers.getSetCookie().length]).toEqual([false, 0]);
      expect(answer.headers.get("cache-control")).toBe("public, max-age=60");
      const etag = answer.headers.get("etag") ?? "";
      const again = await get(path, { "if-none-match": `"other", W/${etag}` });
      expect([path, again.status, await again.text()]).toEqual([path, 304, ""]);
    }
    const [small, big] = await Promise.all(["", "?big=1"].map((query) => text(`/p/here${query}`)));
    expect([small?.includes("class=big"), big?.includes("class=big"), big?.includes("/p/here/sheets?big=1")]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("stops with the village: an unknown one, a page taken down, a month without accounts", async () => {
    const secretary = await signIn(system.url, "there-xxx");
    const unknown = await get("/p/nowhere");
    expect((await get("/p/there")).status).toBe(200);
    expect((await secretary.post("/v/there/public/switch", { on: "0" })).headers.get("location")).toContain(
      "done=public_off",
    );
    const off = await get("/p/there");
    expect([unknown.status, off.status, off.headers.get("cache-control")]).toEqual([404, 404, "no-store"]);
    expect(await off.text()).toBe((await unknown.text()).replaceAll("nowhere", "there"));
    for (const path of ["/p/here/sheets/2020-01", "/p/here/sheets/x", "/p/here/nothing"])
      expect((await get(path)).status).toBe(404);
    expect((await desk.post("/v/here/public/switch", { on: "0" })).status).toBe(403);
  });
});

describe("the 公示牌", () => {
  test("shows whom the secretary puts there, with the phone given for it and no other", async () => {
    const secretary = await signIn(system.url, "here-xxx");
    const clerk = here.clerk.id;
    const set = (fields: Record<string, string>) =>
      secretary.post(`/v/here/public/people/${clerk}`, { who: clerk, ...fields });
    const wrong = await set({ post: "", duty: "字".repeat(41), phone: "12345", shown: "1" });
    expect([wrong.status, (await wrong.text()).includes("11 位手机号；不登就留空")]).toEqual([422, true]);
    expect((await set({ post: "村务员", duty: "盖章", phone: "0533-6550001", shown: "1" })).status).toBe(303);
    const board = await text("/p/here/people");
    expect([board.includes("0533-6550001"), board.includes("盖章"), board.includes("王春霞")]).toEqual([
      true,
      true,
      false,
    ]);
    await set({ post: "村务员", duty: "盖章", phone: "0533-6550001" });
    expect(await text("/p/here/people")).not.toContain("0533-6550001");
    const other = await secretary.post(`/v/here/public/people/${there.clerk.id}`, { post: "x", shown: "1" });
    expect(other.status).toBe(404);
  });
});

/** In each village one row that everybody may see, and beside it one of each kind that nobody may. */
async function givenBoards(): Promise<void> {
  for (const { village, clerk, secretary, actor } of [here, there]) {
    const gone = await actor("cadre", "离任的", phoneOf(905));
    const [of, at] = [{ village_id: village.id }, new Date()];
    await inWork(system.ctx.work, clerk, async ({ tx }) => {
      for (const [who, shown] of [
        [secretary, true],
        [gone, true],
        [clerk, false],
      ] as const) {
        const words = { post: "x", duty: "x", phone: "", shown, changed_by: clerk.id, changed_at: at };
        const row = { actor_id: who.id, ...of, ...words };
        await tx
          .insertInto("public_contacts")
          .values(row)
          .onConflict((oc) => oc.column("actor_id").doUpdateSet({ shown }))
          .execute();
      }
      const made = { item: "V02", period: "2020", created_by: clerk.id, created_at: at };
      await tx
        .insertInto("disclosures")
        .values({ id: newId<DisclosureId>(), ...of, ...made })
        .execute();
      const rule = { level: "village" as const, township_id: null, item: "V02", from_on: "2020-01-01", change: "{}" };
      const set = { set_by: clerk.id, set_at: at };
      await tx
        .insertInto("disclosure_rules")
        .values({ id: newId(), ...of, ...rule, ...set })
        .execute();
    });
    await inWork(system.ctx.work, OPERATOR, ({ tx }) =>
      tx.updateTable("actors").set({ active: false }).where("id", "=", gone.id).execute(),
    );
  }
}

test("the database itself shows a visitor these rows and no others, and takes nothing from him", async () => {
  await givenBoards();
  const count = (village: VillageId) =>
    asPublic(system.ctx.db.app, village, async (tx) => {
      const { rows } = await sql<{ name: string }>`
        select c.relname as name from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
           and has_any_column_privilege(c.oid, 'select') order by 1`.execute(tx);
      const seen: Record<string, number> = {};
      for (const { name } of rows) {
        const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)}`.execute(
          tx,
        );
        if (counted[0]?.n) seen[name] = counted[0].n;
      }
      return seen;
    });
  const seen = await count(here.village.id);
  // Townships, their calendar and the channel are nobody's secret.
  expect(
    Object.keys(seen)
      .filter((name) => !["channels", "townships", "counties", "calendar_days"].includes(name))
      .sort(),
  ).toEqual([
    ...["actors", "broadcasts", "columns", "disclosure_chains", "disclosure_rules", "disclosures", "public_contacts"],
    "sheet_publications",
  ]);
  expect(seen).toMatchObject({ actors: 1, disclosure_rules: 1, public_contacts: 2 });
  // The water, the poll, and the posted month's accounts.
  expect(seen).toMatchObject({ broadcasts: 3, sheet_publications: 1 });
  // An answer that was published, taken back, published again, and then sealed.
  const { id } = await system.ctx.db.system
    .selectFrom("suggestions")
    .select("id")
    .where("village_id", "=", here.village.id)
    .where("sealed", "=", false)
    .executeTakeFirstOrThrow();
  const answers = async () => [
    (await count(here.village.id)).publications ?? 0,
    (await count(there.village.id)).publications ?? 0,
  ];
  const as = (body: (work: Work) => Promise<unknown>) => inWork(system.ctx.work, here.secretary, body);
  const [published_at, published_by] = [new Date(), here.secretary.id];
  const words = { question: "x", answer: "x", published_by, published_at };
  await as(({ tx }) =>
    tx
      .insertInto("publications")
      .values({ suggestion_id: id, village_id: here.village.id, ...words })
      .execute(),
  );
  expect(await answers()).toEqual([1, 0]);
  await as(({ tx }) => tx.updateTable("publications").set({ withdrawn_at: published_at }).execute());
  expect(await answers()).toEqual([0, 0]);
  await as(({ tx }) => tx.updateTable("publications").set({ withdrawn_at: null }).execute());
  await system.ctx.db.system
    .updateTable("suggestions")
    .set({ sealed: true, number: 9001 })
    .where("id", "=", id)
    .execute();
  expect(await answers()).toEqual([0, 0]);
  const nowhere = await count("00000000-0000-0000-0000-000000000000" as VillageId);
  expect(
    Object.keys(nowhere).filter((name) => !["channels", "townships", "counties", "calendar_days"].includes(name)),
  ).toEqual([]);
  const change = asPublic(system.ctx.db.app, here.village.id, (tx) =>
    tx.updateTable("villages").set({ name: "x" }).execute(),
  );
  await expect(change).rejects.toThrow("read-only");
});
