import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyAudit } from "../../src/db/audit.queries.ts";
import type { PhoneNumber } from "../../src/lib/phone.ts";
import { inWork } from "../../src/queue/work.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { type Cast, givenVillage, phoneOf } from "../support/given.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
let cast: Cast;
const people = new Map<string, Visitor>();

beforeAll(async () => {
  system = await startSystem();
  cast = await givenVillage(system.ctx, { code: "guojia", households: 6, township: "zhen" });
  await cast.actor("cadre", "chunxia");
  await cast.actor("overseer", "jianhui");
  for (const login of ["clerk", "刘建国", "chunxia", "jianhui"]) {
    const account = `guojia-${login}`.toLowerCase().replace(/[^a-z0-9._-]/g, "x");
    people.set(login, await signIn(system.url, account));
  }
}, 60_000);
afterAll(() => system.stop());

const as = (login: string): Visitor => people.get(login) as Visitor;
const db = () => system.ctx.db.system;
const auditLog = () =>
  inWork(system.ctx.work, cast.secretary, (work) =>
    work.tx.selectFrom("audit_log").select(["action", "subject_id", "detail"]).orderBy("seq").execute(),
  );
const hashOf = (phone: string) => system.ctx.sealer.hashPhone(phone as PhoneNumber);

async function doorOf(number: string) {
  const door = await db()
    .selectFrom("households")
    .selectAll()
    .where("village_id", "=", cast.village.id)
    .where("number", "=", number)
    .executeTakeFirstOrThrow();
  const residents = await db()
    .selectFrom("villagers")
    .selectAll()
    .where("household_id", "=", door.id)
    .orderBy("position")
    .execute();
  return { ...door, residents, path: `/v/guojia/people/${door.id}`, first: residents[0]?.id as string };
}

/** The page that a form leads to, or the one it comes back on. */
async function send(login: string, path: string, fields: Record<string, string>) {
  const answer = await as(login).post(path, fields);
  return { status: answer.status, to: answer.headers.get("location"), page: await answer.text() };
}
const read = async (login: string, path: string) => await (await as(login).get(path)).text();

