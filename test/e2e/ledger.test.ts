import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { after, DAY, MINUTE } from "../../src/lib/clock.ts";
import { inSystemWork, inWork, type SystemWork } from "../../src/queue/work.ts";
import { resumeUnanswered } from "../../src/suggestion/ask-villager.ts";
import { closeUnrated } from "../../src/suggestion/rate-suggestion.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { type Cast, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Case = {
  id: string;
  number: number;
  state: string;
  owner: string | null;
  dueAt: string;
  rating: number | null;
  escalatedAt: string | null;
  source: string;
  passedTo: string | null;
  toldAt: string | null;
  villager: { name: string; phone: string | null };
  published: { question: string; answer: string } | null;
  events: { kind: string; actor: string; text: string }[];
};
type Problem = { code: string; detail: string; errors?: { field: string; message: string }[] };

const clock = new StoppedClock("2026-10-09T09:00:00+08:00");
let system: System;
let cast: Cast;
let secretary: Api;
let clerk: Api;
let liu: Visitor;
let cadre: Visitor;

beforeAll(async () => {
  system = await startSystem({ clock });
  cast = await givenVillage(system.ctx, { households: 8, township: "wangcun" });
  await cast.actor("cadre", "guo");
  [secretary, clerk] = await Promise.all([
    system.api("secretary", { village: "guojia" }),
    system.api("clerk", { village: "guojia" }),
  ]);
  const csv = { "content-type": "text/csv" };
  await clerk.post("/villages/guojia/roster", `户号,姓名,手机号\n90,丁老四,\n91,丁老四,\n92,孙奶奶,\n`, csv);
  liu = await signIn(system.url, "guojia-xxx");
  cadre = await signIn(system.url, "guojia-guo");
});
afterAll(() => system.stop());

/** A sweep as it will be in so many days; sessions and keys stay in today. */
const later = (days: number, sweep: (work: SystemWork) => Promise<number>) =>
  inSystemWork(system.ctx.work, (work) => sweep({ ...work, now: after(work.now, days * DAY) }));
/** A quarter of an hour after the last, so that it is no part of the same burst. */
const texts = async (n: number, body: string): Promise<void> => {
  clock.advance(15 * MINUTE);
  await system.text(phoneOf(n), body);
  await system.settle();
};
const reads = async (n: number): Promise<string[]> => {
  const { rows } = await system.ctx.pools.system.query<{ body: string }>(
    `select m.body from messages m where m.phone_hash = $1 and m.broadcast_id is null order by m.id`,
    [system.ctx.sealer.hashPhone(phoneOf(n) as never)],
  );
  return rows.map((row) => row.body);
};
const newest = async (): Promise<Case> => {
  const { items } = (await secretary.get<{ items: Case[] }>("/villages/guojia/suggestions?limit=1000")).body;
  return items.reduce((last, one) => (one.number > last.number ? one : last));
};
const look = async (id: string) => (await secretary.get<Case>(`/suggestions/${id}`)).body;
const kinds = (one: Case) => one.events.map((event) => event.kind);
const answer = (id: string, text = "电工今天换了新灯头，亮了。") =>
  secretary.post(`/suggestions/${id}/answer`, { resultKind: "solved", text });

