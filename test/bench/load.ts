import { Pool } from "undici";
import { pause } from "../../src/lib/slots.ts";
import { phoneOf } from "../support/given.ts";
import { type SignedForm, signForm } from "../support/twilio.ts";
import { ACCOUNT } from "./forms.ts";
import { quantile } from "./harness.ts";
import { serve } from "./helper.ts";

/** The carrier's side of webhooks: brings signed forms as fast as they are answered, or at a steady rate. */
export type Flood = { to: string; what: "inbound" | "status"; first: number; count: number; ids: string };
export type Steady = Flood & { rate: number };

const AT_ONCE = 64;
const PATHS = { inbound: "/hooks/twilio/inbound", status: "/hooks/twilio/status" };

/** Signing is the carrier's work, so it is done before the clock starts. */
function sign({ to, what, first, count, ids }: Flood) {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i;
    const path = what === "inbound" ? PATHS.inbound : `${PATHS.status}?a=${nthId(ids, n >> 1)}.1`;
    return { method: "POST" as const, path, ...signForm(ACCOUNT.token, to + path, FORMS[what](n)) };
  });
}

/** The n-th of ids that have the rest in common: `test/bench/callbacks.ts` makes the same in SQL. */
const nthId = (ids: string, n: number): string => ids + n.toString(16).padStart(12, "0");

const FORMS: Record<Flood["what"], (n: number) => SignedForm> = {
  inbound: (n) => ({
    MessageSid: `SM${String(n).padStart(32, "0")}`,
    AccountSid: ACCOUNT.sid,
    From: phoneOf(n % 500),
    To: ACCOUNT.from,
    Body: "村东头路灯坏了好几天了晚上老人不敢出门",
    NumMedia: "0",
  }),
  // Two for each text, as Twilio brings them when the phone is on.
  status: (n) => ({
    ApiVersion: "2010-04-01",
    AccountSid: ACCOUNT.sid,
    MessageSid: `SM${(n >> 1).toString(16).padStart(32, "0")}`,
    SmsSid: `SM${(n >> 1).toString(16).padStart(32, "0")}`,
    MessageStatus: n % 2 === 0 ? "sent" : "delivered",
    SmsStatus: n % 2 === 0 ? "sent" : "delivered",
    From: ACCOUNT.from,
    To: phoneOf(n >> 1),
    RawDlrDoneDate: "2610090100",
  }),
};

const pools = new Map<string, Pool>();
function bringer(to: string, connections: number) {
  const pool = pools.get(to) ?? new Pool(to, { connections, pipelining: 1 });
  pools.set(to, pool);
  return async (form: ReturnType<typeof sign>[number]) => {
    const { statusCode, body } = await pool.request(form);
    await body.text();
    if (statusCode >= 300) throw new Error(`status ${statusCode}`);
  };
}

async function flood(asked: Flood): Promise<number> {
  const forms = sign(asked);
  const bring = bringer(asked.to, AT_ONCE);
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let form = forms[next++]; form; form = forms[next++]) await bring(form);
    }),
  );
  return asked.count / ((performance.now() - started) / 1000);
}

/** Each at its moment, whether or not the earlier ones are answered; its wait counts from that moment. */
async function steady(asked: Steady): Promise<{ p50: number; p99: number }> {
  const forms = sign(asked);
  const bring = bringer(asked.to, AT_ONCE);
  const waits: number[] = [];
  const started = performance.now();
  const under = forms.map((_, i) => started + (i * 1000) / asked.rate);
  const answers: Promise<void>[] = [];
  for (let i = 0; i < forms.length; ) {
    for (; i < forms.length && (under[i] ?? 0) <= performance.now(); i++) {
      const due = under[i] ?? 0;
      const form = forms[i];
      if (form) answers.push(bring(form).then(() => void waits.push(performance.now() - due)));
    }
    await pause(1);
  }
  await Promise.all(answers);
  return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) };
}

serve<Flood | Steady>("", (asked) => ("rate" in asked ? steady(asked) : flood(asked)));
