import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inBrowser, openDevice, photograph, signInOn, startBrowser } from "../support/browser.ts";
import { givenVillage, phoneOf } from "../support/given.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
let browser: Browser;

const open = async (login: string, javaScriptEnabled: boolean): Promise<Page> => {
  const page = await (await openDevice(browser, 390, { javaScriptEnabled })).newPage();
  await signInOn(page, system.url, login);
  return page;
};
const title = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();
const receiveWish = async (n: number) => {
  await system.text(phoneOf(n), "村口的路灯坏了三天了，晚上看不见路");
  await system.settle();
};

inBrowser("a browser", () => {
  beforeAll(async () => {
    system = await startSystem();
    await givenVillage(system.ctx, { households: 6 });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  inBrowser("without script", () => {
    let clerk: Page;
    let secretary: Page;
    beforeAll(async () => {
      [clerk, secretary] = await Promise.all([open("guojia-clerk", false), open("guojia-xxx", false)]);
    });

    test("shows a notice again with what was typed, and what is wrong beside its field", async () => {
      await clerk.goto(`${system.url}/v/guojia/notices/new`);
      await clerk.getByRole("link", { name: /空白通知/ }).click();
      await clerk.getByLabel("内容").fill("明天上午九点开村民代表会。");
      await clerk.getByRole("button", { name: "下一步：给谁" }).click();
      await clerk.getByRole("button", { name: "下一步：查对和发送" }).click();
      await clerk.getByLabel("别的时间").check();
      await clerk.getByLabel("发送时间").fill("2020-01-01T08:00");
      await clerk.getByRole("button", { name: /提交审批/ }).click();
      const wrong = clerk.getByLabel("发送时间");
      expect(await wrong.inputValue()).toBe("2020-01-01T08:00");
      expect(await wrong.getAttribute("aria-invalid")).toBe("true");
      const words = await clerk.locator(`#${await wrong.getAttribute("aria-describedby")}`).textContent();
      expect(words).toContain("已经过了");
      await photograph(clerk, "without-script-refused");
      await clerk
        .getByRole("alert")
        .getByRole("link", { name: /已经过了/ })
        .click();
      expect(new URL(clerk.url()).hash).toBe("#f-sendAt");
    });

    test("writes a notice, approves it, and finds it delivered on the next visit", async () => {
      await clerk.getByLabel("批准后马上发").check();
      await clerk.getByRole("button", { name: "提交审批，发给 6 户" }).click();
      await clerk.getByText("已提交，等别人审批").waitFor();
      await secretary.goto(system.url);
      await secretary.getByRole("link", { name: /明天上午九点/ }).click();
      await secretary.getByRole("button", { name: "批准，发给 6 户" }).click();
      await secretary.getByText("已批准").first().waitFor();
      await system.settle();
      await secretary.goto(secretary.url());
      expect(await title(secretary)).toMatch(/^已送达\s6\s户$/);
    });

    test("answers a case, and a refused answer keeps its words", async () => {
      await receiveWish(3);
      await secretary.goto(`${system.url}/v/guojia/cases`);
      await secretary.getByRole("link", { name: /路灯坏了/ }).click();
      await secretary.getByRole("radio", { name: "列入计划" }).check();
      await secretary.getByLabel("怎么说").fill("电工已经看过，要换灯头。");
      await secretary.locator("#answer button").click();
      await secretary.getByRole("alert").getByText("列入计划要写明哪天前办好").waitFor();
      expect(await secretary.getByLabel("怎么说").inputValue()).toBe("电工已经看过，要换灯头。");
      expect(await secretary.getByRole("radio", { name: "列入计划" }).isChecked()).toBe(true);
      await secretary.getByLabel("计划哪天前办好").fill("2099-12-31");
      await secretary.locator("#answer button").click();
      await secretary.getByText("答复已发出，等村民评价").waitFor();
      expect(await secretary.locator("#answer").count()).toBe(0);
    });
  });

  inBrowser("with nothing but a keyboard", () => {
    /** Presses Tab until what is wanted has the focus; how often, and whether one can always see where one is. */
    async function tabTo(page: Page, wanted: string): Promise<number> {
      for (let presses = 1; presses <= 40; presses++) {
        await page.keyboard.press("Tab");
        const [there, visible] = await page.evaluate<[boolean, boolean]>(`(() => {
          const one = document.activeElement;
          const ring = getComputedStyle(one);
          const { bottom, top } = one.getBoundingClientRect();
          const bar = document.querySelector(".tabs")?.getBoundingClientRect().top ?? innerHeight;
          const seen = one.closest(".tabs") || (top >= 0 && top < bar);
          return [one.matches(${JSON.stringify(wanted)}), ring.outlineStyle !== "none" && bottom > 0 && Boolean(seen)];
        })()`);
        expect([wanted, presses, visible]).toEqual([wanted, presses, true]);
        if (there) return presses;
      }
      throw new Error(`Tab never reaches ${wanted}`);
    }

    test("one jumps over the menu, writes a notice and hands it in", async () => {
      const page = await open("guojia-clerk", true);
      await page.goto(`${system.url}/v/guojia/notices/new`);
      expect(await tabTo(page, ".skip")).toBe(1);
      await photograph(page, "keyboard-skip");
      await page.keyboard.press("Enter");
      expect(await tabTo(page, ".begin a")).toBe(1);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/write/);
      await tabTo(page, "[name=body]");
      await page.keyboard.type("后天停水，请提前接好。");
      for (const step of ["who", "check", "submit"]) {
        await tabTo(page, `button.main[value=${step}]`);
        await page.keyboard.press("Enter");
        await page.waitForURL(step === "submit" ? /done=submitted/ : new RegExp(`/${step}`));
      }
      await page.getByText("已提交，等别人审批").waitFor();
    });

    test("one answers a case; what is wrong has the focus and leads to its field", async () => {
      const page = await open("guojia-xxx", true);
      await receiveWish(4);
      await page.goto(`${system.url}/v/guojia/cases`);
      await tabTo(page, "main a.card");
      await page.keyboard.press("Enter");
      await page.getByText("还在等").first().waitFor();
      await tabTo(page, ".dock");
      await page.keyboard.press("Enter");
      expect(await tabTo(page, "[name=resultKind]")).toBe(1);
      await page.keyboard.press("Space");
      await tabTo(page, "[name=text]");
      await page.keyboard.type("已办结");
      await tabTo(page, "#answer button");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      expect(await page.evaluate("document.activeElement.className")).toBe("summary");
      await tabTo(page, ".summary a");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.name")).toBe("text");
      await page.keyboard.press("End");
      await page.keyboard.type("，电工换了新灯头，晚上亮了。");
      await tabTo(page, "#answer button");
      await page.keyboard.press("Enter");
      await page.getByText("答复已发出，等村民评价").waitFor();
    });
  });
});
