import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { listenFor, openDevice, signInOn, type Width } from "./browser.ts";
import { weigh } from "./page-checks.ts";

/** Where one person sits: a device that stays signed in, with an ear on what its browser complains about. */
export type Desk = { page: Page; complaints: string[]; weight: ReturnType<typeof weigh> };

type House = { browser: Browser; url: string; passwords: ReadonlyMap<string, string> };

/** A desk for everybody by login, set up when he first sits down; nobody signs in for null. */
export function openDesks(house: () => House, width: Width, options: BrowserContextOptions = {}) {
  const desks = new Map<string | null, Desk>();
  return async (login: string | null): Promise<Desk> => {
    const { browser, url, passwords } = house();
    const desk = desks.get(login) ?? (await setUp(browser));
    if (!desks.has(login) && login) await signInOn(desk.page, url, login, passwords.get(login));
    desks.set(login, desk);
    desk.complaints.length = 0;
    desk.weight.reset();
    return desk;
  };

  async function setUp(browser: Browser): Promise<Desk> {
    const page = await (await openDevice(browser, width, options)).newPage();
    return { page, complaints: listenFor(page), weight: weigh(page) };
  }
}