describe("a household, changed by hand", () => {
  test("a new number takes the place of the old one, is texted from now on, and is good again", async () => {
    const door = await doorOf("1");
    await db()
      .updateTable("phones")
      .set({ problem: "invalid", problem_at: new Date() })
      .where("hash", "=", hashOf(phoneOf(1)))
      .execute();
    expect(await read("clerk", door.path)).toContain("号码有问题");
    const wish = {
      person: door.first,
      name: "村民1",
      phone: "138 0000 0901",
      "tag:党员": "1",
      newTag: "种粮大户、木匠",
    };
    expect(await send("clerk", `${door.path}/person`, wish)).toMatchObject({
      status: 303,
      to: `${door.path}?done=person_saved`,
    });
    const after = await doorOf("1");
    expect(after.contact_hash?.equals(hashOf("+8613800000901"))).toBe(true);
    expect(after.residents[0]?.tags).toEqual(["党员", "种粮大户", "木匠"]);
    expect(await read("clerk", door.path)).toContain("1号能收到短信");
  });

  test("a wrong number comes back beside its field, and everything typed is kept", async () => {
    const { path } = await doorOf("2");
    const { status, page } = await send("clerk", `${path}/person`, {
      form: "person:",
      person: "",
      name: "新媳妇",
      phone: "1380000",
    });
    expect(status).toBe(422);
    expect(page).toContain("手机号少 4 位");
    expect(page).toContain('value="新媳妇"');
    expect((await doorOf("2")).residents).toHaveLength(1);
  });

  test("staff choose which phone of a door is texted, and an import leaves it so", async () => {
    const door = await doorOf("2");
    await send("clerk", `${door.path}/person`, { person: "", name: "村民2的儿子", phone: "13800000902" });
    const son = (await doorOf("2")).residents[1];
    expect((await doorOf("2")).contact_hash?.equals(hashOf(phoneOf(2)))).toBe(true);
    expect(await send("clerk", `${door.path}/contact`, { contact: son?.id ?? "" })).toMatchObject({ status: 303 });
    const api = await system.api("clerk", { village: "guojia" });
    await api.post("/villages/guojia/roster", `户号,姓名,手机号,身份\n2,村民2,${phoneOf(2)},低保户\n`, {
      "content-type": "text/csv",
    });
    expect((await doorOf("2")).contact_hash?.equals(hashOf("+8613800000902"))).toBe(true);
    // His number changes: the choice follows him.
    await send("clerk", `${door.path}/person`, { person: son?.id ?? "", name: "村民2的儿子", phone: "13800000903" });
    expect((await doorOf("2")).contact_hash?.equals(hashOf("+8613800000903"))).toBe(true);
  });

  test("whoever has died gets nothing more, is no longer listed, and can be put back", async () => {
    const door = await doorOf("3");
    expect((await send("clerk", `${door.path}/left`, { person: door.first })).page).toContain("请选一个原因");
    await send("clerk", `${door.path}/left`, { person: door.first, reason: "died" });
    expect((await doorOf("3")).contact_hash).toBeNull();
    expect(await read("clerk", door.path)).toContain("3号没有人了");
    expect(await read("clerk", "/v/guojia/people?q=村民3")).toContain("没有这样的户");
    await send("clerk", `${door.path}/back`, { person: door.first });
    expect((await doorOf("3")).contact_hash?.equals(hashOf(phoneOf(3)))).toBe(true);
  });

  test("a door is added with its first person, and not twice", async () => {
    const wish = { number: "十里铺9号", name: "孙玉兰", phone: "", note: "耳背，要大声" };
    const added = await send("clerk", "/v/guojia/people/new", wish);
    expect(added.to).toMatch(/\?done=door_added$/);
    expect(await read("clerk", added.to ?? "")).toContain("耳背，要大声");
    expect((await send("clerk", "/v/guojia/people/new", wish)).page).toContain("已经有这个户号了");
    const door = added.to?.split("?")[0] ?? "";
    const changed = { number: "十里铺9号", note: "电话里说" };
    expect((await send("clerk", `${door}/door`, { ...changed, number: "1" })).page).toContain("已经有这个户号了");
    expect((await send("clerk", `${door}/door`, changed)).to).toMatch(/\?done=door_saved$/);
    expect(await read("clerk", door)).toContain("电话里说");
  });

  test("what was done is in the audit log by ids, and the log is whole", async () => {
    const rows = await auditLog();
    expect(rows.map((row) => row.action)).toEqual(
      expect.arrayContaining([
        ...["person.change", "person.add", "person.left", "person.contact", "household.add", "household.change"],
      ]),
    );
    expect(JSON.stringify(rows)).not.toMatch(/1380000|村民|孙玉兰|耳背/);
    expect(await verifyAudit(db())).toEqual([]);
  });
});

describe("finding a door", () => {
  const found = async (login: string, query: string) =>
    [
      ...(await read(login, `/v/guojia/people?${query}`)).matchAll(
        /<a class="go" href="\/v\/guojia\/people\/[0-9a-f-]{36}">([^<]*)</g,
      ),
    ].map((m) => m[1]);

  test.each([
    ["a part of a name", "村民5", ["5号"]],
    ["a whole phone, as people write it", "138 0000 0004", ["4号"]],
    ["the last four digits", "0006", ["6号"]],
    ["the initials of a name", "syl", ["十里铺9号"]],
    ["the number of a door", "十里铺", ["十里铺9号"]],
    ["nothing of the kind", "100%", []],
  ])("by %s", async (_how, words, doors) => {
    expect(await found("clerk", `q=${encodeURIComponent(words)}`)).toEqual(doors);
  });

  test("by what people are, and by what stands against a text", async () => {
    expect(await found("clerk", `tag=${encodeURIComponent("党员")}`)).toEqual(["1号"]);
    expect(await found("clerk", "show=no_phone")).toEqual(["十里铺9号"]);
    const api = await system.api("clerk", { village: "guojia" });
    const { body } = await api.get<{ items: { household: string; standing: string }[] }>(
      "/villages/guojia/households?show=no_phone",
    );
    expect(body.items).toMatchObject([{ household: "十里铺9号", standing: "no_phone" }]);
  });
});

