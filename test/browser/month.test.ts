import iconv from "iconv-lite";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "../../src/lib/roles.ts";
import {
  inBrowser,
  listenFor,
  openDevice,
  photograph,
  signInOn,
  startBrowser,
  type Width,
} from "../support/browser.ts";
import { StoppedClock } from "../support/clock.ts";
import { givenStaff, givenVillage, phoneOf } from "../support/given.ts";
import { type System, startSystem } from "../support/system.ts";

const HEADER = "户号,姓名,手机号,村民小组,网格,联户干部";
/** A text to this number is sent and never arrives (src/carrier/simulator/magic.ts). */
const SWITCHED_OFF = "19900009015";
const local = (n: number) => phoneOf(n).slice(3);
const door = (n: number, name = `村民${n}`, phone = local(n)) =>
  `${n},${name},${phone},${1 + (n % 2)}组,1号网格,王网格`;
const good = Array.from({ length: 20 }, (_, i) => door(i + 1));
const unreached = [door(21, "关机的", SWITCHED_OFF), door(22, "没手机", "")];
/** Row by row: what an office's list has wrong, and what it should say. */
const BAD: [wrong: string, mended: string][] = [
  [door(31).replace(/^31/, ""), door(31)],
  [door(32, ""), door(32)],
  [door(33, "少一位", "1380000033"), door(33, "少一位")],
  [door(34, "留座机", "0533-6550000"), door(34, "留座机")],
  [door(1, "村民1", local(35)), door(35)],
  [door(36, "=A1&B1"), door(36)],
];
const file = (rows: readonly string[]) => ({
  name: "郭家村名册.csv",
  mimeType: "text/csv",
  buffer: iconv.encode(`${[HEADER, ...rows].join("\r\n")}\r\n`, "gbk"),
});

const ENTRIES = [
  "日期\t摘要\t收入\t支出",
  "7/3\t土地流转费\t12000\t",
  "7/9\t修机井\t\t1620",
  "7/15\t路灯电费\t\t486",
].join("\n");

/**
 * A committee member's month: the office's list goes in, July's accounts are built, signed by two others, sent at seven
 * in the evening, those who did not get it are visited, the sheet hangs on the board and the calendar is green.
 */
