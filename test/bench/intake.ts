import { Pool } from "undici";
import { phoneOf } from "../support/given.ts";
import { signForm } from "../support/twilio.ts";
import { startGround, startHelper } from "./ground.ts";
import type { Row } from "./harness.ts";

const TEXTS = 4000;
const AT_ONCE = 64;
const TOKEN = "bench";
const PATH = "/hooks/twilio/inbound";

/** Villagers' texts, from the request to the answer after the commit: signed, sealed and stored, against one INSERT. */
export const intakeRow: Row = {
  name: "webhook intake",
  unit: "texts/s",
  reference: "bare Fastify, one INSERT, no signature",
  rounds: 5,
  async prepare() {
    const ground = await startGround();
    const env = { BENCH_DATABASE: ground.url, BENCH_TOKEN: TOKEN };
    const ours = await startHelper("intake-server.ts", { ...env, BENCH_SIDE: "ours" });
    const bare = await startHelper("intake-server.ts", { ...env, BENCH_SIDE: "bare" });
    const pools = [ours.url, bare.url].map((url) => new Pool(url, { connections: AT_ONCE, pipelining: 1 }));
    let round = 0;
    const flood = async (pool: Pool | undefined, url: string): Promise<number> => {
      // Signing is the carrier's work, so it is done before the clock starts.
      const forms = Array.from({ length: TEXTS }, (_, i) =>
        signForm(TOKEN, url + PATH, {
          MessageSid: `SM${round}-${i}`,
          AccountSid: `AC${"0".repeat(32)}`,
          From: phoneOf(i % 500),
          To: "+8610690000",
          Body: "村东头路灯坏了好几天了晚上老人不敢出门",
          NumMedia: "0",
        }),
      );
      round++;
      let next = 0;
      const started = performance.now();
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let form = forms[next++]; form; form = forms[next++]) {
            const answer = await pool?.request({ method: "POST", path: PATH, headers: form.headers, body: form.body });
            await answer?.body.text();
            if (answer?.statusCode !== 200) throw new Error(`status ${answer?.statusCode}`);
          }
        }),
      );
      return TEXTS / ((performance.now() - started) / 1000);
    };
    return {
      ours: () => flood(pools[0], ours.url),
      bare: () => flood(pools[1], bare.url),
      async done() {
        await Promise.all(pools.map((pool) => pool.close()));
        ours.stop();
        bare.stop();
        await ground.leave();
      },
    };
  },
};
