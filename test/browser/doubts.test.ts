import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inBrowser, listenFor, openDevice, photograph, signInOn, startBrowser, WIDTHS } from "../support/browser.ts";
import { forgetfulCarrier, NEWS } from "../support/forgetful-carrier.ts";
import { type Cast, givenApproved, givenVillage, phoneOf } from "../support/given.ts";
import { findSmallTargets, findViolations, isTooWide } from "../support/page-checks.ts";
import { type System, startSystem } from "../support/system.ts";

const carrier = forgetfulCarrier();
let system: System;
let browser: Browser;
let cast: Cast;

inBrowser("texts whose outcome is unknown", () => {
  beforeAll(async () => {
    const env = { RECONCILE_AFTER: "3600" };
    system = await startSystem({ env, wrapCarrier: (plain) => carrier.wrap(plain) });
    cast = await givenVillage(system.ctx, { households: 6 });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  test.each(WIDTHS)("are asked about and sent again at %i px, without script", async (width) => {
    carrier.finds.clear();
    for (const door of [1, 2, 3]) carrier.loses.add(phoneOf(door));
    const id = await givenApproved(system.ctx, cast, NEWS);
    await system.settle();
    carrier.loses.clear();
    carrier.finds.add(phoneOf(1));
    const device = await openDevice(browser, width, { javaScriptEnabled: false });
    const page = await device.newPage();
    await signInOn(page, system.url, "guojia-clerk");
    await page.goto(`${system.url}/v/guojia/notices/${id}`);
    await page.getByRole("heading", { name: "3 条结果不明" }).waitFor();
    await photograph(page, "doubts");
    await page.getByRole("button", { name: "查证" }).click();
    await page.getByText("问了 3 条，1 条查到了，2 条还查不到").waitFor();
    await page.getByText("重发这 2 条").click();
    await page.getByRole("button", { name: "重发 2 条" }).click();
    // The tick is required: the browser itself keeps the form back.
    expect(new URL(page.url()).pathname).toBe(`/v/guojia/notices/${id}`);
    await page.getByLabel("知道有的人可能收到两遍").check();
    await page.getByRole("button", { name: "重发 2 条" }).click();
    await page.getByText("已排队重发").waitFor();
    await system.settle();
    await page.goto(`${system.url}/v/guojia/notices/${id}`);
    expect(await page.getByText("结果不明", { exact: false }).count()).toBe(1); // in what happened, not any more in what is
    await device.close();
  });

  test.each(WIDTHS)("stand on a page that everybody can use at %i px", async (width) => {
    carrier.loses.add(phoneOf(4));
    const id = await givenApproved(system.ctx, cast, NEWS);
    await system.settle();
    carrier.loses.clear();
    const device = await openDevice(browser, width);
    const page = await device.newPage();
    await signInOn(page, system.url, "guojia-clerk");
    const complaints = listenFor(page);
    await page.goto(`${system.url}/v/guojia/notices/${id}`);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    await photograph(page, "doubts-open");
    expect.soft(await findViolations(page)).toEqual([]);
    expect.soft(await findSmallTargets(page)).toEqual([]);
    for (const size of ["", "22px", "36px"]) expect.soft([size, await isTooWide(page, size)]).toEqual([size, false]);
    expect.soft(complaints).toEqual([]);
    await device.close();
  });

  test.each(WIDTHS)("of one case are decided on its page at %i px, without script", async (width) => {
    const phone = phoneOf(width === 390 ? 5 : 6);
    carrier.loses.add(phone);
    await system.text(phone, "俺家门口的路灯不亮了，晚上黑得很。");
    await system.settle();
    carrier.loses.clear();
    const device = await openDevice(browser, width, { javaScriptEnabled: false });
    const page = await device.newPage();
    await signInOn(page, system.url, "guojia-clerk");
    await page.goto(`${system.url}/v/guojia/cases`);
    await page.getByText("路灯不亮").first().click();
    await page.getByRole("heading", { name: "这条短信结果不明" }).waitFor();
    await page.getByText("重发这条短信").click();
    await photograph(page, "case-doubts");
    expect.soft(await findSmallTargets(page)).toEqual([]);
    for (const size of ["", "22px", "36px"]) expect.soft([size, await isTooWide(page, size)]).toEqual([size, false]);
    await page.getByRole("button", { name: "查证" }).click();
    await page.getByText("问了 1 条，1 条还查不到").waitFor();
    await page.getByText("重发这条短信").click();
    await page.getByLabel("可能收到两遍").check();
    await page.getByRole("button", { name: "重发给" }).click();
    await page.getByText("已排队重发").waitFor();
    expect(await page.getByRole("heading", { name: "这条短信结果不明" }).count()).toBe(0);
    await photograph(page, "case-doubts-resent");
    await device.close();
  });

  test.each(WIDTHS)("of one case stand on a page that everybody can use at %i px", async (width) => {
    const phone = phoneOf(width === 390 ? 1 : 2);
    carrier.loses.add(phone);
    await system.text(phone, `村口的井盖翘起来了，请看看。${width}`);
    await system.settle();
    carrier.loses.clear();
    const device = await openDevice(browser, width);
    const page = await device.newPage();
    await signInOn(page, system.url, "guojia-clerk");
    await page.goto(`${system.url}/v/guojia/cases`);
    await page.getByText(`请看看。${width}`).first().click();
    const complaints = listenFor(page);
    await page.reload();
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    await photograph(page, "case-doubts-open");
    expect.soft(await findViolations(page)).toEqual([]);
    expect.soft(complaints).toEqual([]);
    await device.close();
  });
});
