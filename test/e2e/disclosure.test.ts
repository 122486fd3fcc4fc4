import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csrfToken } from "../../src/web/guard.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { TEST_KEY } from "../support/database.ts";
import { type Cast, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { jpegOf } from "../support/photo.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Entry = {
  item: string;
  period: string;
  label: string;
  dueOn: string;
  status: string;
  words: string;
  boardPostedOn: string | null;
  smsSentOn: string | null;
};

const clock = new StoppedClock("2026-07-01T09:00:00+08:00");
let system: System;
let cast: Cast;
let api: Api;
const V = "/v/guojia/disclosure";

beforeAll(async () => {
  system = await startSystem({ clock });
  cast = await givenVillage(system.ctx, { households: 3, township: "town" });
  await givenVillage(system.ctx, { code: "there", firstPhone: 300, households: 1 });
  await givenSupervisor(system.ctx, cast);
  await cast.actor("overseer", "overseer");
  api = await system.api("clerk", { village: "guojia" });
});
afterAll(() => system.stop());

/** Whoever has been away for months signs in again. */
const clerk = () => signIn(system.url, "guojia-clerk");
const secretary = () => signIn(system.url, "guojia-刘建国".replace(/[^a-z0-9._-]/g, "x"));
const text = async (answer: Response) => `${answer.status} ${(await answer.text()).replace(/\s+/g, " ")}`;
const entry = async (item: string, period: string, year = "2026"): Promise<Entry | undefined> => {
  const { body } = await api.get<{ items: Entry[] }>(`/villages/guojia/disclosures?year=${year}`);
  return body.items.find((one) => one.item === item && one.period === period);
};
const statusOn = async (day: string, item: string, period: string, year?: string) => {
  clock.set(`${day}T09:00:00+08:00`);
  return (await entry(item, period, year))?.status;
};
const upload = (visitor: Visitor, path: string, fields: Record<string, string>, photo: Buffer, name = "板.jpg") => {
  const form = new FormData();
  for (const [field, value] of Object.entries({ _csrf: csrfToken(TEST_KEY, visitor.token), ...fields })) {
    form.set(field, value);
  }
  form.set("photo", new Blob([new Uint8Array(photo)]), name);
  return fetch(system.url + path, {
    method: "POST",
    headers: { cookie: `cunwu_session=${visitor.token}` },
    redirect: "manual",
    body: form,
  });
};

describe("over a year", () => {
  test("July's accounts turn from not yet to due, from due to late, and stay late when they are posted", async () => {
    expect(await statusOn("2026-07-20", "F01", "2026-07")).toBe("later");
    expect(await statusOn("2026-08-03", "F01", "2026-07")).toBe("open");
    expect(await statusOn("2026-08-11", "F01", "2026-07")).toBe("soon");
    // The 15th is a Saturday: it may hang there on the 17th.
    expect(await entry("F01", "2026-07")).toMatchObject({ dueOn: "2026-08-17", words: "还有 6 天，还没公开" });
    expect(await statusOn("2026-08-18", "F01", "2026-07")).toBe("overdue");
    const noted = await api.post<Entry>("/villages/guojia/disclosures/board", {
      item: "F01",
      period: "2026-07",
      postedOn: "2026-08-18",
    });
    expect([noted.status, noted.body.status, noted.body.words]).toEqual([200, "done_late", "公开了，晚了 1 天"]);
    expect(await statusOn("2026-12-31", "F01", "2026-07")).toBe("done_late");
  });

  test("the third quarter is done in time, whatever the township says afterwards", async () => {
    expect(await statusOn("2026-10-09", "F02", "2026-Q3")).toBe("soon");
    await (await clerk()).post(`${V}/F02/2026-Q3/board`, { postedOn: "2026-10-09" });
    expect(await entry("F02", "2026-Q3")).toMatchObject({ status: "done", boardPostedOn: "2026-10-09" });
    const dudao = await signIn(system.url, "dudao");
    const ground = {
      dueM: "10",
      dueQ: "5",
      dueH: "10",
      dueY: "20",
      eventDays: "5",
      keepDays: "10",
      objectionDays: "7",
    };
    const set = await dudao.post(`${V}/rules/ground`, {
      ...ground,
      level: "county",
      lawRef: "区村务公开目录（2026）",
      fromOn: "2026-10-01",
    });
    expect(set.headers.get("location")).toContain("done=rule_set");
    expect(await entry("F02", "2026-Q3")).toMatchObject({ status: "done", dueOn: "2026-10-15" });
    expect(await entry("V13", "2026-Q3")).toMatchObject({ dueOn: "2026-10-15" }); // its quarter ended before
    expect(await entry("F01", "2026-10")).toMatchObject({ dueOn: "2026-11-10" });
    expect(await text(await (await clerk()).get(`${V}/rules`))).toContain("县里的目录（督导员录入");
  });

  test("nothing before the village began is owed, and next year goes on without a gap", async () => {
    expect((await entry("F01", "2026-05"))?.status).toBeUndefined();
    clock.set("2027-03-05T09:00:00+08:00");
    const months = ["2026-12", "2027-01", "2027-02"];
    expect(await Promise.all(months.map(async (one) => (await entry("F01", one, "2027"))?.status))).toEqual([
      "overdue",
      "overdue",
      "soon",
    ]);
    expect(await text(await (await clerk()).get(`${V}`))).toContain("超期没公开");
    clock.set("2026-10-09T10:00:00+08:00");
  });
});