describe("who may", () => {
  test("a linked cadre sees his own doors and their phones, and no others", async () => {
    const mine = await doorOf("4");
    const others = await doorOf("5");
    const cadre = await db().selectFrom("actors").select("id").where("name", "=", "chunxia").executeTakeFirstOrThrow();
    await send("clerk", `${mine.path}/door`, { number: "4", group: "", grid: "", cadre: cadre.id, note: "" });
    const list = await read("chunxia", "/v/guojia/people");
    expect([list.includes("村民4"), list.includes("村民5")]).toEqual([true, false]);
    expect((await as("chunxia").get(mine.path)).status).toBe(200);
    expect((await as("chunxia").get(others.path)).status).toBe(404);
    expect((await send("chunxia", `${others.path}/phone`, {})).status).toBe(404);
    expect((await send("chunxia", `${mine.path}/phone`, { person: mine.first })).page).toContain("tel:13800000004");
    expect((await send("chunxia", `${mine.path}/left`, { person: mine.first, reason: "died" })).status).toBe(403);
  });

  test("a number is masked, and whoever looks at it is written down; a clerk may not", async () => {
    const door = await doorOf("5");
    const page = await read("刘建国", door.path);
    expect([page.includes("138****0005"), page.includes("13800000005")]).toEqual([true, false]);
    expect((await send("clerk", `${door.path}/phone`, { person: door.first })).status).toBe(403);
    expect((await send("刘建国", `${door.path}/phone`, { person: door.first })).page).toContain("tel:13800000005");
    const line = (await auditLog()).findLast((one) => one.action === "phone.reveal");
    expect(line?.subject_id).toBe(door.first);
  });
});

describe("groups and grids", () => {
  const units = async (kind: "groups" | "grids") =>
    await db()
      .selectFrom(kind)
      .select(["id", "name"])
      .where("village_id", "=", cast.village.id)
      .orderBy("name")
      .execute();

  beforeAll(async () => {
    const api = await system.api("clerk", { village: "guojia" });
    const rows = [5, 6].map((n) => `${n},村民${n},${phoneOf(n)},${n}组,北片`).join("\n");
    const file = `户号,姓名,手机号,村民小组,网格\n${rows}\n`;
    await api.post("/villages/guojia/roster", file, { "content-type": "text/csv" });
  });

  test("a grid is given to one person, with all its doors", async () => {
    const [grid] = await units("grids");
    const cadre = await db().selectFrom("actors").select("id").where("name", "=", "chunxia").executeTakeFirstOrThrow();
    await send("clerk", "/v/guojia/people/groups/cadre", { unit: grid?.id ?? "", cadre: cadre.id });
    const list = await read("chunxia", "/v/guojia/people");
    expect(["村民4", "村民5", "村民6"].map((name) => list.includes(name))).toEqual([true, true, true]);
  });

  test("a new name goes with the notices that have not left; two groups become one only when none waits", async () => {
    const api = await system.api("clerk", { village: "guojia" });
    const draft = { column: "村务公开", body: "明天停水。", audience: { scope: "households", groups: ["5组"] } };
    const notice = await api.post<{ id: string; recipients: number }>("/villages/guojia/broadcasts", draft);
    expect(notice).toMatchObject({ status: 201, body: { recipients: 1 } });
    const [five, six] = await units("groups");
    const rename = { kind: "group", unit: five?.id ?? "", name: "五组" };
    expect(await send("clerk", "/v/guojia/people/groups/name", rename)).toMatchObject({ status: 303 });
    const row = await db()
      .selectFrom("broadcasts")
      .select("audience")
      .where("id", "=", notice.body.id as never)
      .executeTakeFirstOrThrow();
    expect(row.audience).toEqual({ scope: "households", groups: ["五组"] });
    expect((await send("clerk", "/v/guojia/people/groups/name", { ...rename, name: "6组" })).page).toContain(
      "已经有叫“6组”的小组",
    );
    const merge = { kind: "group", unit: five?.id ?? "", into: six?.id ?? "" };
    expect(await send("clerk", "/v/guojia/people/groups/merge", merge)).toMatchObject({ status: 409 });
    const secretary = await system.api("secretary", { village: "guojia" });
    await secretary.post(`/broadcasts/${notice.body.id}/cancellation`);
    expect(await send("clerk", "/v/guojia/people/groups/merge", merge)).toMatchObject({ status: 303 });
    expect((await units("groups")).map((one) => one.name)).toEqual(["6组"]);
    expect((await doorOf("5")).group_id).toBe(six?.id);
  });
});

