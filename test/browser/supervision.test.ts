import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SuggestionId } from "../../src/lib/ids.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import { climbLadder } from "../../src/suggestion/climb-ladder.ts";
import { inBrowser, openDevice, signInOn, startBrowser } from "../support/browser.ts";
import { StoppedClock } from "../support/clock.ts";
import { givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
let browser: Browser;
const clock = new StoppedClock();

inBrowser("a case that nobody answers", () => {
  beforeAll(async () => {
    system = await startSystem({ clock });
    browser = await startBrowser();
    const cast = await givenVillage(system.ctx, { households: 2, township: "town" });
    await givenSupervisor(system.ctx, cast);
    await system.text(phoneOf(1), "村西头的下水道堵了，一下雨就漫到路上，孩子上学都得绕着走");
    await system.settle();
    clock.set("2026-10-20T10:00:00+08:00");
    const { id } = await system.ctx.db.system.selectFrom("suggestions").select("id").executeTakeFirstOrThrow();
    await inSystemWork(system.ctx.work, (work) => climbLadder(work, id as SuggestionId));
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  test("is on the township's list with its own clock, and prints as a 督办单 on one sheet of A4", async () => {
    const device = await openDevice(browser, 1280);
    const page = await device.newPage();
    await signInOn(page, system.url, "dudao");
    await page.goto(`${system.url}/supervisions`);
    expect(await page.locator("h1").innerText()).toMatch(/^督办\s1\s件，都还没到期$/);
    expect(await page.getByRole("article").innerText()).toMatch(/还剩 5\s个工作日/);
    await page.getByRole("link", { name: "看督办单，打印" }).click();
    const sheet = await page.locator(".order-sheet").innerText();
    for (const words of [
      "督〔2026〕1-1",
      "村西头的下水道堵了",
      "周四 10月15日 前答复",
      "请查明没有按期答复的原因，10月27日前办理并答复村民，结果报乡镇。",
      "村书记签收",
    ]) {
      expect(sheet).toContain(words);
    }
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const output = resolve(import.meta.dirname, "../output");
    mkdirSync(output, { recursive: true });
    writeFileSync(resolve(output, "supervision.pdf"), pdf);
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    expect(pdf.toString("latin1")).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    await device.close();
  });

  test("the township writes an order of its own, with a demand and a day", async () => {
    const device = await openDevice(browser, 390);
    const page = await device.newPage();
    await signInOn(page, system.url, "dudao");
    await page.goto(`${system.url}/v/guojia/cases`);
    await page.locator("a.card").first().click();
    await page.getByRole("link", { name: "督办单" }).click();
    await page.getByLabel("要村里做什么").fill("两天内先派人清淤，照片报镇里。");
    await page.getByLabel("哪天前回复").fill("2026-10-22");
    await page.getByRole("button", { name: "签发督办单" }).click();
    expect(await page.getByRole("status").innerText()).toContain("督办单已签发");
    expect(await page.locator(".order-sheet").innerText()).toContain("周四 10月22日 前");
    await page.goto(`${system.url}/v/guojia`);
    expect(await page.getByRole("main").innerText()).toContain("乡镇督办");
    await device.close();
  });
});
