import type { Page } from "playwright-core";
import { inWork } from "../../src/queue/work.ts";
import { erasePerson } from "../../src/roster/erase-person.ts";
import { findPersonOf } from "../../src/roster/person-data.queries.ts";
import { findActor } from "../../src/staff/session.queries.ts";
import { findVillage } from "../../src/village/village.queries.ts";
import type { System } from "./system.ts";

/** One page of the demo village as one person sees it. `{sent}` in an address is the newest notice or case in that state. */
export type Look = {
  name: string;
  as: string | null;
  path: string;
  /** Other than 200. */
  status?: number;
  /** What has to happen before there is something to look at. */
  prepare?: (system: System) => Promise<unknown>;
  act?: (page: Page) => Promise<unknown>;
  /** The form comes back: the browser notes the status it comes with. */
  refused?: true;
  /** Looked at by night too. */
  dark?: true;
};

const V = "/v/guojiacun";
const NOTICES = ["draft", "awaiting_approval", "returned", "scheduled", "sent"];
const CASES = ["registered", "accepted", "assigned", "reopened", "answered", "closed", "declined"];
const FILTERS = ["open", "today", "late", "answered", "closed", "all"];

async function texts(system: System, from: string, body: string): Promise<void> {
  await system.text(from, body);
  await system.settle();
}

/** A notice of the demo village, written over the API, and signed by the secretary if it says so. */
async function write(system: System, wish: object, signed: boolean): Promise<string> {
  const clerk = await system.api("clerk", { village: "guojiacun" });
  const made = await clerk.post<{ id: string }>("/villages/guojiacun/broadcasts", { ...wish, repeatAnyway: true });
  if (signed) {
    const secretary = await system.api("secretary", { village: "guojiacun" });
    await secretary.post(`/broadcasts/${made.body.id}/approval`);
    await system.settle();
  }
  return made.body.id;
}

const ACCOUNT = { column: "财务公开", body: "十月的账：收入15150元，支出4360元，月末结余97210元。票据贴在公开栏。" };
const FLOOD = {
  column: "生产生活",
  body: "河水涨得快，2组、3组低处的人家马上到小学操场，老人孩子先走。",
  kind: "emergency",
  reason: "水已进了三户院子，书记在县里开会，电话打不通",
};
const ASKED = { column: "村务公开", body: "村西老场院铺水泥还是铺砖？", kind: "poll", options: ["铺水泥", "铺砖"] };

/** The newest notice has doors on its visiting list, whoever sent one since the demo's. */
async function listVisits(system: System): Promise<void> {
  const clerk = await system.api("clerk", { village: "guojiacun" });
  const { rows } = await system.ctx.pools.system.query<{ id: string }>(
    "select id from broadcasts where state = 'sent' order by id desc limit 1",
  );
  // Refused where every door stands there already.
  await clerk.post(`/broadcasts/${rows[0]?.id}/visits`, { causes: ["no_phone", "bad_number", "dead"] });
}

/** A notice that turned out wrong, and the one that says so. */
async function correct(system: System): Promise<void> {
  const first = await write(system, { column: "生产生活", body: "周六上午九点修机井，停水半天。" }, true);
  const clerk = await system.api("clerk", { village: "guojiacun" });
  const { id } = (await clerk.post<{ id: string }>(`/broadcasts/${first}/correction`)).body;
  await clerk.post(`/broadcasts/${id}/submission`);
  const secretary = await system.api("secretary", { village: "guojiacun" });
  await secretary.post(`/broadcasts/${id}/approval`);
  await system.settle();
}

/** Sends a form that will come back. */
async function beRefused(page: Page, typed: Record<string, string>, button: string): Promise<void> {
  for (const [field, words] of Object.entries(typed))
    await page.locator(`:is(input, textarea, select)[name="${field}"]:visible`).fill(words);
  await page.getByRole("main").getByRole("button", { name: button }).click();
  await page.locator(".summary").waitFor();
}

/** The first person of 1组01号 is written down a second time behind another door, as two clerks do. */
async function writeTwice(system: System): Promise<void> {
  const clerk = await system.api("clerk", { village: "guojiacun" });
  const { body } = await clerk.get<{ items: { name: string; household: string }[] }>(
    "/villages/guojiacun/villagers?limit=1",
  );
  const [first] = body.items;
  const known = await system.ctx.db.system
    .selectFrom("villagers as v")
    .innerJoin("phones as p", "p.hash", "v.phone_hash")
    .select("p.phone")
    .where("v.name", "=", first?.name ?? "")
    .executeTakeFirstOrThrow();
  const row = `十里铺1号,${first?.name},${system.ctx.sealer.openPhone(known.phone)}`;
  await clerk.post("/villages/guojiacun/roster", `户号,姓名,手机号\n${row}\n`, { "content-type": "text/csv" });
}

/** Somebody came, and asked to be taken out again. */
async function comeAndGo({ api, ctx }: System): Promise<void> {
  const clerk = await api("clerk", { village: "guojiacun" });
  await clerk.post("/villages/guojiacun/roster", "户号,姓名\n9组03号,来过的人\n", { "content-type": "text/csv" });
  const { system } = ctx.db;
  const villager = await system.selectFrom("villagers").select("id").where("name", "=", "来过的人").executeTakeFirst();
  const staff = await system.selectFrom("staff").select("id").where("login", "=", "shuji").executeTakeFirstOrThrow();
  const secretary = await findActor(system, staff.id);
  const village = await findVillage(system, "guojiacun");
  const person = village && villager && (await findPersonOf(system, village.id, villager.id));
  if (secretary && person)
    await inWork(ctx.work, secretary, (work) => erasePerson(work, village, person, { asked: "1" }));
}

