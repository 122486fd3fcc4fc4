import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inBrowser, listenFor, openDevice, photograph, signInOn, startBrowser, WIDTHS } from "../support/browser.ts";
import { givenVillage, phoneOf } from "../support/given.ts";
import { findSmallTargets, findViolations, isTooWide } from "../support/page-checks.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
let browser: Browser;
let poll: string;

/** As if the n-th door's phone had answered. */
async function vote(n: number, option: number): Promise<void> {
  const hash = system.ctx.sealer.hashPhone(phoneOf(n) as never);
  await system.ctx.pools.system.query(
    `with text as (insert into inbound (id, carrier, carrier_message_id, from_hash, from_phone, raw, body, received_at,
                                        understood_at)
       values (uuid_v7(), 'simulator', $1, $2, '', '', '1', now(), now()) returning id)
     insert into poll_votes select b.id, $2, b.village_id, $3, t.id, now() from broadcasts b, text t where b.id = $4`,
    [`vote${n}`, hash, option, poll],
  );
}

inBrowser("what villagers said", () => {
  beforeAll(async () => {
    system = await startSystem();
    await givenVillage(system.ctx, { households: 8 });
    const [clerk, secretary] = [
      await system.api("clerk", { village: "guojia" }),
      await system.api("secretary", { village: "guojia" }),
    ];
    const options = ["同意，铺青砖", "同意，铺红砖", "先不铺"];
    const made = await clerk.post<{ id: string }>("/villages/guojia/broadcasts", {
      column: "村务公开",
      body: "小广场铺砖，一户出工一天，您家的意见？",
      kind: "poll",
      options,
    });
    poll = made.body.id;
    await secretary.post(`/broadcasts/${poll}/approval`);
    await system.settle();
    for (const [i, option] of [1, 1, 2, 1, 3].entries()) await vote(i + 1, option);
    await system.ctx.pools.system.query("update phones set problem = 'wrong_person' where hash = $1", [
      system.ctx.sealer.hashPhone(phoneOf(3) as never),
    ]);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  test.each(WIDTHS)("stands on pages that everybody can use at %i px", async (width) => {
    const device = await openDevice(browser, width);
    const page = await device.newPage();
    await signInOn(page, system.url, "guojia-clerk");
    const complaints = listenFor(page);
    for (const [name, path] of [
      ["poll", `notices/${poll}`],
      ["wrong-person", "people"],
    ]) {
      await page.goto(`${system.url}/v/guojia/${path}`);
      await photograph(page, `said-${name}`);
      expect.soft(await findViolations(page)).toEqual([]);
      expect.soft(await findSmallTargets(page)).toEqual([]);
      for (const size of ["", "22px", "36px"]) expect.soft([size, await isTooWide(page, size)]).toEqual([size, false]);
    }
    expect.soft(complaints).toEqual([]);
    await page.getByText("5 部手机表了态").count();
    await device.close();
  });

  test("come in while one looks at them", async () => {
    const device = await openDevice(browser, 390);
    const page = await device.newPage();
    await page.clock.install();
    await signInOn(page, system.url, "guojia-clerk");
    await page.goto(`${system.url}/v/guojia/notices/${poll}`);
    await page.getByRole("heading", { name: "5 部手机表了态" }).waitFor();
    await vote(6, 1);
    await page.clock.runFor(6_000);
    await page.getByRole("heading", { name: "6 部手机表了态" }).waitFor({ timeout: 5_000 });
    await device.close();
  });
});
