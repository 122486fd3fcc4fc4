import { Agent, request } from "undici";
import type { Db } from "../../db/connect.ts";
import { retryIfMet } from "../../db/retry.ts";
import { batcher } from "../../lib/batch.ts";
import { after, SECOND } from "../../lib/clock.ts";
import { pause, slots } from "../../lib/slots.ts";
import type { Log } from "../../log.ts";
import { createBell } from "./bell.ts";
import { readOverrides, type WebhookFailure, writeWebhook } from "./webhook.ts";
import { claimWebhooks, type DueWebhook, type SettledWebhook, settleWebhooks } from "./webhooks.queries.ts";

export type PosterDeps = {
  db: Db;
  /** Signs webhooks, as the account's token does. */
  webhookSecret: string;
  log: Log;
};

export type Simulator = {
  /** Something was stored that will be due then: look at that moment, not at the next round. */
  expect(moments: readonly Date[]): void;
  stop(): Promise<void>;
};

const CHUNK = 200;
const PARALLEL = 32;
/** A round without being called finds what another process stored. Nobody notices a fifth of a second. */
const EVERY = 200;
/** Between two claims: what falls due meanwhile shares the next one. */
const BREATH = 10;
/** Twilio's limits: 5 s to connect, 15 s for everything. */
const CONNECT_TIMEOUT = 5 * SECOND;
const ANSWER_TIMEOUT = 15 * SECOND;
/** What a killed process had claimed comes this much later; one that is only slow keeps its own (`underWay`). */
const LEASE = 10 * SECOND;

/**
 * Makes texts live: claims the steps that are due, posts the webhooks, strikes them off. Any number of processes may do
 * so; one that is killed leaves its claims to run out, so a webhook may be made twice, as Twilio's may.
 */
export function startSimulator(deps: PosterDeps): Simulator {
  const stopping = new AbortController();
  const agent = new Agent({
    connections: PARALLEL,
    connect: { timeout: CONNECT_TIMEOUT },
    headersTimeout: ANSWER_TIMEOUT,
    bodyTimeout: ANSWER_TIMEOUT,
  });
  const posts = slots(PARALLEL);
  const underWay = new Map<string, Promise<void>>();
  const settle = batcher<SettledWebhook, void>({
    max: 500,
    async write(settled) {
      await settleWebhooks(deps.db, settled);
      return settled.map(() => undefined);
    },
  });
  const bell = createBell(EVERY);

  async function handle(webhook: DueWebhook): Promise<void> {
    await posts.take();
    try {
      await settle.add({ id: webhook.id, again: await post(webhook) });
    } catch (error) {
      deps.log.warn({ err: error, sid: webhook.sid }, "webhook left to its lease");
    } finally {
      posts.give();
    }
  }

  /** When to come again; null if the webhook was made, has nobody to go to, or is given up. */
  async function post(webhook: DueWebhook): Promise<Date | null> {
    if (webhook.url === null) return null;
    const { target, retries, retriesOn } = readOverrides(webhook.url);
    const now = new Date();
    if (stopping.signal.aborted) return now;
    const { url, ...form } = writeWebhook(webhook, target, deps.webhookSecret, now);
    const failure = await call(url, form);
    if (failure === null) return null;
    if (stopping.signal.aborted) return new Date();
    if (webhook.tries <= retries && retriesOn(failure)) return after(new Date(), backOff(webhook.tries));
    deps.log.warn({ sid: webhook.sid, status: webhook.status, failure }, "webhook given up");
    return null;
  }

  async function call(
    url: string,
    form: { headers: Record<string, string>; body: string },
  ): Promise<WebhookFailure | null> {
    try {
      const { statusCode, body } = await request(url, {
        ...form,
        method: "POST",
        dispatcher: agent,
        signal: stopping.signal,
      });
      await body.dump();
      // A redirect would turn the form into a GET without fields, so it counts as a refusal.
      return statusCode >= 500 ? "5xx" : statusCode >= 300 ? "4xx" : null;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      return ["ECONNREFUSED", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT"].includes(code) ? "ct" : "rt";
    }
  }

  async function claim(): Promise<number> {
    const now = new Date();
    const claimed = await retryIfMet(() => claimWebhooks(deps.db, { now, until: after(now, LEASE), max: CHUNK }));
    for (const webhook of claimed) {
      if (underWay.has(webhook.id)) continue;
      underWay.set(
        webhook.id,
        handle(webhook).finally(() => underWay.delete(webhook.id)),
      );
    }
    return claimed.length;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const count = await claim();
        if (count < CHUNK) await bell.wait(EVERY, stopping.signal);
        // A chunk ahead is enough: the rest is as well kept in the table.
        while (underWay.size > CHUNK) await pause(BREATH);
        await pause(count === CHUNK ? 0 : BREATH, stopping.signal);
      } catch (error) {
        deps.log.warn({ err: error }, "simulated webhooks interrupted");
        await pause(SECOND, stopping.signal);
      }
    }
  }

  const running = run();
  return {
    expect: (moments) => bell.set(moments),
    async stop() {
      stopping.abort();
      await running;
      await Promise.allSettled(underWay.values());
      await settle.idle();
      await agent.destroy();
    },
  };
}

/** 0.2 s, 0.4 s, 0.8 s, 1.6 s, 3.2 s. */
const backOff = (tries: number): number => 200 * 2 ** (tries - 1);