/** One of the ways to begin a notice. */
async function begin(page: Page, how: string): Promise<void> {
  await page.getByRole("link", { name: how }).first().click();
  await page.getByLabel("内容").waitFor();
}

const openDrawers = (page: Page): Promise<unknown> =>
  page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");

/** A notice of which each household gets a text of its own. */
async function draftWithBlanks(system: System): Promise<void> {
  const clerk = await system.api("clerk", { village: "guojiacun" });
  const body = "{{姓名}}您家（{{户号}}）上半年分红{{金额}}元，请核对。";
  await clerk.post("/villages/guojiacun/broadcasts", { column: "村务公开", body, submit: false });
}

async function openDoor(page: Page, number: string): Promise<void> {
  await page.getByLabel("找人、找户").fill(number);
  await page.getByRole("button", { name: "找", exact: true }).click();
  await page.getByRole("link", { name: number }).click();
  await page.getByText("谁住在这里").waitFor();
}

async function openData(page: Page, number: string): Promise<void> {
  await openDoor(page, number);
  await page.getByRole("link", { name: "他的全部资料" }).first().click();
  await page.getByText("谁看过他的号码和资料").waitFor();
}

/** The demo's late cases climb to the township by themselves, some seconds after the start. */
async function untilSupervised(page: Page): Promise<void> {
  const link = page.getByRole("link", { name: "看督办单，打印" });
  for (let tries = 0; tries < 60 && (await link.count()) === 0; tries++) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await link.first().waitFor();
}

/** October, begun by whoever comes first; it does not balance. */
async function openDraftSheet(page: Page): Promise<void> {
  const begun = page.getByRole("main").locator("a.card", { hasText: "10月" });
  if ((await begun.count()) > 0) return await begun.first().click();
  await page.getByLabel("开一个月的账").fill("2026-10");
  await page.getByRole("button", { name: "开始记账" }).click();
  await page.getByText("开好了").waitFor();
  const row = {
    "day-1": "3",
    "purpose-1": "修机井",
    "amount-1": "1620",
    "day-2": "9",
    "purpose-2": "路灯电费",
    "amount-2": "486",
  };
  for (const [field, words] of Object.entries(row)) await page.locator(`[name="${field}"]`).fill(words);
  await page.getByRole("button", { name: "记下这几笔" }).click();
  await page.getByText("记下了").waitFor();
  await page.locator('[name="closing"]').fill("95464");
  await page.getByRole("button", { name: "记下结余，对一对" }).click();
  await page.getByText("差 360.00 元").waitFor();
}
/** Pastes a list into the upload page, as a clerk does who has it in a chat. */
async function paste(page: Page, lines: readonly string[]): Promise<void> {
  await page.getByText("没有文件，把名单贴上来").click();
  await page.getByLabel("名单", { exact: false }).last().fill(lines.join("\n"));
  await page.getByRole("button", { name: "读这份名单" }).click();
}
const ROSTER = [
  "户号\t姓名\t手机号\t身份",
  "1组01号\t王桂兰\t1990000001\t",
  "1组01号\t王大山\t0533-6550000\t党员",
  "\t没有户号的人\t19900000301\t",
  "9组01号\t新来的\t19900000302\t外出务工",
  "9组02号\t也新来的\t19900000302\t",
  "9组03号\t来过的人\t\t",
];