describe("an elder without a phone", () => {
  let id: string;
  test("is written down in one short form: the same number, the same clock, no text", async () => {
    const unclear = await clerk.post<Problem>("/villages/guojia/suggestions", {
      who: "丁老四",
      text: "井盖坏了",
      heard: "visit",
    });
    expect(unclear).toMatchObject({ status: 422, body: { errors: [{ field: "who" }] } });
    const empty = await clerk.post<Problem>("/villages/guojia/suggestions", { who: "", text: " ", heard: "x" });
    expect(empty.body.errors?.map((one) => one.field)).toEqual(["text", "heard", "who"]);
    const made = await clerk.post<Case>("/villages/guojia/suggestions", {
      who: "90",
      text: "俺门口井盖坏了，怕踩空",
      heard: "visit",
    });
    expect(made).toMatchObject({
      status: 201,
      body: { state: "registered", source: "oral", dueAt: "2026-10-16T00:00:00+08:00", villager: { name: "丁老四" } },
    });
    expect(kinds(made.body)).toEqual(["opened", "heard"]);
    id = made.body.id;
  });

  test("is not texted, is told in person, and does not lapse before that", async () => {
    expect((await answer(id)).body).toMatchObject({ state: "answered" });
    expect(await later(20, closeUnrated)).toBe(0);
    const wrong = await clerk.post<Problem>(`/suggestions/${id}/telling`, { whom: "", on: "2026-10-01", rating: "2" });
    expect(wrong.body.errors?.map((one) => one.field)).toEqual(["whom", "on"]);
    const told = await clerk.post<Case>(`/suggestions/${id}/telling`, { whom: "本人", on: "2026-10-09", rating: "1" });
    expect(told.body).toMatchObject({ state: "closed", rating: 1 });
    expect(kinds(told.body).slice(-3)).toEqual(["told", "rated", "closed"]);
    expect(told.body.events.find((event) => event.kind === "rated")?.text).toContain("当面说的");
    const { rows } = await system.ctx.pools.system.query("select 1 from messages where suggestion_id = $1", [id]);
    expect(rows).toEqual([]);
  });

  test("who has a phone gives his verdict himself", async () => {
    await texts(1, "二组的路灯不亮了");
    const one = await newest();
    await answer(one.id);
    const refused = await secretary.post<Problem>(`/suggestions/${one.id}/telling`, { whom: "本人", rating: "1" });
    expect([refused.status, refused.body.code]).toEqual([409, "move_not_allowed"]);
  });

  test("the page finds him by name, and asks which of two", async () => {
    const form = { text: "门前沟堵了", heard: "office" };
    const which = await liu.post("/v/guojia/cases/new", { ...form, who: "丁老四" });
    const page = await which.text();
    expect(which.status).toBe(422);
    expect(page.match(/name="villager"/g)).toHaveLength(2);
    const chosen = /name="villager" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const done = await liu.post("/v/guojia/cases/new", { ...form, who: "丁老四", villager: chosen });
    expect([done.status, done.headers.get("location")]).toEqual([303, expect.stringContaining("done=recorded")]);
  });
});

describe("asking for more", () => {
  test("his next text, whatever it is, joins the case and moves it on", async () => {
    await texts(2, "井盖坏了");
    const { id, number } = await newest();
    const asked = await secretary.post<Case>(`/suggestions/${id}/question`, { question: "是哪家门口的井盖" });
    expect(asked.body).toMatchObject({ state: "need_info" });
    await system.settle();
    expect((await reads(2)).at(-1)).toBe(
      `【郭家村村委会】您反映的事（编号${number}）想再问一句：是哪家门口的井盖。请直接回短信。`,
    );
    await texts(2, "3");
    const then = await look(id);
    expect([then.state, kinds(then).slice(-3)]).toEqual(["working", ["asked", "added", "receipt"]]);
    expect((await reads(2)).at(-1)).toContain("收到您的补充");
    await texts(2, "另外，村里啥时候交医保");
    const { items } = (await secretary.get<{ items: { rule: string }[] }>("/villages/guojia/inbound")).body;
    expect(items[0]?.rule).not.toBe("open_info");
  });

  test("who says nothing holds up nothing", async () => {
    await texts(3, "机井坏了");
    const { id } = await newest();
    await secretary.post(`/suggestions/${id}/question`, { question: "哪一口？" });
    await system.settle();
    expect(await later(0, resumeUnanswered)).toBe(0);
    expect(await later(4, resumeUnanswered)).toBe(1);
    expect([(await look(id)).state, kinds(await look(id)).at(-1)]).toEqual(["working", "unanswered"]);
  });
});