inBrowser("a committee member's month", () => {
  const clock = new StoppedClock("2026-08-03T09:00:00+08:00");
  let system: System;
  let browser: Browser;
  let clerk: Page;
  let sheet = "";
  let notice = "";
  const complaints: string[][] = [];

  const open = async (login: string, width: Width): Promise<Page> => {
    const page = await (await openDevice(browser, width)).newPage();
    complaints.push(listenFor(page));
    await signInOn(page, system.url, login);
    return page;
  };
  const see = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor();
  const press = (page: Page, name: string | RegExp) => page.getByRole("main").getByRole("button", { name }).click();
  const station = (page: Page, name: string) => photograph(page, `month-${name}`);

  beforeAll(async () => {
    system = await startSystem({ clock });
    const { village } = await givenVillage(system.ctx, { township: "town" });
    const person = (role: Role, login: string, name: string) => givenStaff(system.ctx, village.id, role, login, name);
    await person("overseer", "jianhui", "郭长顺");
    await person("cadre", "wangge", "王网格");
    await person("secretary", "shuji", "赵书记");
    browser = await startBrowser();
    clerk = await open("guojia-clerk", 1280);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  test("the office's list goes in: good rows at once, six kinds of error mended and sent again", async () => {
    await clerk.goto(`${system.url}/v/guojia/roster`);
    await clerk.getByLabel("选一个文件").setInputFiles(file([...good, ...unreached, ...BAD.map(([wrong]) => wrong)]));
    await press(clerk, "读这份名单");
    await see(clerk, "有 6 行导不了");
    await station(clerk, "01-six-errors");
    await press(clerk, "导入这 22 人");
    await see(clerk, "有 6 行没有导");
    await clerk.goto(`${system.url}/v/guojia/roster`);
    const mended = file([...good, ...unreached, ...BAD.map(([, right]) => right)]);
    await clerk.getByLabel("选一个文件").setInputFiles(mended);
    await press(clerk, "读这份名单");
    await see(clerk, "导入这 28 人");
    expect(await clerk.locator(".tally").innerText()).toMatch(/6\s*人新添\s*0\s*人有改动\s*22\s*人不变\s*0\s*行要改/);
    await press(clerk, "导入这 28 人");
    await see(clerk, "看名册");
    await station(clerk, "02-imported");
  });

  test("July's accounts balance before they become a notice", async () => {
    await clerk.goto(`${system.url}/v/guojia/sheets`);
    await clerk.getByLabel("开一个月的账").fill("2026-07");
    await press(clerk, "开始记账");
    sheet = new URL(clerk.url()).pathname;
    await clerk.getByRole("link", { name: "从表格里贴进来" }).click();
    await clerk.getByLabel("表格").fill(ENTRIES);
    await press(clerk, "记下这些账");
    await clerk
      .getByLabel("6 月的月末结余")
      .or(clerk.getByLabel(/6月的月末结余|2026年6月的月末结余/))
      .fill("100000");
    await clerk.getByLabel(/7月的月末结余/).fill("109984");
    await press(clerk, "记下结余，对一对");
    await see(clerk, "差 90.00 元");
    await station(clerk, "03-does-not-balance");
    await clerk.getByLabel(/7月的月末结余/).fill("109894");
    await press(clerk, "记下结余，对一对");
    await see(clerk, "账平了");
    await press(clerk, "做成通知");
    await clerk.waitForURL(/\/notices\//);
    notice = /\/notices\/([0-9a-f-]{36})/.exec(clerk.url())?.[1] ?? "";
    await station(clerk, "04-notice");
  });

  test("it is set for seven in the evening and leaves only when the overseer and the secretary have signed", async () => {
    const path = `${system.url}/v/guojia/notices/${notice}`;
    await clerk.goto(`${path}/check`);
    await clerk
      .getByLabel(/今晚\s?19:00/)
      .or(clerk.getByLabel("定在这个时间发"))
      .first()
      .check();
    const at = clerk.getByLabel("发送时间");
    if (await at.isVisible()) await at.fill("2026-08-03T19:00");
    await station(clerk, "05-check");
    await press(clerk, /提交审批，发给 27 户/);
    await see(clerk, "已提交，等别人审批");
    const overseer = await open("jianhui", 390);
    await overseer.goto(path);
    await station(overseer, "06-overseer");
    await press(overseer, /签字/);
    const secretary = await open("shuji", 390);
    await secretary.goto(path);
    await press(secretary, /批准/);
    await see(secretary, "已批准，到时间自动发出");
    await station(secretary, "07-signed");
    expect((await texts()).n).toBe(0);
    clock.set("2026-08-03T19:00:30+08:00");
    await system.settle();
    await clerk.goto(path);
    await see(clerk, /已送达\s?26\s?户/);
    await station(clerk, "08-sent");
  });

  test("two did not get it: the cadre goes there and ticks them off", async () => {
    const path = `${system.url}/v/guojia/notices/${notice}`;
    await clerk.goto(`${path}/unreached`);
    await see(clerk, "关机的");
    await see(clerk, "没手机");
    await station(clerk, "09-unreached");
    for (const one of await clerk.locator("#f-causes input").all()) await one.check();
    await press(clerk, "列入入户清单");
    await clerk.goto(`${path}/visits/print`);
    await see(clerk, "联户干部：王网格");
    await station(clerk, "10-visiting-list");
    const cadre = await open("wangge", 390);
    await cadre.goto(`${path}/visits`);
    await cadre.getByRole("button", { name: "当面说了" }).first().click();
    await cadre.getByText("已经告诉的").waitFor();
    await cadre.getByRole("button", { name: "当面说了" }).first().click();
    await see(cadre, "2 户都告诉了");
    await station(cadre, "11-visited");
    await clerk.goto(path);
    await see(clerk, "2 户都告诉了");
  });

  test("the sheet hangs on the board, and July is green on the calendar and open to anybody", async () => {
    await clerk.goto(system.url + sheet);
    await clerk.getByLabel("哪天贴的").fill("2026-08-03");
    await press(clerk, "记下：已公布");
    await see(clerk, "贴到公开栏");
    await clerk.goto(`${system.url}${sheet}/print?paper=a3`);
    await station(clerk, "12-board");
    await clerk.goto(`${system.url}/v/guojia/disclosure`);
    await see(clerk, /财务收支/);
    await station(clerk, "13-calendar");
    const stranger = await (await openDevice(browser, 390)).newPage();
    await stranger.goto(`${system.url}/p/guojia`);
    await see(stranger, /7月/);
    await station(stranger, "14-public");
    expect(complaints.flat()).toEqual([]);
  });

  const texts = async () => {
    const { rows } = await system.ctx.pools.system.query<{ n: number }>(
      "select count(*)::int as n from messages where broadcast_id = $1",
      [notice],
    );
    return rows[0] ?? { n: -1 };
  };
});