export const LOOKS: readonly Look[] = [
  { name: "sign-in", as: null, path: "/sign-in", dark: true },
  {
    name: "sign-in-refused",
    as: null,
    path: "/sign-in",
    act: (page) => beRefused(page, { login: "shuji", password: "not the password" }, "登录"),
    refused: true,
  },
  ...["shuji", "cunwu", "jianhui", "ganbu2", "dudao"].map((as) => ({ name: `today-of-${as}`, as, path: V })),
  { name: "notices", as: "shuji", path: `${V}/notices` },
  { name: "compose", as: "cunwu", path: `${V}/notices/new`, dark: true },
  { name: "compose-write", as: "cunwu", path: `${V}/notices/new`, act: (page) => begin(page, "空白通知") },
  {
    name: "compose-lint",
    as: "cunwu",
    path: `${V}/notices/new`,
    async act(page) {
      await begin(page, "空白通知");
      const body = `尊敬的各位村民：您好！请王大爷带身份证370303195201011234到村委会领取补贴{{金额}}元，详情点 http://t.cn/a。${"请广大村民相互转告。".repeat(3)}`;
      await page.getByLabel("内容").fill(body);
      await page.getByText("不能发").first().waitFor();
    },
    dark: true,
  },
  { name: "notice-aloud", as: "cunwu", path: `${V}/notices/{returned}/aloud` },
  { name: "compose-poll", as: "cunwu", path: `${V}/notices/new`, act: (page) => begin(page, "请村民表态") },
  { name: "compose-emergency", as: "cunwu", path: `${V}/notices/new`, act: (page) => begin(page, "紧急通知") },
  {
    name: "compose-poll-refused",
    as: "cunwu",
    path: `${V}/notices/new`,
    async act(page) {
      await begin(page, "请村民表态");
      await beRefused(page, { body: "长".repeat(5001) }, "下一步：给谁");
    },
    refused: true,
  },
  { name: "compose-returned", as: "cunwu", path: `${V}/notices/{returned}/write`, dark: true },
  { name: "compose-left-out", as: "cunwu", path: `${V}/notices/{returned}/left-out`, dark: true },
  { name: "compose-who", as: "cunwu", path: `${V}/notices/{returned}/who`, dark: true },
  {
    name: "compose-who-some",
    as: "cunwu",
    path: `${V}/notices/{returned}/who`,
    async act(page) {
      await openDrawers(page);
      await page.getByLabel("只发给下面勾选的").check();
    },
  },
  {
    name: "compose-who-refused",
    as: "cunwu",
    path: `${V}/notices/{returned}/who`,
    async act(page) {
      await page.getByLabel("只发给下面勾选的").check();
      await beRefused(page, {}, "下一步：查对和发送");
    },
    refused: true,
  },
  { name: "compose-check", as: "cunwu", path: `${V}/notices/{returned}/check`, dark: true },
  {
    name: "compose-check-with-every-drawer-open",
    as: "cunwu",
    path: `${V}/notices/{returned}/check`,
    async act(page) {
      await openDrawers(page);
      await page.getByLabel("别的时间").check();
    },
  },
  {
    name: "compose-check-refused",
    as: "cunwu",
    path: `${V}/notices/{returned}/check`,
    async act(page) {
      await page.getByLabel("别的时间").check();
      await beRefused(page, { sendAt: "2020-01-01T08:00" }, "提交审批");
    },
    refused: true,
  },
  {
    name: "notice-values",
    as: "cunwu",
    path: `${V}/notices/{draft}/values`,
    prepare: draftWithBlanks,
    async act(page) {
      await page.getByLabel("每户填的内容").fill("户号\t金额\n1组1号\t350.00\n1组2号\t8\n99号\t3\n1组3号\t");
      await page.getByRole("button", { name: "用这张表" }).click();
      await page.getByText("这 2 行要看一看").waitFor();
    },
    dark: true,
  },
  {
    name: "notice-values-refused",
    as: "cunwu",
    path: `${V}/notices/{draft}/values`,
    act: (page) => beRefused(page, { table: "姓名,金额" }, "换成这张表"),
    refused: true,
  },
  {
    name: "notice-values-file-refused",
    as: "cunwu",
    path: `${V}/notices/{draft}/values`,
    async act(page) {
      const file = { name: "通知.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") };
      await page.getByLabel("Excel（xlsx）或 CSV 文件").setInputFiles(file);
      await page.getByRole("button", { name: "换成这个文件" }).click();
      await page.locator("#w-file").waitFor();
    },
    refused: true,
  },
  { name: "compose-check-with-blanks", as: "cunwu", path: `${V}/notices/{draft}/check` },
  { name: "columns", as: "shuji", path: `${V}/columns`, dark: true },
  {
    name: "columns-refused",
    as: "shuji",
    path: `${V}/columns`,
    act: (page) => beRefused(page, { name: "村务公开" }, "加上这个栏目"),
    refused: true,
  },
  {
    name: "column-refused",
    as: "shuji",
    path: `${V}/columns`,
    async act(page) {
      await page.getByRole("link", { name: "改“智慧语录”" }).click();
      await beRefused(page, { tags: "党元" }, "存下这个栏目");
    },
    refused: true,
  },
  {
    name: "compose-repeat-refused",
    as: "cunwu",
    path: `${V}/notices/{returned}/check`,
    async act(page) {
      await page.getByText("每周或每月重复").click();
      await page.getByLabel("重复吗").selectOption("weekly");
      await beRefused(page, { clock: "18:30" }, "提交审批");
    },
    refused: true,
  },
  { name: "schedules-at-first", as: "shuji", path: `${V}/schedules` },
  {
    name: "schedules",
    as: "cunwu",
    path: `${V}/notices/new`,
    async act(page) {
      await begin(page, "空白通知");
      await page.getByLabel("内容").fill("每周五晚七点，文化大院，政策学习。");
      await page.getByRole("button", { name: "下一步：给谁" }).click();
      await page.getByRole("button", { name: "下一步：查对和发送" }).click();
      await page.getByText("每周或每月重复").click();
      await page.getByLabel("重复吗").selectOption("weekly");
      await page.getByLabel("周五").check();
      await page.getByLabel("几点几分").fill("18:30");
      await page.getByRole("button", { name: "提交审批" }).click();
      await page.getByText("等人同意").first().waitFor();
    },
    dark: true,
  },
  { name: "schedules-to-approve", as: "shuji", path: `${V}/schedules` },
  ...NOTICES.map((state) => ({
    name: `notice-${state}`,
    as: "shuji",
    path: `${V}/notices/{${state}}`,
    dark: true as const,
  })),
  { name: "notice-of-jianhui", as: "jianhui", path: `${V}/notices/{sent}` },
  { name: "recipients", as: "shuji", path: `${V}/notices/{sent}/recipients` },
  { name: "recipients-lost", as: "shuji", path: `${V}/notices/{sent}/recipients?state=lost` },
  ...FILTERS.map((show) => ({ name: `cases-${show}`, as: "shuji", path: `${V}/cases?show=${show}` })),
  ...CASES.map((state) => ({ name: `case-${state}`, as: "shuji", path: `${V}/cases/{${state}}`, dark: true as const })),
  {
    name: "case-refused",
    as: "shuji",
    path: `${V}/cases/{accepted}`,
    async act(page) {
      await page.getByRole("radio", { name: "列入计划" }).check();
      await beRefused(page, { text: "已办结" }, "答复");
    },
    refused: true,
    dark: true,
  },
  {
    name: "case-with-every-drawer-open",
    as: "shuji",
    path: `${V}/cases/{registered}`,
    act: (page) => page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })"),
  },
  { name: "case-of-cunwu", as: "cunwu", path: `${V}/cases/{registered}` },
  { name: "case-of-jianhui", as: "jianhui", path: `${V}/cases/{accepted}` },
  { name: "case-of-ganbu2", as: "ganbu2", path: `${V}/cases/{assigned}` },
  {
    name: "case-closed-publish-refused",
    as: "shuji",
    path: `${V}/cases/{closed}`,
    act: (page) => beRefused(page, { question: "请打 13800000017 问" }, "公开这件"),
    refused: true,
  },
  {
    name: "case-closed-with-every-drawer-open",
    as: "shuji",
    path: `${V}/cases/{closed}`,
    act: (page) => page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })"),
  },
  { name: "phrases-at-first", as: "shuji", path: `${V}/phrases` },
  {
    name: "phrases",
    as: "shuji",
    path: `${V}/phrases`,
    async act(page) {
      const words = `有事随时给我打电话，我是刘建国（${page.viewportSize()?.width}）。`;
      await page.getByLabel("加一句").fill(words);
      await page.getByRole("button", { name: "存下这句话" }).click();
      await page.getByText("已存好").waitFor();
    },
  },
  {
    name: "composer",
    as: "shuji",
    path: `${V}/cases/{accepted}`,
    async act(page) {
      await page.getByRole("radio", { name: "列入计划" }).check();
      await page.getByLabel("计划哪天前办好").fill("2026-12-31");
      await page.getByLabel("怎么说").fill("会办的，请放心");
      await page.getByText("写上是谁办的").waitFor();
      await page.locator(".phrases button").first().click();
      await page.getByText("会办的，请放心。有事").first().waitFor();
    },
    dark: true,
  },
  {
    name: "cases-narrowed",
    as: "shuji",
    path: `${V}/cases?show=all&q=${encodeURIComponent("路")}&since=2026-01-01`,
    dark: true,
  },
  { name: "cases-narrowed-to-none", as: "shuji", path: `${V}/cases?q=${encodeURIComponent("没有这样的")}` },
  { name: "cases-of-jianhui", as: "jianhui", path: `${V}/cases` },
  { name: "cases-of-dudao", as: "dudao", path: `${V}/cases` },
  { name: "assign-many", as: "shuji", path: `${V}/cases/assignment` },
  {
    name: "assign-many-refused",
    as: "shuji",
    path: `${V}/cases/assignment`,
    act: (page) => beRefused(page, {}, "把勾选的交给他办"),
    refused: true,
  },
  {
    name: "assigned",
    as: "shuji",
    path: `${V}/cases/assignment`,
    async act(page) {
      await page.getByRole("checkbox").first().check();
      await page.getByLabel("交给谁办").selectOption({ index: 2 });
      await page.getByRole("button", { name: "把勾选的交给他办" }).click();
      await page.getByText("回到意见台账").waitFor();
    },
  },
  { name: "ledger-print", as: "shuji", path: `${V}/cases/print?show=all` },
  { name: "monthly-print", as: "shuji", path: `${V}/cases/monthly?month=2026-11` },
  { name: "published-at-first", as: "shuji", path: `${V}/published` },
  { name: "oral", as: "cunwu", path: `${V}/cases/new`, dark: true },
  {
    name: "oral-found",
    as: "cunwu",
    path: `${V}/cases/new`,
    async act(page) {
      await page.getByLabel("谁说的").fill("郭");
      await page.getByText("是哪一位").waitFor();
    },
  },
  {
    name: "oral-refused",
    as: "cunwu",
    path: `${V}/cases/new`,
    async act(page) {
      await page.getByLabel("入户走访").check();
      await beRefused(page, { who: "查无此人", text: "屋里漏雨" }, "登记");
    },
    refused: true,
  },
  {
    name: "case-oral-told",
    as: "shuji",
    path: `${V}/cases/new`,
    async act(page) {
      await page.getByLabel("谁说的").fill("1组06号");
      await page.getByText("是哪一位").waitFor();
      await page.getByRole("radio").first().check();
      await page.getByLabel("说了什么").fill("俺家屋后的排水沟堵了，一下雨水就往屋里灌");
      await page.getByLabel("入户走访").check();
      await page.getByRole("main").getByRole("button", { name: "登记" }).click();
      await page.getByText("已登记，请当面告诉他").waitFor();
      await page.getByRole("radio", { name: "已解决" }).check();
      await page.getByLabel("怎么说").fill("我今天带人把沟清了，水下去了。");
      await page.locator("#answer button.main").click();
      await page.getByRole("button", { name: "记下：当面答复了" }).waitFor();
    },
  },
  { name: "people", as: "shuji", path: `${V}/people` },
  { name: "roster", as: "cunwu", path: `${V}/roster`, dark: true },
  {
    name: "roster-refused",
    as: "cunwu",
    path: `${V}/roster`,
    act: (page) => beRefused(page, {}, "读这份名单"),
    refused: true,
  },
  {
    name: "roster-columns",
    as: "cunwu",
    path: `${V}/roster`,
    async act(page) {
      await paste(page, ["9组01号 新来的 19900000302", "9组02号 周桂英 138 0000 0050"]);
      await page.getByRole("button", { name: "就按这样读" }).waitFor();
    },
    dark: true,
  },
  {
    name: "roster-preview",
    as: "cunwu",
    path: `${V}/roster`,
    prepare: comeAndGo,
    async act(page) {
      await paste(page, ROSTER);
      await page.getByRole("button", { name: "不导了" }).waitFor();
    },
    dark: true,
  },
  {
    name: "roster-done",
    as: "cunwu",
    path: `${V}/roster`,
    async act(page) {
      await paste(page, ROSTER);
      await page.getByRole("button", { name: /导入这|照样再导/ }).click();
      await page.getByRole("link", { name: "再传一份" }).waitFor();
    },
    dark: true,
  },
  { name: "people-narrowed", as: "shuji", path: `${V}/people?show=bad_number`, dark: true },
  { name: "people-found", as: "cunwu", path: `${V}/people?q=gcf` },
  { name: "people-print", as: "shuji", path: `${V}/people/print?show=no_phone` },
  { name: "people-of-ganbu2", as: "ganbu2", path: `${V}/people` },
  { name: "household", as: "shuji", path: `${V}/people`, act: (page) => openDoor(page, "2组12号"), dark: true },
  {
    name: "household-with-every-drawer-open",
    as: "cunwu",
    path: `${V}/people`,
    async act(page) {
      await openDoor(page, "1组06号");
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    },
  },
  {
    name: "household-refused",
    as: "shuji",
    path: `${V}/people`,
    async act(page) {
      await openDoor(page, "1组01号");
      await page.getByText("添一个人").click();
      await beRefused(page, { name: "新媳妇", phone: "1380000" }, "添上这个人");
    },
    refused: true,
  },
  {
    name: "household-in-trouble",
    as: "shuji",
    path: `${V}/people?show=bad_number`,
    act: (page) => page.locator(".lines a.go").first().click(),
  },
  { name: "person", as: "shuji", path: `${V}/people`, act: (page) => openData(page, "2组12号"), dark: true },
  {
    name: "person-refused",
    as: "shuji",
    path: `${V}/people`,
    async act(page) {
      await openData(page, "1组01号");
      await beRefused(page, {}, "删除孙继顺的资料");
    },
    refused: true,
  },
  { name: "person-of-dudao", as: "dudao", path: `${V}/people`, act: (page) => openData(page, "1组01号") },
  { name: "enrolment", as: "shuji", path: `${V}/people/enrolment`, dark: true },
  { name: "enrolment-of-villages", as: "dudao", path: "/enrolment" },
  { name: "groups", as: "shuji", path: `${V}/people/groups` },
  { name: "groups-of-jianhui", as: "jianhui", path: `${V}/people/groups` },
  {
    name: "groups-refused",
    as: "cunwu",
    path: `${V}/people/groups`,
    async act(page) {
      await page.getByText("添一个小组").click();
      await beRefused(page, { name: "1组" }, "添上这个小组");
    },
    refused: true,
  },
  { name: "duplicates-none", as: "shuji", path: `${V}/people/duplicates` },
  {
    name: "duplicates",
    as: "shuji",
    path: `${V}/people/duplicates`,
    prepare: writeTwice,
    dark: true,
  },
  {
    name: "duplicates-refused",
    as: "cunwu",
    path: `${V}/people/duplicates`,
    prepare: writeTwice,
    act: (page) => beRefused(page, {}, "是同一个人，合起来"),
    refused: true,
  },
  { name: "household-new", as: "cunwu", path: `${V}/people/new` },
  {
    name: "household-new-refused",
    as: "cunwu",
    path: `${V}/people/new`,
    act: (page) => beRefused(page, { number: "1组01号", name: "张三" }, "添上这一户"),
    refused: true,
  },
  {
    name: "household-phone",
    as: "shuji",
    path: `${V}/people`,
    async act(page) {
      await openDoor(page, "1组01号");
      await page.getByRole("link", { name: "看他的号码" }).first().click();
      await page.getByRole("button", { name: "看他的号码" }).waitFor();
    },
  },
  { name: "policies", as: "shuji", path: `${V}/policies`, dark: true },
  { name: "policies-tried", as: "cunwu", path: `${V}/policies?ask=${encodeURIComponent("俺娘八十了有啥补贴")}` },
  { name: "policies-of-jianhui", as: "jianhui", path: `${V}/policies` },
  {
    name: "policy-refused",
    as: "cunwu",
    path: `${V}/policies/new`,
    act: (page) => beRefused(page, { title: "取暖补贴", standard: "x", process: "x", office: "镇".repeat(31) }, "存好"),
    refused: true,
  },
  { name: "letters", as: "shuji", path: `${V}/letters` },
  { name: "strangers", as: "dudao", path: `${V}/strangers` },
  { name: "strangers-dismissed", as: "dudao", path: `${V}/strangers?show=dismissed` },
  {
    name: "strangers-refused",
    as: "dudao",
    path: `${V}/strangers`,
    async act(page) {
      await page.getByText("是本村的，登记到户").first().click();
      await beRefused(page, { household: " ", name: " " }, "登记到户，并登记");
    },
    refused: true,
  },
  {
    name: "case-merge-refused",
    as: "shuji",
    path: `${V}/cases/{registered}`,
    async act(page) {
      await page.getByText("和别的是同一件事").click();
      await beRefused(page, { into: "99999" }, "并过去，并告诉");
    },
    refused: true,
  },
  { name: "sheets", as: "cunwu", path: `${V}/sheets`, dark: true },
  {
    name: "sheets-refused",
    as: "cunwu",
    path: `${V}/sheets`,
    act: (page) => beRefused(page, { month: "2026-09" }, "开始记账"),
    refused: true,
  },
  {
    name: "sheet-posted",
    as: "jianhui",
    path: `${V}/sheets`,
    async act(page) {
      await page.getByRole("link", { name: "9月", exact: true }).click();
      await page.getByText("修机井").waitFor();
    },
  },
  {
    name: "sheet-print",
    as: "shuji",
    path: `${V}/sheets`,
    async act(page) {
      await page.getByRole("link", { name: "9月", exact: true }).click();
      await page.getByRole("link", { name: "印公示榜" }).click();
      await page.getByText("集体收支公开表").first().waitFor();
    },
  },
  { name: "sheets-year", as: "shuji", path: `${V}/sheets/year?year=2026` },
  { name: "sheet-draft", as: "cunwu", path: `${V}/sheets`, act: openDraftSheet, dark: true },
  {
    name: "sheet-refused",
    as: "cunwu",
    path: `${V}/sheets`,
    async act(page) {
      await openDraftSheet(page);
      await beRefused(page, { "day-1": "40", "purpose-1": "电费", "amount-1": "1.2万" }, "记下这几笔");
    },
    refused: true,
    dark: true,
  },
  {
    name: "sheet-table-refused",
    as: "cunwu",
    path: `${V}/sheets`,
    async act(page) {
      await openDraftSheet(page);
      await page.getByRole("link", { name: "从表格里贴进来" }).click();
      await beRefused(page, { table: "日期,收支,摘要,金额\n3,收入,租金,1.2万\n4,支出,合计,5" }, "记下这些账");
    },
    refused: true,
  },
  {
    name: "sheet-entry-refused",
    as: "cunwu",
    path: `${V}/sheets`,
    async act(page) {
      await openDraftSheet(page);
      await page.getByRole("link", { name: "改“" }).first().click();
      await beRefused(page, { amount: "-3" }, "改成这样");
    },
    refused: true,
  },
  ...["", "/notices", "/sheets", "/sheets/2026-09", "/answers", "/calendar", "/people", "?big=1"].map((path) => ({
    name: `public${path.replace(/\W/g, "-") || "-home"}`,
    as: null,
    path: `/p/guojiacun${path}`,
    dark: true as const,
  })),
  { name: "public-settings", as: "shuji", path: `${V}/public` },
  {
    name: "public-settings-refused",
    as: "shuji",
    path: `${V}/public`,
    async act(page) {
      await page.getByText("改刘建国登的内容").click();
      await beRefused(page, { phone: "12345" }, "记下刘建国的");
    },
    refused: true,
  },
  { name: "staff", as: "shuji", path: `${V}/staff` },
  {
    name: "staff-refused",
    as: "shuji",
    path: `${V}/staff`,
    async act(page) {
      await page.getByText("加一个人").click();
      await beRefused(page, { name: "新来的", login: "不是字母", phone: "1380000" }, "建一个账号");
    },
    refused: true,
  },
  {
    name: "staff-phone-refused",
    as: "shuji",
    path: `${V}/staff`,
    async act(page) {
      await page.getByText("管理王春霞的账号").click();
      await beRefused(page, { phone: "1380000" }, "登记手机号");
    },
    refused: true,
    dark: true,
  },
  { name: "account", as: "shuji", path: "/account", dark: true },
  {
    name: "account-phone-refused",
    as: "shuji",
    path: "/account",
    act: (page) => beRefused(page, { phone: "13800000001", password: "x" }, "登记手机号"),
    refused: true,
  },
  {
    name: "account-refused",
    as: "shuji",
    path: "/account",
    act: (page) => beRefused(page, { old: "x", new: "x", again: "y" }, "改密码"),
    refused: true,
  },
  { name: "words", as: "shuji", path: `${V}/words` },
  {
    name: "words-refused",
    as: "shuji",
    path: `${V}/words?shelf=category.production`,
    act: (page) => beRefused(page, { word: "麦子" }, "添上这个词"),
    refused: true,
  },
  { name: "budget", as: "shuji", path: `${V}/budget` },
  {
    name: "budget-refused",
    as: "dudao",
    path: `${V}/budget`,
    act: (page) => beRefused(page, { monthlySegments: "三千" }, "定下来"),
    refused: true,
    dark: true,
  },
  { name: "budget-of-admin", as: "admin", path: `${V}/budget` },
  { name: "clocks", as: "shuji", path: `${V}/clocks`, dark: true },
  { name: "clocks-of-cunwu", as: "cunwu", path: `${V}/clocks` },
  {
    name: "clocks-refused",
    as: "dudao",
    path: `${V}/clocks`,
    act: (page) => beRefused(page, { result: "五天", serviceFrom: "25:00" }, "定下这些时限"),
    refused: true,
  },
  { name: "calendar", as: "dudao", path: `${V}/calendar`, dark: true },
  { name: "calendar-not-known", as: "admin", path: `${V}/calendar?year=2027` },
  {
    name: "calendar-refused",
    as: "dudao",
    path: `${V}/calendar`,
    act: (page) => beRefused(page, { day: "2031-01-01", reason: "太远" }, "定下这一天"),
    refused: true,
  },
  {
    name: "case-dates",
    as: "shuji",
    path: `${V}/cases/{assigned}/dates`,
    act: (page) => page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })"),
    dark: true,
  },
  { name: "supervision-new", as: "dudao", path: `${V}/cases/{assigned}/supervision` },
  {
    name: "supervision-refused",
    as: "dudao",
    path: `${V}/cases/{assigned}/supervision`,
    act: (page) => beRefused(page, { demand: " " }, "签发督办单"),
    refused: true,
  },
  { name: "supervisions", as: "dudao", path: "/supervisions", act: untilSupervised, dark: true },
  {
    name: "supervision",
    as: "shuji",
    path: `${V}/supervisions`,
    async act(page) {
      await untilSupervised(page);
      await page.getByRole("link", { name: "看督办单，打印" }).first().click();
      await page.locator(".order-sheet").waitFor();
    },
  },
  { name: "templates", as: "cunwu", path: `${V}/templates`, dark: true },
  { name: "templates-of-jianhui", as: "jianhui", path: `${V}/templates` },
  {
    name: "template",
    as: "cunwu",
    path: `${V}/templates`,
    act: (page) => page.getByRole("link", { name: "改“发到各户的钱”" }).click(),
  },
  {
    name: "template-refused",
    as: "cunwu",
    path: `${V}/templates/new`,
    act: (page) => beRefused(page, { name: "试一试", body: "{{姓明}}来开会" }, "存好模板"),
    refused: true,
  },
  { name: "series-new", as: "cunwu", path: `${V}/series/new` },
  {
    name: "series-looked-at",
    as: "cunwu",
    path: `${V}/series/new`,
    async act(page) {
      await page.getByLabel("文章").fill("种自己承包地的人家都能领种粮补贴，租给别人的看合同怎么写。".repeat(8));
      await page.getByRole("button", { name: "看看分成几条" }).click();
      await page.getByRole("button", { name: "提交审批" }).waitFor();
    },
    dark: true,
  },
  {
    name: "series-refused",
    as: "cunwu",
    path: `${V}/series/new`,
    act: (page) => beRefused(page, { text: "短", clock: "19:00" }, "看看分成几条"),
    refused: true,
  },
  {
    name: "series",
    as: "shuji",
    path: `${V}/series/new`,
    async act(page) {
      const words = `${page.viewportSize()?.width}种自己承包地的人家都能领种粮补贴，租给别人的看合同怎么写。`;
      await page.getByLabel("文章").fill(words.repeat(8));
      await page.getByRole("button", { name: "看看分成几条" }).click();
      await page.getByRole("button", { name: "条草稿" }).click();
      await page.getByRole("link", { name: "看第 1 条" }).waitFor();
    },
  },
  { name: "public-phones", as: "shuji", path: `${V}/public-phones` },
  {
    name: "public-phones-refused",
    as: "shuji",
    path: `${V}/public-phones`,
    act: (page) => beRefused(page, { label: "村医", phone: "1380000" }, "公布这个号码"),
    refused: true,
  },
  { name: "more", as: "shuji", path: `${V}/more` },
  { name: "disclosure", as: "shuji", path: `${V}/disclosure`, dark: true },
  { name: "disclosure-of-jianhui", as: "jianhui", path: `${V}/disclosure` },
  { name: "disclosure-year", as: "shuji", path: `${V}/disclosure/year`, dark: true },
  { name: "disclosure-item-late", as: "cunwu", path: `${V}/disclosure/V05/2026-Q3`, dark: true },
  { name: "disclosure-item-done", as: "cunwu", path: `${V}/disclosure/F01/2026-10` },
  {
    name: "disclosure-board-refused",
    as: "cunwu",
    path: `${V}/disclosure/V05/2026-Q3`,
    act: (page) => beRefused(page, { postedOn: "2026-09-01" }, "记下贴上公开栏"),
    refused: true,
  },
  {
    name: "disclosure-objection-refused",
    as: "cunwu",
    path: `${V}/disclosure/F01/2026-10`,
    async act(page) {
      await page.getByText("有一件意见也是对它的异议").click();
      await beRefused(page, { number: "9999" }, "认作异议");
    },
    refused: true,
  },
  { name: "disclosure-event", as: "cunwu", path: `${V}/disclosure/events/new` },
  {
    name: "disclosure-event-refused",
    as: "cunwu",
    path: `${V}/disclosure/events/new`,
    act: (page) => beRefused(page, { title: "修渠", on: "2027-01-01" }, "记下这件事"),
    refused: true,
  },
  { name: "disclosure-chains", as: "shuji", path: `${V}/disclosure/chains` },
  {
    name: "disclosure-chain",
    as: "shuji",
    path: `${V}/disclosure/chains`,
    async act(page) {
      await page.getByRole("link", { name: "健身广场" }).click();
      await page.getByRole("button", { name: "记下：组织实施" }).waitFor();
    },
    dark: true,
  },
  {
    name: "disclosure-chains-refused",
    as: "shuji",
    path: `${V}/disclosure/chains`,
    act: (page) => beRefused(page, { title: " " }, "开始这件事"),
    refused: true,
  },
  { name: "disclosure-rules", as: "jianhui", path: `${V}/disclosure/rules` },
  { name: "disclosure-rules-of-dudao", as: "dudao", path: `${V}/disclosure/rules` },
  { name: "disclosure-rule", as: "dudao", path: `${V}/disclosure/rules/V14` },
  {
    name: "disclosure-rule-refused",
    as: "shuji",
    path: `${V}/disclosure/rules/V14`,
    act: (page) => beRefused(page, { dueDay: "77", lawRef: " " }, "改好这一项"),
    refused: true,
  },
  { name: "disclosure-ground", as: "dudao", path: `${V}/disclosure/rules/ground` },
  {
    name: "disclosure-ground-refused",
    as: "dudao",
    path: `${V}/disclosure/rules/ground`,
    act: (page) => beRefused(page, { dueM: "0", lawRef: "区目录" }, "定下这些期限"),
    refused: true,
  },
  { name: "disclosure-township", as: "dudao", path: "/disclosure", dark: true },
  { name: "villages-of-dudao", as: "dudao", path: "/villages" },
  { name: "villages-of-admin", as: "admin", path: "/villages" },
  { name: "staff-of-admin", as: "admin", path: `${V}/staff` },
  // Last, because from here on there is somebody in danger on every page of the day.
  {
    name: "alarm-on-today",
    as: "shuji",
    path: V,
    prepare: (system) => texts(system, "+8619900000103", "着火了快来人，东屋的柴火垛烧起来了，老人还在屋里"),
    dark: true,
  },
  { name: "alarm-on-case", as: "cunwu", path: `${V}/cases/{registered}` },
  { name: "alarms", as: "shuji", path: `${V}/alarms` },
  { name: "alarm-settings", as: "shuji", path: `${V}/alarms/settings` },
  {
    name: "alarm-settings-refused",
    as: "shuji",
    path: `${V}/alarms/settings`,
    act: (page) => beRefused(page, { minutes: "很快" }, "定下来"),
    refused: true,
  },
  {
    name: "phone-revealed",
    as: "shuji",
    path: `${V}/cases/{registered}/phone`,
    act: (page) => page.getByRole("button", { name: "看他的号码" }).click(),
  },
  { name: "sealed-none", as: "jianhui", path: `${V}/sealed` },
  {
    name: "sealed",
    as: "dudao",
    path: `${V}/sealed`,
    prepare: (system) => texts(system, "+8619900000104", "密：修路的石子是书记小舅子供的，比镇上贵一半，账上没写"),
    dark: true,
  },
  { name: "sealed-case", as: "jianhui", path: `${V}/sealed/{registered}`, dark: true },
  { name: "sealed-case-of-dudao", as: "dudao", path: `${V}/sealed/{registered}` },
  {
    name: "sealed-case-refused",
    as: "jianhui",
    path: `${V}/sealed/{registered}`,
    async act(page) {
      await page.getByRole("radio", { name: "已解决" }).check();
      await beRefused(page, { text: " " }, "答复");
    },
    refused: true,
  },
  { name: "not-found", as: "shuji", path: `${V}/nothing-here`, status: 404 },
  { name: "simulator", as: null, path: "/simulator" },
  { name: "simulated-phone", as: null, path: "/simulator?phone=%2B8619900000103", dark: true },
  { name: "notice-replies", as: "shuji", path: `${V}/notices/{sent}/replies` },
  { name: "unreached", as: "shuji", path: `${V}/notices/{sent}/unreached`, dark: true },
  {
    name: "unreached-refused",
    as: "cunwu",
    path: `${V}/notices/{sent}/unreached`,
    async act(page) {
      const ticked = page.locator('input[name^="cause-"]:checked');
      while ((await ticked.count()) > 0) await ticked.first().uncheck();
      await beRefused(page, {}, "列入入户清单");
    },
    refused: true,
  },
  { name: "visits", as: "cunwu", path: `${V}/notices/{sent}/visits`, prepare: listVisits },
  { name: "visits-of-ganbu2", as: "ganbu2", path: `${V}/notices/{sent}/visits`, prepare: listVisits, dark: true },
  {
    name: "visits-refused",
    as: "ganbu2",
    path: `${V}/notices/{sent}/visits`,
    prepare: listVisits,
    async act(page) {
      const door = page.locator(".visit").first();
      await door.locator("summary").click();
      await door.locator('[name="note"]').evaluate((field) => field.removeAttribute("maxlength"));
      await door.locator('[name="note"]').fill("他儿子说".repeat(30));
      await door.getByRole("button", { name: "当面说了" }).click();
      await page.locator(".summary").waitFor();
    },
    refused: true,
  },
  { name: "visits-print", as: "cunwu", path: `${V}/notices/{sent}/visits/print` },
  { name: "open-visits", as: "ganbu2", path: `${V}/visits` },
  { name: "notice-history", as: "shuji", path: `${V}/notices/{returned}/history` },
  {
    name: "sign-of-jianhui",
    as: "jianhui",
    path: `${V}/notices/{awaiting_approval}`,
    prepare: (system) => write(system, ACCOUNT, false),
    dark: true,
  },
  { name: "sign-first-of-two", as: "shuji", path: `${V}/notices/{awaiting_approval}` },
  {
    name: "sign-return-refused",
    as: "shuji",
    path: `${V}/notices/{awaiting_approval}`,
    async act(page) {
      await page.getByText("退回去改").click();
      await beRefused(page, { reason: "　" }, "退回给");
    },
    refused: true,
  },
  {
    name: "comment-refused",
    as: "jianhui",
    path: `${V}/notices/{awaiting_approval}`,
    async act(page) {
      await page.getByText("留言给同事").click();
      await beRefused(page, { comment: "　" }, "留言");
    },
    refused: true,
  },
  {
    name: "countersign",
    as: "shuji",
    path: `${V}/notices/{sent}`,
    prepare: async (system) => {
      await write(system, FLOOD, false);
      await system.settle();
    },
    dark: true,
  },
  {
    name: "countersign-refused",
    as: "dudao",
    path: `${V}/notices/{sent}`,
    async act(page) {
      await page.locator("summary", { hasText: "不认可" }).click();
      await beRefused(page, { why: "　" }, "不认可，记下原因");
    },
    refused: true,
  },
  { name: "today-with-signatures", as: "shuji", path: V },
  {
    name: "notice-poll",
    as: "jianhui",
    path: `${V}/notices/{sent}`,
    prepare: (system) => write(system, ASKED, true),
  },
  { name: "notice-correction", as: "cunwu", path: `${V}/notices/{sent}`, prepare: correct },
];