describe("the conflict guard", () => {
  test("a case that names its handler goes to another, says why, and cannot be answered by him", async () => {
    await texts(4, "刘书记答应修的路拖了一年没修");
    const one = await look((await newest()).id);
    expect(one.owner).toBe("guo");
    expect(one.events.find((event) => event.kind === "named")?.text).toContain("“刘书记”（刘建国）");
    expect((await reads(4)).at(-1)).toContain("guo负责");
    const page = await (await liu.get(`/v/guojia/cases/${one.id}`)).text();
    expect(page).toContain("要由别人来办");
    expect(page).not.toContain(`action="/v/guojia/cases/${one.id}/answer"`);
    const said = { resultKind: "explained", text: "我今天看过了，路下月修。" };
    const refused = await liu.post(`/v/guojia/cases/${one.id}/answer`, said);
    expect([refused.status, (await refused.text()).includes("这件事提到了您")]).toEqual([403, true]);
    for (const [url, fields] of [
      ["decline", { declined: "不归村里", channel: "court" }],
      ["transfer", { body: "镇政府", phone: "0533-6781234" }],
    ] as const) {
      expect((await liu.post(`/v/guojia/cases/${one.id}/${url}`, fields)).status).toBe(403);
    }
    const back = await secretary.post<Problem>(`/suggestions/${one.id}/assignment`, { to: cast.secretary.id });
    expect(back).toMatchObject({ status: 422, body: { errors: [{ field: "to" }] } });
    expect((await cadre.post(`/v/guojia/cases/${one.id}/answer`, said)).status).toBe(303);
    expect((await look(one.id)).state).toBe("answered");
  });

  test("with nobody left in the village, the township has it, and may answer", async () => {
    await texts(5, "刘建国和guo都答应来看看井，到现在没来");
    const one = await look((await newest()).id);
    expect([one.owner, one.escalatedAt === null]).toEqual([null, false]);
    await givenSupervisor(system.ctx, cast);
    const supervisor = await signIn(system.url, "dudao");
    const said = { resultKind: "explained", text: "镇里今天派人查了账，结果10月20日公布。" };
    expect((await supervisor.post(`/v/guojia/cases/${one.id}/answer`, said)).status).toBe(303);
  });
});

test("not solved twice: the township has it, the owner stays, and the villager is told so", async () => {
  await texts(6, "变压器晚上电压低");
  const { id, number, owner } = await newest();
  for (const again of [false, true]) {
    await answer(id);
    await system.settle();
    await texts(6, "4");
    const one = await look(id);
    expect([one.state, one.escalatedAt !== null, one.owner]).toEqual(["reopened", again, owner]);
  }
  expect(kinds(await look(id)).slice(-3)).toEqual(["rated", "escalated", "reopened"]);
  expect((await reads(6)).at(-1)).toContain(`编号${number}您又说没办好，已上报乡镇督办。`);
});

describe("ways out", () => {
  test("transferred to a named body, with its phone in the villager's text; reopened by us with the reason", async () => {
    await texts(7, "自来水有味");
    const { id, number } = await newest();
    const nowhere = await secretary.post<Problem>(`/suggestions/${id}/transfer`, { to: " ", phone: "电话" });
    expect(nowhere.body.errors?.map((one) => one.field)).toEqual(["body", "phone"]);
    const gone = await secretary.post<Case>(`/suggestions/${id}/transfer`, { to: "镇供水站", phone: "0533-6781234" });
    expect(gone.body).toMatchObject({ state: "transferred", passedTo: "镇供水站 0533-6781234" });
    await system.settle();
    expect((await reads(7)).at(-1)).toBe(
      `【郭家村村委会】您反映的事（编号${number}）已转给镇供水站办，电话0533-6781234。`,
    );
    const again = await secretary.post<Case>(`/suggestions/${id}/reopening`, { reason: "供水站没有人来" });
    expect(again.body).toMatchObject({ state: "reopened", passedTo: null });
    await system.settle();
    expect((await reads(7)).at(-1)).toContain("重新办理：供水站没有人来。");
  });

  test("declined with the proper channel in words", async () => {
    await texts(8, "俺跟邻居的官司咋打");
    const { id } = await newest();
    const unknown = await secretary.post<Problem>(`/suggestions/${id}/decline`, {
      reason: "这是官司",
      channel: "天庭",
    });
    expect(unknown.body.errors?.map((one) => one.field)).toEqual(["channel"]);
    const done = await secretary.post<Case>(`/suggestions/${id}/decline`, { reason: "这是官司", channel: "court" });
    expect(done.body).toMatchObject({ state: "declined", passedTo: "司法所或法院" });
    await system.settle();
    expect((await reads(8)).at(-1)).toContain("村里办不了：这是官司。请找司法所或法院。");
  });
});

