import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asActor } from "../../src/db/tenancy.ts";
import { listPolicies } from "../../src/policy/policy.queries.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { type Cast, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Listed = { items: { id: string; title: string; of: string; active: boolean; keywords: string[] }[] };
const ENTRY = { title: "高龄津贴", standard: "每月50元", process: "到村委会登记", office: "民政办", phone: "0533-1" };

let system: System;
let here: Cast;
let there: Cast;
let clerk: Api;
let township: Api;
let desk: Visitor;

beforeAll(async () => {
  system = await startSystem();
  here = await givenVillage(system.ctx, { code: "here", households: 3, township: "town" });
  there = await givenVillage(system.ctx, { code: "there", households: 1, firstPhone: 50 });
  clerk = await system.api("clerk", { village: "here" });
  township = await system.api("township", { township: "town" });
  desk = await signIn(system.url, "here-clerk");
}, 60_000);
afterAll(() => system.stop());

const list = async (api: Api) => (await api.get<Listed>("/villages/here/policies")).body.items;

describe("the compilation", () => {
  test("takes a village's entries and its township's, by program", async () => {
    const made = await clerk.post("/villages/here/policies", { ...ENTRY, keywords: ["老人钱", "老人钱"] });
    expect(made).toMatchObject({ status: 201, body: { of: "village", active: true, keywords: ["老人钱"], basis: "" } });
    expect(await township.post("/villages/here/policies", { ...ENTRY, title: "临时救助" })).toMatchObject({
      status: 201,
      body: { of: "township" },
    });
    const overseer = await system.api("overseer", { village: "here" });
    expect((await list(overseer)).map((one) => [one.title, one.of])).toEqual([
      ["高龄津贴", "village"],
      ["临时救助", "township"],
    ]);
    expect((await overseer.post("/villages/here/policies", ENTRY)).status).toBe(403);
  });
  test("says beside each field what is missing", async () => {
    const bare = await clerk.post("/villages/here/policies", {
      title: " ",
      standard: "",
      process: "x",
      office: "字".repeat(31),
    });
    expect(bare).toMatchObject({
      status: 422,
      body: {
        errors: [{ field: "title" }, { field: "standard" }, { field: "office", message: "责任科室太长，请减 1 个字" }],
      },
    });
  });
  test("is written, tried, changed and retired on its pages", async () => {
    const added = await desk.post("/v/here/policies", { ...ENTRY, title: "危房改造", keywords: "修房、房子漏，旧房" });
    expect(added.headers.get("location")).toBe("/v/here/policies?done=policy_added");
    const tried = await (await desk.get(`/v/here/policies?ask=${encodeURIComponent("俺家房子漏咋办")}`)).text();
    expect(tried).toContain("危房改造：每月50元。怎么办：到村委会登记。找民政办，电话0533-1。");
    const { id } = (await list(clerk)).find((one) => one.title === "危房改造") ?? { id: "" };
    const wrong = await desk.post(`/v/here/policies/${id}`, { ...ENTRY, title: "" });
    expect([wrong.status, (await wrong.text()).includes("请写名称")]).toEqual([422, true]);
    expect((await desk.post(`/v/here/policies/${id}`, { ...ENTRY, title: "农房改造" })).status).toBe(303);
    expect((await desk.post(`/v/here/policies/${id}/active`, { active: "0" })).headers.get("location")).toBe(
      "/v/here/policies?done=policy_retired",
    );
    expect((await list(clerk)).find((one) => one.id === id)).toMatchObject({ title: "农房改造", active: false });
  });
  test("of the township is changed only by it, and of the village only by the village", async () => {
    await givenSupervisor(system.ctx, here);
    const supervisor = await signIn(system.url, "dudao");
    const [own, above] = ["village", "township"].map(
      (of) => (items: Listed["items"]) => items.find((one) => one.of === of)?.id,
    );
    const items = await list(clerk);
    expect((await desk.get(`/v/here/policies/${above?.(items)}`)).status).toBe(403);
    expect((await desk.post(`/v/here/policies/${above?.(items)}`, ENTRY)).status).toBe(403);
    expect((await supervisor.post(`/v/here/policies/${own?.(items)}`, ENTRY)).status).toBe(403);
    expect((await supervisor.get(`/v/here/policies/${above?.(items)}`)).status).toBe(200);
  });
  test("of another village does not exist, in the database either", async () => {
    const elsewhere = await signIn(system.url, "there-clerk");
    const { id } = (await list(clerk))[0] ?? { id: "" };
    expect((await elsewhere.get(`/v/there/policies/${id}`)).status).toBe(404);
    expect((await elsewhere.post(`/v/there/policies/${id}/active`, { active: "0" })).status).toBe(404);
    const read = (cast: Cast) =>
      asActor(system.ctx.db.app, cast.clerk, (tx) => listPolicies(tx, here.village)).then((rows) => rows.length);
    expect([await read(there), await read(here)]).toEqual([0, 3]);
    const grab = asActor(system.ctx.db.app, there.clerk, (tx) =>
      tx
        .updateTable("policies")
        .set({ title: "偷" })
        .where("id", "=", id as never)
        .executeTakeFirst(),
    );
    expect((await grab).numUpdatedRows).toBe(0n);
    // A village cannot write on its township's shelf, even past the use case.
    const up = asActor(system.ctx.db.app, here.clerk, (tx) =>
      tx.updateTable("policies").set({ title: "偷" }).where("village_id", "is", null).executeTakeFirst(),
    );
    expect((await up).numUpdatedRows).toBe(0n);
  });
});