describe("somebody written down twice", () => {
  test("becomes one, loses nothing, survives an import, and can be parted again", async () => {
    const api = await system.api("clerk", { village: "guojia" });
    const twice = `户号,姓名,手机号,身份\n东头1号,村民6,${phoneOf(6)},党员\n`;
    await api.post("/villages/guojia/roster", twice, { "content-type": "text/csv" });
    const [here, there] = [await doorOf("6"), await doorOf("东头1号")];
    expect(await read("clerk", "/v/guojia/people/duplicates")).toContain("有 1 对像是同一个人");
    const strangers = { one: here.first, other: (await doorOf("5")).first, keep: here.first };
    expect(await send("clerk", "/v/guojia/people/duplicates", strangers)).toMatchObject({ status: 409 });
    const pair = { one: here.first, other: there.first, keep: here.first };
    expect(await send("clerk", "/v/guojia/people/duplicates", pair)).toMatchObject({ status: 303 });
    await api.post("/villages/guojia/roster", twice, { "content-type": "text/csv" });
    expect((await doorOf("6")).residents[0]?.tags).toEqual(["党员"]);
    expect((await doorOf("东头1号")).contact_hash).toBeNull();
    expect(await read("clerk", there.path)).toContain("与6的是同一个人");
    const page = await read("clerk", "/v/guojia/people/duplicates");
    const merge = /name="merge" value="([^"]+)"/.exec(page)?.[1] ?? "";
    expect(await send("clerk", "/v/guojia/people/duplicates/undo", { merge })).toMatchObject({ status: 303 });
    expect((await doorOf("6")).residents[0]?.tags).toEqual([]);
    expect((await doorOf("东头1号")).contact_hash?.equals(hashOf(phoneOf(6)))).toBe(true);
    expect((await doorOf("6")).contact_hash).toEqual(here.contact_hash);
    expect(await send("clerk", "/v/guojia/people/duplicates/undo", { merge })).toMatchObject({ status: 409 });
  });
});

describe("consent on paper", () => {
  test("how a number was given is kept with what was told, and a word without a paper is none", async () => {
    const { path, first } = await doorOf("5");
    const wish = { person: first, basis: "visit", givenOn: "2026-01-05" };
    expect((await send("clerk", `${path}/consent`, { ...wish, givenOn: "2999-01-01" })).status).toBe(422);
    await send("clerk", `${path}/consent`, wish);
    expect(await read("clerk", path)).toContain("入户登记");
    expect((await send("clerk", `${path}/opt-out`, { person: first })).page).toContain("请选凭什么记下的");
  });

  test("an opt-out and the way back in are both written down, with who and on what", async () => {
    const { path, first } = await doorOf("5");
    await send("clerk", `${path}/opt-out`, { person: first, paper: "visit", note: "嫌吵" });
    expect(await read("clerk", path)).toContain("5号：已退订");
    const without = system.ctx.pools.system.query("update opt_outs set note = '' where source = 'staff'");
    await expect(without).rejects.toThrow("check constraint");
    expect((await send("clerk", `${path}/opt-out`, { person: first, paper: "visit" })).status).toBe(409);
    await send("clerk", `${path}/opt-in`, { person: first, paper: "slip", note: "" });
    const page = await read("clerk", path);
    expect(page).toContain("5号能收到短信");
    expect(page).toContain("工作人员代记（clerk，入户当面说的：嫌吵）");
    expect(page).toContain("clerk代记恢复（本人签字的条子）");
  });
});

describe("入户率", () => {
  test("counts doors by what stands against a text, and each number leads to those doors", async () => {
    const page = await read("刘建国", "/v/guojia/people/enrolment");
    expect(page).toMatch(/入户率 \d+%，8 户里 7 户/);
    expect(page).toContain("没有手机号 1 户");
    const links = [...page.matchAll(/href="(\/v\/guojia\/people\?[^"]+)"/g)].map((m) =>
      (m[1] ?? "").replaceAll("&amp;", "&"),
    );
    for (const link of links) expect(await read("刘建国", link)).toMatch(/找到 \d+\s户/);
  });

  test("a township sees its villages side by side", async () => {
    const page = await read("刘建国", "/enrolment?order=need");
    expect(page).toContain("1\u00a0个村");
  });
});
