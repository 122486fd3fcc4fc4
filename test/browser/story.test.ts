import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOUR } from "../../src/lib/clock.ts";
import { OPERATOR } from "../../src/lib/roles.ts";
import { inWork } from "../../src/queue/work.ts";
import { findVillage } from "../../src/village/village.queries.ts";
import { inBrowser, listenFor, openDevice, photograph, signInOn, startBrowser, WIDTHS } from "../support/browser.ts";
import { StoppedClock } from "../support/clock.ts";
import { givenStaff, phoneOf } from "../support/given.ts";
import { type System, startSystem } from "../support/system.ts";

const NOTICE = "周五晚七点在文化大院放电影，请互相转告。";
const WISH = "我们中老年人闲暇时间很多但是村里缺少活动场所能不能修个小广场";
const VILLAGER = phoneOf(17);

/**
 * The founding story (淄博日报 2014, 郭家村) as three people live it: the clerk and the secretary each at a device, the
 * villager with a phone that can do nothing but text.
 */
inBrowser.each(WIDTHS)("the founding story at %i px", (width) => {
  const clock = new StoppedClock("2026-10-09T09:00:00+08:00");
  let system: System;
  let browser: Browser;
  let clerk: Page;
  let secretary: Page;
  let phone: Page;
  const complaints: string[][] = [];

  const open = async (login?: string): Promise<Page> => {
    const page = await (await openDevice(browser, width)).newPage();
    complaints.push(listenFor(page));
    if (login) await signInOn(page, system.url, login);
    return page;
  };
  const see = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor();
  const station = (page: Page, name: string) => photograph(page, `story-${name}`);
  /** What the villager types on his phone, and the village's time goes on. */
  const text = async (words: string) => {
    await phone.getByLabel("用这部手机写短信").fill(words);
    // Its bubble alone does not say that it has left: "1" stands in earlier ones.
    const mine = phone.locator(".mine", { hasText: words });
    const before = await mine.count();
    await phone.getByRole("button", { name: "发短信" }).click();
    await mine.nth(before).waitFor();
    await system.settle();
    clock.advance(HOUR);
  };

  beforeAll(async () => {
    // Slow enough to watch: 36 doors take two or three seconds.
    system = await startSystem({ clock, env: { SEND_RATE: "15" } });
    const platform = await system.api("platform");
    await platform.post("/villages", { code: "guojia", name: "郭家村", signature: "郭家村村委会" });
    const rows = Array.from({ length: 36 }, (_, i) => `${i + 1},村民${i + 1},${phoneOf(i + 1)},${1 + (i % 3)}号网格`);
    const keeper = await system.api("clerk", { village: "guojia" });
    await keeper.post("/villages/guojia/roster", `户号,姓名,手机号,网格\n${rows.join("\n")}\n37,没手机,,3号网格\n`, {
      "content-type": "text/csv",
    });
    const village = await inWork(system.ctx.work, OPERATOR, (work) => findVillage(work.tx, "guojia"));
    if (!village) throw new Error("the village was not made");
    await givenStaff(system.ctx, village.id, "clerk", "cunwu", "赵晓梅");
    await givenStaff(system.ctx, village.id, "secretary", "shuji", "刘建国");
    browser = await startBrowser();
    [clerk, secretary, phone] = await Promise.all([open("cunwu"), open("shuji"), open()]);
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  test("the clerk writes a notice, sees what it will be, and hands it in", async () => {
    await see(clerk, "村里今天没有要答复的");
    await station(clerk, "01-today");
    await clerk.getByRole("link", { name: "通知", exact: true }).click();
    await see(clerk, "还没有通知");
    await clerk.getByRole("link", { name: "写一条通知" }).click();
    await clerk.getByRole("link", { name: /空白通知/ }).click();
    await clerk.getByLabel("栏目").selectOption("村务公开");
    await clerk.getByLabel("内容").pressSequentially(NOTICE);
    await clerk.locator("#estimate .bubble", { hasText: `【郭家村村委会】${NOTICE}` }).waitFor();
    await see(clerk, `连签名 ${8 + NOTICE.length} 个字`);
    await clerk.getByLabel("内容").pressSequentially("来的人请带小板凳。".repeat(6));
    await clerk.locator("#estimate .cut").waitFor();
    await see(clerk, /再减 \d+ 个字/);
    await station(clerk, "02-compose-long");
    await clerk.getByLabel("内容").fill(NOTICE);
    await clerk.locator("#estimate .cut").waitFor({ state: "detached" });
    await see(clerk, "36 户");
    await station(clerk, "03-compose");
    await clerk.getByRole("button", { name: "下一步：给谁" }).click();
    await see(clerk, "发给 36 户");
    await station(clerk, "03-who");
    await clerk.getByRole("button", { name: "下一步：查对和发送" }).click();
    await see(clerk, "查对一遍");
    await station(clerk, "03-check");
    await clerk.getByRole("button", { name: "提交审批，发给 36 户" }).click();
    await see(clerk, "已提交，等别人审批");
    await station(clerk, "04-handed-in");
    expect(await clerk.getByRole("button", { name: /批准/ }).count()).toBe(0);
  });

  test("the secretary finds it under 今天 and approves; the page counts by itself until everybody has it", async () => {
    await secretary.reload();
    await see(secretary, "等您审批的通知");
    await station(secretary, "05-to-approve");
    await secretary.getByRole("link", { name: /周五晚七点/ }).click();
    await see(secretary, "发出的短信收不回来");
    await station(secretary, "06-approve");
    await secretary.getByRole("button", { name: "批准，发给 36 户" }).click();
    const title = secretary.getByRole("heading", { level: 1 });
    await secretary.evaluate("document.documentElement.dataset.never = 'reloaded'");
    await title.filter({ hasText: /已送达\s\d+\s户.*(还没发|在路上)/ }).waitFor();
    await secretary.locator("#live .bar").waitFor();
    await station(secretary, "07-under-way");
    await title.filter({ hasText: /^已送达\s36\s户$/ }).waitFor();
    await secretary.locator(".state", { hasText: "已发完" }).waitFor();
    expect(await secretary.locator("html").getAttribute("data-never")).toBe("reloaded");
    expect(await secretary.locator(".door.delivered").count()).toBe(36 + 1); // and one in the legend
    expect(await secretary.getByRole("button", { name: "先停一停" }).count()).toBe(0);
    await station(secretary, "08-delivered");
  });

  test("a villager reads it on his phone and writes his own words", async () => {
    await phone.goto(`${system.url}/simulator?phone=${encodeURIComponent(VILLAGER)}`);
    await see(phone, `【郭家村村委会】${NOTICE}`);
    clock.advance(HOUR);
    await text(WISH);
    await see(phone, "【郭家村村委会】已收到，编号1。刘建国书记负责，10月15日前答复您。");
    await station(phone, "09-phone");
  });

  test("the secretary accepts it and plans it with a date; the phone shows the answer", async () => {
    await secretary.getByRole("link", { name: "今天", exact: true }).click();
    await see(secretary, "新到的，还没受理");
    await station(secretary, "10-new-case");
    await secretary.getByRole("link", { name: /能不能修个小广场/ }).click();
    await see(secretary, "村民17还在等");
    await station(secretary, "11-case");
    await secretary.getByRole("button", { name: /受理/ }).first().click();
    await see(secretary, "已受理");
    expect(await secretary.getByLabel("计划哪天前办好").isVisible()).toBe(false);
    await secretary.getByRole("radio", { name: "列入计划" }).check();
    await secretary.getByLabel("计划哪天前办好").fill("2026-12-31");
    await secretary.getByLabel("怎么说").pressSequentially("两委会同意在村东头修个小广场。");
    await secretary.locator("#answer-preview .bubble", { hasText: "编号1）答复：两委会同意" }).waitFor();
    await station(secretary, "12-answering");
    await secretary.locator("#answer").getByRole("button", { name: "答复村民17" }).click();
    await see(secretary, "答复已发出，等村民评价");
    await system.settle();
    await see(phone, "两委会同意在村东头修个小广场。计划12月31日前办好。您看行吗？");
    await station(phone, "13-phone-answered");
    clock.advance(HOUR);
  });

  test("“4” brings it back", async () => {
    await text("4");
    await see(phone, "编号1您说没办好，已重新办理。");
    await secretary.getByRole("link", { name: "意见", exact: true }).click();
    await see(secretary, "重新办理");
    await station(secretary, "14-ledger");
    await secretary.getByRole("link", { name: /能不能修个小广场/ }).click();
    await see(secretary, "村民说没办好 1 次");
    await station(secretary, "15-reopened");
  });

  test("answered again, “1” closes it, and the page tells every step", async () => {
    await secretary.getByRole("radio", { name: "已解决" }).check();
    await secretary.getByLabel("怎么说").fill("小广场今天修好了，晚上亮灯，欢迎来跳舞。");
    await secretary.locator("#answer").getByRole("button", { name: "答复村民17" }).click();
    await see(secretary, "答复已发出，等村民评价");
    await system.settle();
    await see(phone, "小广场今天修好了");
    clock.advance(HOUR);
    await text("1");
    await secretary.reload();
    await see(secretary, "已办结，村民17评价“满意”");
    const steps = await secretary.locator(".timeline > li").allInnerTexts();
    const told = ["来信", "自动回执", "受理", "答复", "评价", "重办", "答复", "评价", "办结"];
    expect(steps.map((step, i) => [step.includes(told[i] ?? ""), told[i]])).toEqual(told.map((word) => [true, word]));
    expect(await secretary.getByRole("button", { name: /答复/ }).count()).toBe(0);
    await station(secretary, "16-closed");
    await station(phone, "17-phone-at-the-end");
  });

  test("and no browser had anything to complain about", () => {
    expect(complaints.flat()).toEqual([]);
  });
});
