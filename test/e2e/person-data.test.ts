import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyAudit } from "../../src/db/audit.queries.ts";
import { DAY } from "../../src/lib/clock.ts";
import { newId } from "../../src/lib/ids.ts";
import type { PhoneNumber } from "../../src/lib/phone.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { finishErasures } from "../../src/roster/finish-erasures.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { type Cast, givenApproved, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

let system: System;
let here: Cast;
let api: Api;
let secretary: Visitor;
let clerk: Visitor;
const clock = new StoppedClock("2026-07-01T10:00:00+08:00");
const HIS = "+8613800000021";
const SHARED = "+8613800000022";
const ROSTER = `户号,姓名,手机号,身份\n1,郭传福,${HIS},高龄老人\n2,孙玉兰,${SHARED},\n3,孙玉梅,${SHARED},党员\n`;

beforeAll(async () => {
  system = await startSystem({ clock });
  here = await givenVillage(system.ctx, { code: "guojia" });
  [api, secretary, clerk] = await Promise.all([
    system.api("clerk", { village: "guojia" }),
    signIn(system.url, "guojia-xxx"),
    signIn(system.url, "guojia-clerk"),
  ]);
  await api.post("/villages/guojia/roster", ROSTER, { "content-type": "text/csv" });
}, 60_000);
afterAll(() => system.stop());

const db = () => system.ctx.db.system;
const sweep = () => inSystemWork(system.ctx.work, (work) => finishErasures(work));
const personOf = async (name: string) =>
  await db().selectFrom("villagers").selectAll().where("name", "=", name).executeTakeFirstOrThrow();
const pathOf = (id: string) => `/v/guojia/people/person/${id}`;
const texts = async (from: string, body: string) => {
  await system.text(from, body);
  await system.settle();
};

/** Every text in the database that a person could read, and every number by its hash. */
async function everything(): Promise<string> {
  const tables = [
    "messages",
    "inbound",
    "suggestions",
    "suggestion_events",
    "villagers",
    "households",
    "opt_outs",
  ] as const;
  const rows = await Promise.all(tables.map((table) => db().selectFrom(table).selectAll().execute()));
  const own = rows.flat().filter((row) => row.village_id === here.village.id);
  return JSON.stringify(own, (_key, value) =>
    value?.type === "Buffer" ? Buffer.from(value.data).toString("hex") : value,
  );
}
const hashOf = (phone: string) => system.ctx.sealer.hashPhone(phone as PhoneNumber).toString("hex");

/** A paper about this number, in each of these villages. */
const givenConsent = (phone: string, ...casts: Cast[]) =>
  Promise.all(
    casts.map(({ village, secretary }) =>
      inWork(system.ctx.work, secretary, ({ tx, now }) => {
        const of = { id: newId(), village_id: village.id, phone_hash: Buffer.from(hashOf(phone), "hex") };
        const given = { basis: "visit" as const, told: "x", given_on: "2026-01-05" };
        const recorded = { recorded_by: secretary.id, recorded_at: now };
        return tx
          .insertInto("phone_consents")
          .values({ ...of, ...given, ...recorded })
          .execute();
      }),
    ),
  );

/** Rows about people and their phones, other villages' too, that name neither this phone nor this person of ours. */
async function rowsWithout(phone: string, person: string): Promise<string[]> {
  const tables = ["messages", "inbound", "suggestions", "villagers", "phones", "phone_consents", "broadcast_texts"];
  const rows = await Promise.all(
    tables.map((table) =>
      system.ctx.pools.system.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t`),
    ),
  );
  const all = rows.flatMap((found) => found.rows.map(({ row }) => row));
  const isHis = (row: string) => row.includes(hashOf(phone)) || row.includes(person);
  return all.filter((row) => !row.includes(here.village.id) || !isHis(row)).sort();
}

async function sendNotice(body: string): Promise<string> {
  const drafted = await api.post<{ id: string }>("/villages/guojia/broadcasts", { column: "村务公开", body });
  const approver = await system.api("secretary", { village: "guojia" });
  await approver.post(`/broadcasts/${drafted.body.id}/approval`);
  await system.settle();
  return drafted.body.id;
}

/** Each door its own text, with a name from the roster and one from the table. */
async function sendPersonal(): Promise<void> {
  const body = "{{姓名}}家的灯泡到村委会领，带{{凭据}}。";
  const { body: draft } = await api.post<{ id: string }>("/villages/guojia/broadcasts", {
    ...{ column: "村务公开", body, submit: false },
  });
  const table = "户号\t凭据\n1\t郭传福的收条\n2\t收条\n3\t收条";
  expect((await api.post(`/broadcasts/${draft.id}/values`, { table })).status).toBeLessThan(300);
  expect((await api.post(`/broadcasts/${draft.id}/submission`)).status).toBeLessThan(300);
  const approver = await system.api("secretary", { village: "guojia" });
  expect((await approver.post(`/broadcasts/${draft.id}/approval`)).status).toBe(200);
  await system.settle();
}

/** What was written for doors, and the tables that it was made of. */
async function doorTexts(): Promise<string> {
  const texts = await db().selectFrom("broadcast_texts").select("body").execute();
  const values = await db().selectFrom("broadcast_values").select("values").execute();
  return JSON.stringify([texts, values]);
}

test("a person's data is read and taken along only by those who may, and every copy is written down", async () => {
  const { id } = await personOf("郭传福");
  await sendNotice("明天上午九点开会。");
  await texts(HIS, "我是郭传福，村西头的路灯坏了，打我电话13800000021");
  await texts(HIS, "密：修路的石子是书记小舅子供的");
  expect((await clerk.get(`${pathOf(id)}/data`)).status).toBe(403);
  const page = await (await secretary.get(`${pathOf(id)}/data`)).text();
  expect(page).toContain("路灯坏了");
  expect(page).not.toMatch(/小舅子|13800000021<\/dd>/);
  const json = (await (await secretary.get(`${pathOf(id)}/data.json`)).json()) as Record<string, unknown>;
  expect(json).toMatchObject({
    roster: { name: "郭传福", household: "1", phone: "13800000021", tags: ["高龄老人"] },
    phoneSharedWith: 0,
    cases: [{ number: 1 }],
    looks: [{ who: "刘建国", what: "看过或导出过资料" }],
  });
  expect(JSON.stringify(json)).toContain("明天上午九点开会");
  // What was texted to him alone is his as well.
  expect(JSON.stringify(json)).toContain("已收到，编号1");
  expect(JSON.stringify(json)).not.toContain("小舅子");
  const csv = await secretary.get(`${pathOf(id)}/data.csv`);
  expect(csv.headers.get("content-disposition")).toMatch(/person-2026-07-01\.csv/);
  expect(await csv.text()).toContain("名册");
});

test("nobody is taken out by a clerk, unasked, or while he is owed an answer", async () => {
  const { id } = await personOf("郭传福");
  expect((await clerk.post(`${pathOf(id)}/erasure`, { asked: "1" })).status).toBe(403);
  expect((await secretary.post(`${pathOf(id)}/erasure`, {})).status).toBe(422);
  expect(await (await secretary.post(`${pathOf(id)}/erasure`, { asked: "1" })).text()).toContain("他还有 1 件没办完");
  expect((await personOf("郭传福")).erased_at).toBeNull();
});

test("a person is taken out: at once of what is read, in six months of the records; the rest stays whole", async () => {
  const person = await personOf("郭传福");
  const [open] = await db().selectFrom("suggestions").select("id").where("sealed", "=", false).execute();
  const handler = await system.api("secretary", { village: "guojia" });
  await handler.post(`/suggestions/${open?.id}/acceptance`);
  await handler.post(`/suggestions/${open?.id}/answer`, { resultKind: "solved", text: "郭传福家门口的路灯已修好。" });
  await system.settle();
  await texts(HIS, "1");
  await texts(HIS, "TD");
  const notice = await sendNotice("路灯都修好了。");
  await sendPersonal();
  const counts = (await api.get<{ counts: unknown }>(`/broadcasts/${notice}`)).body.counts;

  // Another village has the same number, and this one a number that is nobody's any more.
  const there = await givenVillage(system.ctx, { code: "there", households: 1, firstPhone: 21 });
  await givenApproved(system.ctx, there);
  await givenConsent(HIS, here, there);
  await givenConsent(SHARED, here);
  const old = phoneOf(77) as PhoneNumber;
  await inWork(system.ctx.work, here.clerk, ({ tx, now, sealer }) =>
    tx
      .insertInto("phones")
      .values({
        ...{ village_id: here.village.id, hash: sealer.hashPhone(old), phone: sealer.phone(old) },
        ...{ problem: null, problem_at: null, created_at: now },
      })
      .execute(),
  );
  await system.settle();
  const others = await rowsWithout(HIS, person.id);
  expect((await secretary.post(`${pathOf(person.id)}/erasure`, { asked: "1" })).headers.get("location")).toBe(
    `/v/guojia/people/${person.household_id}?done=person_erased`,
  );
  expect((await doorTexts()).match(/郭传福/g)).toHaveLength(3);
  await sweep();
  expect(await doorTexts()).not.toContain("郭传福");
  expect((await doorTexts()).match(/已删除/g)).toHaveLength(3);
  expect((await personOf("已删除")).id).toBe(person.id);
  const seen = [
    await (await secretary.get(`/v/guojia/people/${person.household_id}`)).text(),
    await (await secretary.get("/v/guojia/letters")).text(),
    await (await secretary.get(`/v/guojia/cases/${open?.id}`)).text(),
    await (await secretary.get("/v/guojia/cases?show=all")).text(),
  ].join();
  expect(seen).not.toMatch(/郭传福|13800000021/);
  expect(seen).toContain("已删除家门口的路灯已修好");
  // The law's records wait, unread.
  expect(
    await db()
      .selectFrom("messages")
      .select("id")
      .where("phone_hash", "=", Buffer.from(hashOf(HIS), "hex"))
      .where("village_id", "=", here.village.id)
      .execute(),
  ).not.toEqual([]);
  expect(
    await db()
      .selectFrom("phones")
      .select("hash")
      .where("hash", "=", Buffer.from(hashOf(HIS), "hex"))
      .where("village_id", "=", here.village.id)
      .execute(),
  ).toEqual([]);

  // A sealed case that is not finished keeps them waiting.
  clock.advance(185 * DAY);
  await sweep();
  const sealed = db()
    .updateTable("suggestions")
    .set({ state: "closed", closed_at: clock.now() })
    .where("sealed", "=", true);
  expect((await db().selectFrom("erasures").select("finished_at").executeTakeFirstOrThrow()).finished_at).toBeNull();
  await sealed.execute();
  await sweep();
  expect(
    await db().selectFrom("erasures").select(["finished_at", "name", "phone_hash", "phone"]).executeTakeFirstOrThrow(),
  ).toMatchObject({
    finished_at: clock.now(),
    name: null,
    phone_hash: null,
    phone: null,
  });
  const left = await everything();
  expect(await rowsWithout(HIS, person.id)).toEqual(
    expect.arrayContaining(others.filter((row) => !row.includes("郭传福"))),
  );
  // The words of a case are the village's record; they no longer say who wrote them.
  expect(["郭传福", "13800000021", "我是已删除"].map((words) => left.includes(words))).toEqual([false, false, true]);
  // His wish not to be texted outlives him, as a hash.
  expect(left.split(hashOf(HIS))).toHaveLength(2);
  expect((await api.get<{ counts: unknown }>(`/broadcasts/${notice}`)).body.counts).toEqual(counts);
  secretary = await signIn(system.url, "guojia-xxx");
  expect(await (await secretary.get(`/v/guojia/notices/${notice}/recipients`)).text()).toContain("已删除");
  expect(await verifyAudit(db())).toEqual([]);
  expect(await sweep()).toBe(0);
});

test("a phone that others have too keeps its records: they are theirs", async () => {
  const person = await personOf("孙玉兰");
  await texts(SHARED, "退订");
  expect(await (await secretary.get(`${pathOf(person.id)}/data`)).text()).toContain("这个手机还有 1 个人在用");
  await secretary.post(`${pathOf(person.id)}/erasure`, { asked: "1" });
  await sweep();
  clock.advance(200 * DAY);
  await sweep();
  expect(
    await db()
      .selectFrom("phones")
      .select("hash")
      .where("hash", "=", Buffer.from(hashOf(SHARED), "hex"))
      .execute(),
  ).toHaveLength(1);
  expect((await everything()).split(hashOf(SHARED)).length).toBeGreaterThan(3);
  expect((await personOf("孙玉梅")).phone_hash?.toString("hex")).toBe(hashOf(SHARED));
});

test("an old list brings nobody back who was taken out, unless he asks for it and somebody ticks him", async () => {
  const other = "+8613800000077";
  const lines = [
    ...ROSTER.trim().split("\n"),
    // By his number at another door; a namesake; his number, which is his son's now.
    ...[`5,郭传福,${HIS},`, `6,郭传福,${other},`, `7,郭小福,${HIS},`],
  ];
  const names = async () => {
    const ours = db().selectFrom("villagers").where("village_id", "=", here.village.id);
    return (await ours.select("name").where("erased_at", "is", null).orderBy("id").execute()).map(({ name }) => name);
  };
  const report = await api.post<{ imported: number; rejected: { row: number; message: string }[] }>(
    "/villages/guojia/roster",
    lines.slice(0, 5).join("\n"),
    { "content-type": "text/csv" },
  );
  expect(report.body).toMatchObject({ imported: 0, unchanged: 1 });
  expect(report.body.rejected).toMatchObject([2, 3, 5].map((row) => ({ row, column: "name", code: "erased_person" })));
  expect(report.body.rejected[0]?.message).toContain("按本人要求删除了");
  expect(await names()).toEqual(["孙玉梅"]);

  clerk = await signIn(system.url, "guojia-clerk");
  const sent = await clerk.post("/v/guojia/roster", { text: lines.join("\n") });
  const page = new URL(sent.headers.get("location") ?? "", system.url).pathname;
  const settled = async () => {
    for (;;) {
      const html = await (await clerk.get(page)).text();
      if (!html.includes("every 1s")) return html;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const preview = await settled();
  expect(preview).toContain("有 3 人要求删除过资料，不会导回来");
  expect(preview).toMatch(/1号<.*郭传福<.*name="back-2" value="1">/s);
  expect(preview).toContain("导入这 3 人");
  await clerk.post(`${page}/back`, { "back-3": "1", "back-6": "1" });
  expect(await settled()).toMatch(/导入这 4 人.*3 人要求删除过资料，1 人这次登记.*back-3" value="1" checked/s);
  await clerk.post(`${page}/start`);
  expect(await settled()).toContain("导完了：新添 3 人");
  expect(await names()).toEqual(["孙玉梅", "孙玉兰", "郭传福", "郭小福"]);
  const again = await api.post("/villages/guojia/roster", lines.join("\n"), { "content-type": "text/csv" });
  expect(again.body).toMatchObject({ imported: 0, unchanged: 4, rejected: [{ row: 2 }, { row: 5 }] });
  expect((await clerk.post(`${page}/back`, { "back-2": "1" })).status).toBe(409);
});