describe("publishing", () => {
  test("refuses names, phones and doors; shows what names nobody; takes it back", async () => {
    const { items } = (await secretary.get<{ items: Case[] }>("/villages/guojia/suggestions?q=井盖坏了，怕踩空")).body;
    const id = items[0]?.id ?? "";
    const fine = { question: "有位老人门口的井盖坏了", answer: "电工当天换了新井盖。" };
    for (const [field, words] of [
      ["question", "丁老四家的井盖坏了"],
      ["question", "90号门口的井盖坏了"],
      ["answer", "有事打13800000017"],
    ] as const) {
      const refused = await secretary.post<Problem>(`/suggestions/${id}/publication`, { ...fine, [field]: words });
      expect([refused.status, refused.body.code, refused.body.errors?.map((one) => one.field)]).toEqual([
        422,
        "lint_blocked",
        [field],
      ]);
    }
    const done = await secretary.post<Case>(`/suggestions/${id}/publication`, fine);
    expect(done.body.published).toEqual(fine);
    expect((await clerk.get<{ items: unknown[] }>("/villages/guojia/publications")).body.items).toMatchObject([fine]);
    expect(await (await liu.get("/v/guojia/published")).text()).toContain("有位老人门口的井盖坏了");
    expect((await secretary.post<Case>(`/suggestions/${id}/withdrawal`)).body.published).toBeNull();
    expect((await secretary.post(`/suggestions/${id}/withdrawal`)).status).toBe(409);
  });

  test("waits until the case is settled", async () => {
    await texts(1, "又一件没办的事");
    const { id } = await newest();
    const early = await secretary.post<Problem>(`/suggestions/${id}/publication`, { question: "问", answer: "答" });
    expect(early.body.code).toBe("move_not_allowed");
  });
});

