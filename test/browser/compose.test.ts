import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inBrowser, listenFor, openDevice, startBrowser } from "../support/browser.ts";
import { StoppedClock } from "../support/clock.ts";
import { givenVillage, PASSWORD } from "../support/given.ts";
import { isTooWide } from "../support/page-checks.ts";
import { type System, startSystem } from "../support/system.ts";

const BODY = "周五晚七点在文化大院放电影。";

let system: System;
let browser: Browser;

/** Somebody at a phone, of whom every touch is counted; typing is not. */
async function sit(login: string, javaScriptEnabled: boolean) {
  const page = await (await openDevice(browser, 390, { javaScriptEnabled })).newPage();
  const complaints = listenFor(page);
  let taps = 0;
  const tap = async (what: Locator) => {
    taps++;
    await what.click();
    await page.waitForLoadState();
  };
  const button = (name: string | RegExp) => tap(page.getByRole("button", { name }));
  const link = (name: string | RegExp) => tap(page.getByRole("link", { name }).first());
  await page.goto(`${system.url}/sign-in`);
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await button("登录");
  return { page, complaints, tap, button, link, taps: () => taps };
}
const see = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor();

inBrowser("writing a notice", () => {
  beforeAll(async () => {
    system = await startSystem({ clock: new StoppedClock("2026-10-09T10:00:00+08:00") });
    await givenVillage(system.ctx, { households: 6 });
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  describe.each([true, false])("with script: %s", (script) => {
    const body = `${BODY}${script ? "请带板凳。" : "请带扇子。"}`;

    test("takes no more than eight taps from the page of the day to a notice that is signed and waits for its hour", async () => {
      const clerk = await sit("guojia-clerk", script);
      await clerk.link("写通知");
      await clerk.link(/空白通知/);
      await clerk.page.getByLabel("内容").fill(body);
      await clerk.button("下一步：给谁");
      await see(clerk.page, "发给 6 户");
      await clerk.button("下一步：查对和发送");
      await see(clerk.page, "由书记刘建国批准");
      await clerk.tap(clerk.page.getByLabel("今晚 19:00"));
      await clerk.button("提交审批，发给 6 户");
      await see(clerk.page, "已提交，等别人审批");
      expect(clerk.taps()).toBe(7);

      const secretary = await sit("guojia-xxx", script);
      await secretary.link(new RegExp(body.slice(0, 12)));
      await secretary.button(/^批准/);
      await see(secretary.page, "已批准");
      expect(secretary.taps()).toBe(3);
      expect(clerk.taps() - 1 + (secretary.taps() - 1)).toBeLessThanOrEqual(8);
      const { rows } = await system.ctx.pools.system.query("select state, send_at from broadcasts where body = $1", [
        body,
      ]);
      expect(rows).toEqual([{ state: "scheduled", send_at: new Date("2026-10-09T19:00:00+08:00") }]);
      expect([...clerk.complaints, ...secretary.complaints]).toEqual([]);
    });

    test("can be left and come back to, and the way back has what was typed", async () => {
      const { page, link, button, complaints } = await sit("guojia-clerk", script);
      await link("写通知");
      await link(/请村民表态/);
      const question = `${body}要不要改到周六？`;
      await page.getByLabel("内容").fill(question);
      await page.getByLabel("选项").fill("改\n不改");
      await button("下一步：给谁");
      await see(page, "有多少户收到");
      await page.goBack();
      expect(await page.getByLabel("内容").inputValue()).toBe(question);
      expect(await page.getByLabel("选项").inputValue()).toBe("改\n不改");
      await page.goto(`${system.url}/v/guojia/notices/new`);
      await link(new RegExp(body.slice(0, 12)));
      await see(page, "回数字：1改 2不改");
      expect(await page.getByLabel("内容").inputValue()).toBe(question);
      expect(complaints).toEqual([]);
    });
  });

  test("keeps a field when it is left, and shows what must not leave while one types", async () => {
    const { page, link, complaints } = await sit("guojia-clerk", true);
    await link("写通知");
    await link(/空白通知/);
    const typed = "领补贴的打13812345678找王大爷。";
    await page.getByLabel("内容").pressSequentially(typed);
    await page.locator(".findings .state.late").first().waitFor();
    await page.keyboard.press("Tab");
    await see(page, /已存好/);
    await page.getByRole("link", { name: "今天", exact: true }).click();
    await page.goto(`${system.url}/v/guojia/notices/new`);
    await link(/领补贴的打/);
    expect(await page.getByLabel("内容").inputValue()).toBe(typed);
    expect(complaints).toEqual([]);
  });

  test("works with nothing but a keyboard, on a desk's screen enlarged to 200 %", async () => {
    const device = await openDevice(browser, 1280, { viewport: { width: 640, height: 450 } });
    const page = await device.newPage();
    const tabTo = async (wanted: string) => {
      for (let presses = 1; presses <= 60; presses++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(wanted)})`)) return;
      }
      throw new Error(`Tab never reaches ${wanted}`);
    };
    const enter = (leadsTo: RegExp) => Promise.all([page.waitForURL(leadsTo), page.keyboard.press("Enter")]);
    await page.goto(`${system.url}/sign-in`);
    await page.getByLabel("登录名").fill("guojia-clerk");
    await page.getByLabel("密码").fill(PASSWORD);
    await enter(/guojia$/);
    await tabTo('a[href$="/notices/new"]');
    await enter(/new$/);
    await tabTo(".begin a");
    await enter(/write/);
    await tabTo("[name=body]");
    await page.keyboard.type("后天停水，请提前接好。");
    expect(await isTooWide(page)).toBe(false);
    await tabTo("button.main");
    await enter(/who$/);
    expect(await isTooWide(page)).toBe(false);
    await tabTo("[name=to]");
    await page.keyboard.press("ArrowDown");
    await tabTo("[name=households]");
    await page.keyboard.type("1，2，77");
    await tabTo("button.main");
    await page.keyboard.press("Enter");
    // What is wrong has the focus, and leads to its field, with what was typed.
    await page.getByRole("alert").waitFor();
    expect(await page.evaluate("document.activeElement.className")).toBe("summary");
    await tabTo(".summary a");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.value")).toBe("1，2，77");
    await page.keyboard.press("End");
    for (const _ of "，77") await page.keyboard.press("Backspace");
    await tabTo("button.main");
    await enter(/check$/);
    expect(await isTooWide(page)).toBe(false);
    await tabTo("button.main");
    await page.keyboard.press("Enter");
    await see(page, "已提交，等别人审批");
    await device.close();
  });
});
