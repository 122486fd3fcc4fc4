import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { describe } from "vitest";
import { PASSWORD } from "./given.ts";

/** A phone in a villager's hand, and the desk in the village office. */
export const WIDTHS = [390, 1280] as const;
export type Width = (typeof WIDTHS)[number];

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Nothing is downloaded for the tests: whatever Chromium the machine has. */
const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  ...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "google-chrome")),
].find((path) => path && runs(path));
if (!CHROMIUM) console.warn("skipped: suites in a browser (no chromium found; set CHROMIUM_PATH)");

/** Suites that need a browser: skipped, and said so, where there is none. */
export const inBrowser = describe.skipIf(!CHROMIUM);

export function startBrowser(): Promise<Browser> {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  const args = ["--no-sandbox", "--lang=zh-CN", ...quiet];
  return chromium.launch({ ...(CHROMIUM ? { executablePath: CHROMIUM } : {}), args });
}

/** A device of its own, with its own cookies, in the village's language and time. */
export async function openDevice(
  browser: Browser,
  width: Width,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const device = await browser.newContext({
    viewport: width < 720 ? { width, height: 844 } : { width, height: 900 },
    hasTouch: width < 720,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    ...options,
  });
  device.setDefaultTimeout(10_000);
  return device;
}

export async function signInOn(page: Page, url: string, login: string, password = PASSWORD): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"));
}

const OUTPUT = resolve(import.meta.dirname, "../output");

/** The whole page, as high as it is, so that its bar lies where it lies at the end of the page. Kept out of git. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(OUTPUT, { recursive: true });
  const size = page.viewportSize();
  if (!size) throw new Error("a page without a size");
  const height = await page.evaluate<number>("document.documentElement.scrollHeight");
  await page.setViewportSize({ ...size, height: Math.max(size.height, Math.min(height, 8000)) });
  await page.screenshot({ path: join(OUTPUT, `${name}-${size.width}.png`) });
  await page.setViewportSize(size);
}

/** What the browser itself has to complain about, from now on. */
export function listenFor(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}