describe("the ledger", () => {
  test("several cases to one person; those that cannot be given say why", async () => {
    await texts(2, "要交办的第一件");
    const first = await newest();
    await texts(3, "村里的guo答应来看，一直没来");
    const about = await newest();
    const declined = (await secretary.get<{ items: Case[] }>("/villages/guojia/suggestions?state=declined")).body
      .items[0];
    const to = (await cast.actor("cadre", "wang")).id;
    const bulk = await secretary.post<{ assigned: string[]; refused: { id: string; message: string }[] }>(
      "/villages/guojia/suggestions/assignment",
      { ids: [first.id, declined?.id, "nonsense", first.id], to },
    );
    expect(bulk.body.assigned).toEqual([first.id]);
    expect(bulk.body.refused.map((one) => one.id).sort()).toEqual([declined?.id, "nonsense"].sort());
    expect((await look(first.id)).owner).toBe("wang");
    const page = await liu.post("/v/guojia/cases/assignment", {
      [`case-${first.id}`]: "1",
      [`case-${about.id}`]: "1",
      to: "guo",
    });
    const told = await page.text();
    expect([page.status, told.includes("1 件已交办，1 件没交成"), told.includes("请换一个人办")]).toEqual([
      200,
      true,
      true,
    ]);
    expect((await liu.post("/v/guojia/cases/assignment", { to: "guo" })).status).toBe(422);
  });

  test("narrows by an address that can be passed on", async () => {
    const find = async (query: string) =>
      (await secretary.get<{ items: Case[] }>(`/villages/guojia/suggestions?${query}`)).body.items;
    expect((await find("escalated=true")).every((one) => one.escalatedAt !== null)).toBe(true);
    expect(await find("escalated=true")).not.toHaveLength(0);
    expect((await find(`q=${encodeURIComponent("变压器")}`)).map((one) => one.state)).toEqual(["reopened"]);
    expect(await find(`q=${encodeURIComponent("%")}`)).toEqual([]);
    expect(await find("since=2030-01-01")).toEqual([]);
    expect((await find("number=1")).map((one) => one.number)).toEqual([1]);
    const page = await (await liu.get(`/v/guojia/cases?show=all&q=${encodeURIComponent("变压器")}`)).text();
    expect(page).toContain("找到\u00a01\u00a0件");
    expect(page).toMatch(/export\.csv\?show=all&(?:amp;)?q=/);
    expect((await secretary.get("/villages/guojia/suggestions?category=nonsense")).status).toBe(422);
  });

  test("leaves the house as a file that runs nothing, masked and logged", async () => {
    await texts(3, '=HYPERLINK("http://evil.example","领补贴")');
    for (const text of ["+1", "-村里的路太窄", "@所有人 开会", "\t路灯"]) await texts(3, text);
    const csv = await liu.get("/v/guojia/cases/export.csv?show=all");
    const body = await csv.text();
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="guojia-2026-10-09.csv"');
    expect(body).toContain(`"'=HYPERLINK(""http://evil.example"",""领补贴"")"`);
    expect(body).not.toMatch(/(?:^|,)"?[=+@\t-]/m);
    expect(body).toContain("138****0003");
    expect(body).not.toContain("13800000003");
    const full = await (await liu.get("/v/guojia/cases/export.csv?show=all&phones=full")).text();
    expect(full).toContain("13800000003");
    const xlsx = await liu.get("/v/guojia/cases/export.xlsx");
    expect(
      Buffer.from(await xlsx.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
    const rows = await inWork(system.ctx.work, cast.secretary, (work) =>
      work.tx
        .selectFrom("audit_log")
        .select("detail")
        .where("action", "=", "suggestion.export")
        .orderBy("seq")
        .execute(),
    );
    const logged = rows.map((row) => row.detail as { format: string; phones: boolean });
    expect(logged.map((one) => [one.format, one.phones])).toEqual([
      ["csv", false],
      ["csv", true],
      ["xlsx", false],
    ]);
    expect(JSON.stringify(rows)).not.toContain("HYPERLINK");
  });

  test("and as paper: the ledger and the month by the six classes", async () => {
    const paper = await (await liu.get("/v/guojia/cases/print?show=all")).text();
    expect(paper).toContain("意见建议办理台账");
    expect(paper).not.toMatch(/138\*{4}|138\d{8}/);
    const month = await (await liu.get("/v/guojia/cases/monthly?month=2026-10")).text();
    expect(month).toMatch(/还没归类<\/th><td>\d+/);
    expect(month).toContain("六大类");
  });
});

describe("phrases", () => {
  test("are kept by the secretary and put behind what is written, with script and without", async () => {
    expect((await liu.post("/v/guojia/phrases", { text: "有事随时打我电话。" })).status).toBe(303);
    expect((await liu.post("/v/guojia/phrases", { text: "有事随时打我电话。" })).status).toBe(409);
    const { rows } = await system.ctx.pools.system.query<{ id: string }>("select id from phrases");
    const phrase = rows[0]?.id;
    await texts(1, "写答复用的一件");
    const { id } = await newest();
    const typed = { resultKind: "solved", text: "电工今天修好了" };
    for (const url of [`draft/${phrase}`, `compose/${phrase}`]) {
      const page = await liu.post(`/v/guojia/cases/${id}/${url}`, typed);
      expect([page.status, (await page.text()).includes("电工今天修好了。有事随时打我电话。</textarea>")]).toEqual([
        200,
        true,
      ]);
    }
    expect((await look(id)).state).toBe("registered");
    expect((await cadre.get("/v/guojia/phrases")).status).toBe(403);
    expect((await liu.post(`/v/guojia/phrases/${phrase}/removal`)).status).toBe(303);
    expect((await liu.post(`/v/guojia/phrases/${phrase}/removal`)).status).toBe(404);
  });
});

test("the audit log is whole", async () => {
  const { rows } = await system.ctx.pools.system.query("select count(*)::int as n from verify_audit()");
  expect(rows[0].n).toBe(0);
});
