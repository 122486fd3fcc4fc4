import { createServer } from "node:http";
import type { Page } from "playwright-core";
import { openDevice, signInOn, startBrowser } from "../support/browser.ts";
import { demoPages, startDemo } from "./demo-server.ts";
import { startGround } from "./ground.ts";
import { type Row, Skipped } from "./harness.ts";

/** Chrome's own "Slow 4G", and a processor four times slower than this one: a 200-dollar phone in a valley. */
const LINE = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};
const SLOWER = 4;
const READY_MS = 1000;

/** The slowest of the pages that people open most, nothing cached, until it can be used. */
export const phoneRow: Row = {
  name: "the slowest page, ready on a slow phone",
  unit: "ms",
  references: [{ name: "the same HTML as a bare file, no style and no script", target: { atMost: 3 } }],
  async prepare() {
    const ground = await startGround();
    const demo = await startDemo(ground);
    const browser = await startBrowser().catch(() => {
      throw new Skipped("there is no Chromium");
    });
    const device = await openDevice(browser, 390);
    const page = await device.newPage();
    await signInOn(page, demo.url, "shuji", demo.passwords.get("shuji"));
    await slowDown(page);
    const paths = await demoPages(ground);
    const bodies = new Map<string, string>();
    for (const path of paths) bodies.set(path, (await (await page.goto(demo.url + path))?.text()) ?? "");
    const bare = createServer((request, response) => {
      const html = bodies.get(request.url ?? "")?.replace(/<(script|link)[^>]*>(<\/script>)?/g, "") ?? "";
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
    });
    await new Promise<void>((done) => bare.listen(0, "127.0.0.1", done));
    const address = bare.address();
    const bareUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    const times = new Map<string, number>();
    return {
      async ours() {
        for (const path of paths) times.set(path, await ready(page, demo.url + path));
        return Math.max(...times.values());
      },
      references: [
        async () => {
          const all = [];
          for (const path of paths) all.push(await ready(page, bareUrl + path));
          return Math.max(...all);
        },
      ],
      notes: async (ours) => [
        `150 ms and 1.6 Mbit/s, a processor ${SLOWER} times slower; target < ${READY_MS} ms${ours < READY_MS ? "" : ", missed"}`,
      ],
      async done() {
        await browser.close();
        bare.closeAllConnections();
        bare.close();
        await demo.close();
        await ground.leave();
      },
    };
  },
};

async function slowDown(page: Page): Promise<void> {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  await wire.send("Network.emulateNetworkConditions", LINE);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

/** Until the page is read and its script has run. */
async function ready(page: Page, url: string): Promise<number> {
  await page.goto("about:blank");
  await page.goto(url);
  return await page.evaluate<number>("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd");
}
