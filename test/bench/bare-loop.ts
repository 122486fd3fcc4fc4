import { Pool } from "undici";
import { ACCOUNT, BODY, PHONE, REPORTS_TO, SIGNATURE } from "./forms.ts";
import { serve } from "./helper.ts";

/** The least that sending can be: a loop that posts the same forms over the same kind of pool and keeps nothing. */
const { BENCH_CARRIER = "", BENCH_AT_ONCE = "64" } = process.env;
const atOnce = Number(BENCH_AT_ONCE);
const pool = new Pool(BENCH_CARRIER, { connections: atOnce, pipelining: 1 });
const headers = {
  accept: "application/json",
  "content-type": "application/x-www-form-urlencoded; charset=utf-8",
  authorization: `Basic ${Buffer.from(`${ACCOUNT.sid}:${ACCOUNT.token}`).toString("base64")}`,
};

serve<{ texts: number }>("", async ({ texts }) => {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let i = next++; i < texts; i = next++) {
        const report = `${REPORTS_TO}/hooks/twilio/status?a=019a0000-0000-7000-8000-${String(i).padStart(12, "0")}.1`;
        const { statusCode, body } = await pool.request({
          method: "POST",
          path: `/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`,
          headers,
          body:
            `To=${encodeURIComponent(PHONE)}&From=${encodeURIComponent(ACCOUNT.from)}` +
            `&Body=${encodeURIComponent(`【${SIGNATURE}】${BODY}`)}&ValidityPeriod=14400` +
            `&StatusCallback=${encodeURIComponent(`${report}#rc=5&rp=all`)}`,
        });
        await body.text();
        if (statusCode !== 201) throw new Error(`status ${statusCode}`);
      }
    }),
  );
  return texts / ((performance.now() - started) / 1000);
});
