import { Pool } from "undici";
import { approveBroadcast } from "../../src/broadcast/approve-broadcast.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/launch-broadcast.ts";
import { readConfig } from "../../src/config.ts";
import { type Context, createContext } from "../../src/context.ts";
import { createLog } from "../../src/log.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";
import { BENCH_KEY, startGround, startHelper } from "./ground.ts";
import type { Row } from "./harness.ts";

const TEXTS = 5000;
const AT_ONCE = 64;
const ACCOUNT = `AC${"0".repeat(32)}`;
const BODY = "周五晚七点在文化大院放电影，请互相转告。";

/** A broadcast, from the first claim to the last recorded result, against a loop that only posts the same forms. */
export const sendingRow: Row = {
  name: `sending a broadcast of ${TEXTS}`,
  unit: "texts/s",
  reference: "bare undici loop, same forms",
  rounds: 5,
  async prepare() {
    const ground = await startGround();
    const carrier = await startHelper("carrier-server.ts");
    const ctx = await createContext({
      config: readConfig({
        DATABASE_URL: ground.url,
        DATA_KEY: BENCH_KEY.toString("base64"),
        SEND_RATE: "100000",
        SEND_CONCURRENCY: String(AT_ONCE),
      }),
      secrets: { dataKey: BENCH_KEY, sessionKey: BENCH_KEY, accountSid: ACCOUNT, authToken: "bench" },
      access: ground.access,
      addresses: { publicBaseUrl: "http://127.0.0.1:1", carrierBaseUrl: carrier.url },
      log: createLog("warn"),
    });
    await ctx.bells.start();
    const cast = await givenVillage(ctx, { households: TEXTS });
    const pool = new Pool(carrier.url, { connections: AT_ONCE, pipelining: 1 });
    return {
      ours: () => sendBroadcast(ctx, cast),
      bare: () => postForms(pool),
      async done() {
        await ctx.dispatcher.stop();
        await ctx.close();
        await pool.close();
        carrier.stop();
        await ground.leave();
      },
    };
  },
};

async function sendBroadcast(ctx: Context, cast: Cast): Promise<number> {
  const id = expectOk(
    await inWork(ctx.work, cast.clerk, (work) =>
      draftBroadcast(work, cast.village, { column: "村务公开", body: BODY }, true),
    ),
  );
  expectOk(await inWork({ ...ctx.work, bells: SILENT }, cast.secretary, (work) => approveBroadcast(work, id)));
  await inSystemWork({ ...ctx.work, bells: SILENT }, (work) => launchBroadcast(work, id));
  const started = performance.now();
  await ctx.dispatcher.dispatch(ctx.channelId, new AbortController().signal);
  const seconds = (performance.now() - started) / 1000;
  const { rows } = await ctx.pools.system.query(
    "select count(*)::int as n from messages where broadcast_id = $1 and state = 'accepted'",
    [id],
  );
  if (rows[0].n !== TEXTS) throw new Error(`${rows[0].n} of ${TEXTS} were sent`);
  return TEXTS / seconds;
}
const SILENT = { ring: async () => undefined };

async function postForms(pool: Pool): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let i = next++; i < TEXTS; i = next++) {
        const { statusCode, body } = await pool.request({
          method: "POST",
          path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
          headers: { "content-type": "application/x-www-form-urlencoded", authorization: "Basic YmVuY2g6YmVuY2g=" },
          body:
            `To=${encodeURIComponent(phoneOf(i))}&From=%2B8610690000&Body=${encodeURIComponent(`【郭家村村委会】${BODY}`)}` +
            `&ValidityPeriod=14400&StatusCallback=${encodeURIComponent(`http://127.0.0.1:1/hooks/twilio/status?a=${i}#rc=5&rp=all`)}`,
        });
        await body.text();
        if (statusCode !== 201) throw new Error(`status ${statusCode}`);
      }
    }),
  );
  return TEXTS / ((performance.now() - started) / 1000);
}