describe("one item", () => {
  test("becomes a draft by one tap, once, and its notice that leaves makes it half done", async () => {
    const visitor = await clerk();
    const drafted = await visitor.post(`${V}/V10/2026-Q3/draft`);
    const there = drafted.headers.get("location") ?? "";
    expect(there).toMatch(/\/v\/guojia\/notices\/[0-9a-f-]{36}\/write$/);
    expect((await visitor.post(`${V}/V10/2026-Q3/draft`)).headers.get("location")).toBe(there);
    const { rows } = await system.ctx.pools.system.query(
      `select b.id, b.state, b.body, b.needs_overseer, c.name as column from broadcasts b join columns c on c.id = b.column_id
        where b.disclosure_id is not null`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ state: "draft", needs_overseer: true, column: "村务公开" });
    expect(rows[0].body).toContain("三季度低保、特困、残疾、优抚：新增＿＿户");
    expect(rows[0].body).toContain("7日内直接回短信");

    // What leaves is the approval's affair; here only that it left counts.
    await system.ctx.pools.system.query("update broadcasts set state = 'sent', launched_at = $1 where id = $2", [
      clock.now(),
      rows[0].id,
    ]);
    expect(await entry("V10", "2026-Q3")).toMatchObject({ status: "half", smsSentOn: "2026-10-09" });
    expect(await text(await visitor.get(`${V}/V10/2026-Q3`))).toContain("只发了短信，公开栏还没贴");
    await visitor.post(`${V}/V10/2026-Q3/board`, { postedOn: "2026-10-09" });
    expect(await entry("V10", "2026-Q3")).toMatchObject({ status: "done", words: "已按时公开，短信也发了" });
  });

  test("keeps a photo that says nothing of its taker, shows it to staff, and refuses what is none", async () => {
    const visitor = await clerk();
    const secret = "36.8065N 118.0548E";
    const path = `${V}/V14/2026-Q3`;
    const refused = await upload(
      visitor,
      `${path}/board`,
      { postedOn: "2026-10-09" },
      Buffer.from("<script>alert(1)</script>"),
    );
    expect(await text(refused)).toMatch(/^422 .*只收 JPG 和 PNG 照片/);
    expect(await entry("V14", "2026-Q3")).toMatchObject({ boardPostedOn: null });
    const large = await upload(visitor, `${path}/board`, { postedOn: "2026-10-09" }, Buffer.alloc(6_000_000, 0xff));
    expect(await text(large)).toMatch(/^422 .*最大 5 MB/);
    const kept = await upload(visitor, `${path}/board`, { postedOn: "2026-10-09" }, jpegOf({ about: secret }));
    expect(kept.headers.get("location")).toContain("done=board_noted");
    const photo = await visitor.get(`${path}/photo`);
    expect([photo.status, photo.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect(Buffer.from(await photo.arrayBuffer()).includes(secret)).toBe(false);
    const stranger = await fetch(`${system.url}${path}/photo`, { redirect: "manual" });
    expect(stranger.status).toBe(303);
    const board = async () =>
      /\/p\/\w+\/photos\/[\w-]+/.exec(await text(await fetch(`${system.url}/p/guojia/calendar`)))?.[0];
    expect(await board()).toBeUndefined();
    await visitor.post(`${path}/photo`, { show: "public" });
    expect(await text(await visitor.get(path))).toContain("这张照片在公开页上");
    const shown = system.url + (await board());
    const seen = await fetch(shown);
    expect([seen.status, seen.headers.get("content-type"), seen.headers.get("cache-control")]).toEqual([
      200,
      "image/jpeg",
      "public, max-age=60",
    ]);
    // A new photo is not public because the old one was.
    await upload(visitor, `${path}/board`, { postedOn: "2026-10-09" }, jpegOf({}));
    expect(await text(await visitor.get(path))).toContain("只有工作人员能看");
    expect([(await fetch(shown)).status, await board()]).toEqual([404, undefined]);
    await visitor.post(`${path}/photo`, { show: "drop" });
    expect((await visitor.get(`${path}/photo`)).status).toBe(404);
  });

  test("is noted only on days that can be, and hangs as long as the rules want", async () => {
    const visitor = await clerk();
    const board = (fields: Record<string, string>) => visitor.post(`${V}/V11/2026-Q3/board`, fields).then(text);
    expect(await board({ postedOn: "2026-10-10" })).toMatch(/^422 .*这天还没到/);
    expect(await board({ postedOn: "2026-09-30" })).toMatch(/^422 .*最早10月1日（周四）才能公开/);
    expect(await board({ postedOn: "2026-10-08", until: "2026-10-12" })).toMatch(/^422 .*至少要贴 10 天/);
    await visitor.post(`${V}/V11/2026-Q3/board`, { postedOn: "2026-10-08" });
    expect(await text(await visitor.get(`${V}/V11/2026-Q3`))).toContain("要贴到10月18日");
    await visitor.post(`${V}/V11/2026-Q3/again`, { repostedOn: "2026-10-09" });
    expect(await text(await visitor.get(`${V}/V11/2026-Q3`))).toMatch(/10月9日又贴了一次.*要贴到10月19日/);
    expect(await entry("V11", "2026-Q3")).toMatchObject({ boardPostedOn: "2026-10-08" });
  });

  test("that happened is opened with its date, twice on one day if need be", async () => {
    const visitor = await clerk();
    const open = (fields: Record<string, string>) => visitor.post(`${V}/events`, fields);
    expect(await text(await open({ item: "F01", title: "", on: "2026-10-10" }))).toMatch(
      /^422 .*请选属于哪一项.*请写发生了什么/,
    );
    const wish = { item: "F04", title: "村西机井承包给<b>郭长青</b>", on: "2026-10-08" };
    expect((await open(wish)).headers.get("location")).toBe(`${V}/F04/2026-10-08?done=event_opened`);
    expect((await open({ ...wish, title: "鱼塘到期重新发包" })).headers.get("location")).toContain(
      "/F04/2026-10-08.2?",
    );
    // Noted by several at the same moment, none takes another's place.
    const titles = ["东山坡发包", "西山坡发包", "果园发包"];
    const opened = await Promise.all(titles.map((title) => open({ item: "F04", title, on: "2026-10-07" })));
    expect(new Set(opened.map((answer) => answer.headers.get("location"))).size).toBe(3);
    // Five days since the county said so; the 13th is a Tuesday.
    expect(await entry("F04", "2026-10-08")).toMatchObject({ dueOn: "2026-10-13", status: "soon" });
    const page = await text(await visitor.get(`${V}/F04/2026-10-08`));
    expect(page).toContain("&lt;b&gt;郭长青");
    expect(page).not.toContain("<b>郭长青");
  });

  test("has the objections of who answered its notice, and of who staff say, with the day to answer", async () => {
    await system.text(phoneOf(2), "低保名单不公道，二组老丁家该有的没有");
    await system.settle();
    const { rows } = await system.ctx.pools.system.query("select number from suggestions order by id desc limit 1");
    const visitor = await clerk();
    const path = `${V}/V10/2026-Q3`;
    const before = await text(await visitor.get(path));
    expect(before).toContain("公开后 7 日内可提异议");
    // In the window, and about something else.
    expect(before).not.toContain("二组老丁家该有的没有");
    expect(await text(await visitor.post(`${path}/objections`, { number: "999" }))).toMatch(
      /^422 .*台账里没有这个编号/,
    );
    await visitor.post(`${path}/objections`, { number: String(rows[0].number) });
    const page = await text(await visitor.get(path));
    expect(page).toContain(`编号 ${rows[0].number}：低保名单不公道`);
    // 10-09 and five days: the 14th.
    expect(page).toMatch(/还有 5 天要答复.*最晚周三 10月14日答复.*工作人员认的/);
    clock.set("2026-10-15T09:00:00+08:00");
    expect(await text(await (await clerk()).get(path))).toContain("超了 1 天，还没答复");
    clock.set("2026-10-09T10:00:00+08:00");
  });
});

describe("a chain", () => {
  test("goes from the agenda to the posted decision, its publications in the same calendar", async () => {
    const visitor = await secretary();
    const started = await visitor.post(`${V}/chains`, {
      kind: "delegates",
      title: "修健身广场",
      heldOn: "2026-10-20",
      noticeDays: "5",
    });
    const there = (started.headers.get("location") ?? "").split("?")[0] ?? "";
    expect(await entry("C01", "2026-10-15")).toMatchObject({ label: "修健身广场：议题公布", dueOn: "2026-10-15" });
    const meet = { step: "meet", doneOn: "2026-10-09", eligible: "20", present: "18", agreeing: "17" };
    expect(await text(await visitor.post(`${there}/steps`, meet))).toMatch(/^409 .*现在该办的是“议题公布”/);
    await visitor.post(`${V}/C01/2026-10-15/board`, { postedOn: "2026-10-09" });
    clock.set("2026-10-21T09:00:00+08:00");
    const later = await secretary();
    expect(
      await text(await later.post(`${there}/steps`, { ...meet, doneOn: "2026-10-20", present: "12", agreeing: "12" })),
    ).toMatch(/^422 .*至少到 14 人才有效/);
    await later.post(`${there}/steps`, { ...meet, doneOn: "2026-10-20" });
    const page = await text(await later.get(there));
    expect(page).toContain("应到村民代表 20 人，到了 18 人，17 人同意");
    // Five days after the meeting is a Sunday: the 26th.
    expect(await entry("V01", "2026-10-26")).toMatchObject({ dueOn: "2026-10-26", status: "soon" });
    await later.post(`${V}/V01/2026-10-26/board`, { postedOn: "2026-10-21" });
    expect(await text(await later.get(there))).toContain("走完了");
    expect(await text(await later.post(`${there}/stop`))).toMatch(/^409 .*都走完了/);
  });

  test("that is stopped asks for nothing any more", async () => {
    const visitor = await secretary();
    const started = await visitor.post(`${V}/chains`, { kind: "election", title: "换届", heldOn: "2026-12-01" });
    const there = (started.headers.get("location") ?? "").split("?")[0] ?? "";
    expect((await entry("C02", "2026-11-11"))?.label).toBe("换届：选民名单公布");
    await visitor.post(`${there}/stop`);
    expect(await entry("C02", "2026-11-11")).toBeUndefined();
    expect(await text(await visitor.post(`${there}/stop`))).toMatch(/^409 /);
  });
});

describe("the rules", () => {
  test("of a village may be stricter than those above it, not looser", async () => {
    const visitor = await secretary();
    const wish = {
      title: "水电费等收缴",
      class: "village",
      cadence: "M",
      audience: "all",
      lawRef: "村规民约第三条",
      active: "on",
      level: "village",
      fromOn: "2026-11-01",
    };
    expect(await text(await visitor.post(`${V}/rules/V14`, { ...wish, cadence: "Y", active: "off" }))).toMatch(
      /^422 .*村里不能自己停掉.*村里只能公开得更勤/,
    );
    expect(await text(await visitor.post(`${V}/rules/V14`, { ...wish, level: "township" }))).toMatch(
      /^422 .*您不能替这一级定/,
    );
    // The ground rules say when: a day of one's own may not be later than theirs, nor may one's own be given up for them.
    expect(await text(await visitor.post(`${V}/rules/V14`, { ...wish, dueMonth: "1", dueDay: "31" }))).toMatch(
      /^422 .*村里只能定得更早/,
    );
    expect((await visitor.post(`${V}/rules/V14`, wish)).headers.get("location")).toContain("done=rule_set");
    // The quarter that has begun stays one; the months begin after it.
    expect((await entry("V14", "2026-Q4", "2027"))?.dueOn).toBe("2027-01-05");
    expect((await entry("V14", "2027-02", "2027"))?.dueOn).toBe("2027-03-10");
    const added = await visitor.post(`${V}/rules/new`, { ...wish, title: "河道保洁", cadence: "Q" });
    expect(added.headers.get("location")).toContain("#r-B01");
    expect((await entry("B01", "2026-Q4", "2027"))?.dueOn).toBe("2027-01-05");
  });

  test("and rows of one village are nobody else's", async () => {
    const there = await system.api("clerk", { village: "there" });
    expect((await there.get("/villages/guojia/disclosures")).status).toBe(404);
    const own = await there.get<{ items: Entry[] }>("/villages/there/disclosures");
    expect(own.body.items.filter((one) => one.boardPostedOn || one.item === "B01" || one.item === "C01")).toEqual([]);
    const { rows } = await system.ctx.pools.app.query("select count(*)::int as n from disclosures");
    expect(rows[0].n).toBe(0);
  });
});

test("the township sees where something is owed, village by village", async () => {
  const dudao = await signIn(system.url, "dudao");
  const page = await text(await dudao.get("/disclosure"));
  expect(page).toContain("guojia村");
  expect(page).toMatch(/超期 \d+ 项/);
  expect(page).not.toContain("there村");
  expect(await text(await (await clerk()).get(`${V}/year`))).toMatch(/迟8\.18/);
  expect(await text(await (await clerk()).get("/v/guojia"))).toContain("要公开的");
});
