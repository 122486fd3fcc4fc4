import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedDemo } from "../../src/demo/seed-demo.ts";
import { inBrowser, photograph, startBrowser, WIDTHS } from "../support/browser.ts";
import { StoppedClock } from "../support/clock.ts";
import { type Desk, openDesks } from "../support/desks.ts";
import { LOOKS, type Look } from "../support/looks.ts";
import { findSmallTargets, findUnreachable, findViolations, isTooWide } from "../support/page-checks.ts";
import { type System, startSystem } from "../support/system.ts";

const [PHONE, DESK] = WIDTHS;
/** Bytes over the line of a page with its style and script, when nothing is cached. */
const HEAVIEST = 100_000;
/** Pictures of all pages take as long as all checks; they are for eyes, when somebody works on how pages look. */
const PICTURES = process.env.PICTURES === "1";

let system: System;
let browser: Browser;
/** As the first start prints them. */
let passwords: Map<string, string>;
const weights = new Map<string, number>();

async function goTo({ page, complaints }: Desk, look: Look): Promise<void> {
  await look.prepare?.(system);
  const answer = await page.goto(system.url + (await fillIn(look.path)));
  expect(answer?.status()).toBe(look.status ?? 200);
  // The browser itself notes that the page it was asked for is not there.
  if (look.status) expect(complaints.splice(0)).toHaveLength(1);
  await look.act?.(page);
  if (look.refused) expect(complaints.splice(0)).toHaveLength(1);
}

async function fillIn(path: string): Promise<string> {
  const state = /\{(\w+)\}/.exec(path)?.[1];
  if (!state) return path;
  const table = path.includes("/notices/") ? "broadcasts" : "suggestions";
  const sealed = table === "broadcasts" ? "" : `and ${path.includes("/sealed/") ? "" : "not "}sealed`;
  const newest = `select id from ${table} where state = $1 ${sealed} order by id desc limit 1`;
  const { rows } = await system.ctx.pools.system.query<{ id: string }>(newest, [state]);
  return path.replace(`{${state}}`, rows[0]?.id ?? "none");
}

inBrowser("every page", () => {
  beforeAll(async () => {
    // A Friday morning; the demo's five weeks lie before it.
    system = await startSystem({ clock: new StoppedClock("2026-11-20T10:00:00+08:00") });
    const told = (await seedDemo(system.ctx)) ?? "";
    const signIns = told.matchAll(/(\w+)\s+(\w{4}-\w{4}-\w{4})/g);
    passwords = new Map([...signIns].map(([, login = "", password = ""]) => [login, password]));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    const heaviest = [...weights].sort(([, a], [, b]) => b - a).slice(0, 5);
    const said = heaviest.map(([page, bytes]) => `${page} ${Math.round(bytes / 1000)} kB`);
    console.info(`the heaviest pages with their style and script: ${said.join(", ")}`);
  });

  describe("on a phone, by night, and at the desk", () => {
    const sit = openDesks(() => ({ browser, url: system.url, passwords }), PHONE);
    test.each(LOOKS)("$name", async (look) => {
      const desk = await sit(look.as);
      const { page, complaints, weight } = desk;
      await goTo(desk, look);
      if (PICTURES) await photograph(page, `page-${look.name}`);
      expect.soft(await findViolations(page)).toEqual([]);
      expect.soft(await findSmallTargets(page)).toEqual([]);
      expect.soft(await findUnreachable(page)).toEqual([]);
      // As it comes, with the switch 大字, and with letters of twice the size: where there is least room for them.
      for (const size of ["", "22px", "36px"]) expect.soft([size, await isTooWide(page, size)]).toEqual([size, false]);
      if (look.dark) await lookByNight(desk, look);
      await page.setViewportSize({ width: DESK, height: 900 });
      if (PICTURES) await photograph(page, `page-${look.name}`);
      expect.soft(await findSmallTargets(page)).toEqual([]);
      expect.soft(await isTooWide(page)).toBe(false);
      await page.setViewportSize({ width: PHONE, height: 844 });
      if (!look.act) {
        weights.set(look.name, weight.bytes());
        expect.soft(weights.get(look.name)).toBeLessThan(HEAVIEST);
      }
      expect.soft(complaints).toEqual([]);
    });

    // A short list and a month's accounts: no sheet for the bar of tabs, none for the signatures alone.
    test.each(["sheet-print", "disclosure-year"])("%s comes on one sheet of paper", async (name) => {
      const look = LOOKS.find((one) => one.name === name);
      const desk = await sit(look?.as ?? null);
      await goTo(desk, look as Look);
      const pdf = await desk.page.pdf({ preferCSSPageSize: true });
      expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(1);
      expect(await desk.page.getByRole("button", { name: "打印" }).isVisible()).toBe(true);
    });
  });
});

async function lookByNight({ page }: Desk, look: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  if (PICTURES) await photograph(page, `dark-${look.name}`);
  expect.soft(await findViolations(page, "color-contrast")).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
}