test("a poll is written, answered and counted over HTTP", async () => {
  const secretary = await system.api("secretary", { village: "here" });
  const poll = { column: "村务公开", body: "小广场铺砖吗？", kind: "poll", options: ["同意", "不同意"] };
  expect((await clerk.post("/villages/here/broadcasts", { ...poll, options: ["同意"] })).status).toBe(422);
  const made = await clerk.post<{ id: string; poll: unknown }>("/villages/here/broadcasts", {
    ...poll,
    closesAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  expect(made).toMatchObject({
    status: 201,
    body: {
      kind: "poll",
      poll: [
        { option: "同意", votes: 0 },
        { option: "不同意", votes: 0 },
      ],
    },
  });
  expect((await secretary.post(`/broadcasts/${made.body.id}/approval`)).status).toBe(200);
  await system.settle();
  await system.ctx.pools.system.query(
    `insert into inbound (id, carrier, carrier_message_id, from_hash, from_phone, raw, body, received_at, understood_at)
     select uuid_v7(), 'simulator', 'x', $1, '', '', '1', now(), now()`,
    [system.ctx.sealer.hashPhone(phoneOf(1) as never)],
  );
  await system.ctx.pools.system.query(
    `insert into poll_votes select $1, from_hash, $2, 1, id, now() from inbound where carrier_message_id = 'x'`,
    [made.body.id, here.village.id],
  );
  expect((await clerk.get<{ poll: unknown }>(`/broadcasts/${made.body.id}`)).body.poll).toEqual([
    { option: "同意", votes: 1 },
    { option: "不同意", votes: 0 },
  ]);
  const page = await (await desk.get(`/v/here/notices/${made.body.id}`)).text();
  expect(page).toContain("1 部手机表了态");
  expect(page).toContain("回数字：1同意 2不同意");
  // Who voted what is nobody's business but the service's: another village sees not even the number.
  const votes = (cast: Cast) =>
    asActor(system.ctx.db.app, cast.clerk, (tx) => tx.selectFrom("poll_votes").select("option").execute());
  expect([(await votes(here)).length, (await votes(there)).length]).toEqual([1, 0]);
});

test("the people page shows whose number is another's, whose is blocked, and who left a column", async () => {
  const set = (problem: string | null, n: number) =>
    system.ctx.pools.system.query("update phones set problem = $1 where hash = $2", [
      problem,
      system.ctx.sealer.hashPhone(phoneOf(n) as never),
    ]);
  await set("wrong_person", 1);
  await set("blocked", 2);
  await system.ctx.pools.system.query(
    `insert into opt_outs (id, village_id, phone_hash, column_id, source, at)
     select uuid_v7(), c.village_id, $1, c.id, 'villager', now() from columns c where c.village_id = $2 and c.name = '智慧语录'`,
    [system.ctx.sealer.hashPhone(phoneOf(3) as never), here.village.id],
  );
  const page = await (await desk.get("/v/here/people")).text();
  for (const words of ["回信说发错了人", "被拉黑", "不收智慧语录", "有 1 户的号码"]) {
    expect(page).toContain(words);
  }
  const [, action = ""] = /action="(\/v\/here\/people\/[^"]+\/number)"/.exec(page) ?? [];
  const overseer = await here.actor("overseer", "looker");
  expect(overseer.role).toBe("overseer");
  expect((await (await signIn(system.url, "here-looker")).post(action)).status).toBe(403);
  expect((await desk.post(action)).headers.get("location")).toBe("/v/here/people?done=number_confirmed");
  expect(await (await desk.get("/v/here/people")).text()).not.toContain("号码没错，接着发");
});
