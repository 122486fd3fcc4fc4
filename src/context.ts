import type pg from "pg";
import { stopBroadcast } from "./broadcast/sending/control-broadcast.ts";
import { resendByItself } from "./broadcast/sending/decide-doubts.ts";
import { weighRefusals } from "./broadcast/sending/refusal-rate.ts";
import type { Carrier } from "./carrier/port.ts";
import { lookUpCode } from "./carrier/refusals.ts";
import { SIMULATED_SENDER } from "./carrier/simulator/simulator.routes.ts";
import { createTwilioCarrier } from "./carrier/twilio-carrier.ts";
import type { Config } from "./config.ts";
import { createDb, createPool, type Db } from "./db/connect.ts";
import type { Access } from "./db/roles.ts";
import { type InboundIntake, inboundIntake } from "./inbound/intake-inbound.ts";
import { type Clock, systemClock } from "./lib/clock.ts";
import type { ChannelId, MessageId } from "./lib/ids.ts";
import { newId } from "./lib/ids.ts";
import { createSealer, type Sealer } from "./lib/seal.ts";
import type { Log } from "./log.ts";
import { ensureChannel } from "./message/channel.queries.ts";
import { createDispatcher, type Dispatcher } from "./message/dispatch.ts";
import { reportIntake } from "./message/intake-reports.ts";
import type { ReconcileDeps } from "./message/reconcile.ts";
import { slowDown } from "./message/slow-down.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { connectQueues, type Doorbells } from "./queue/connect.ts";
import { inSystemWork, type WorkDeps } from "./queue/work.ts";

/** The real parts, wired once. Below this file everybody takes only what he names. */
export type Context = {
  config: Config;
  secrets: Secrets;
  log: Log;
  clock: Clock;
  pools: { app: pg.Pool; system: pg.Pool; sending: pg.Pool };
  db: { app: Db; system: Db; sending: Db };
  sealer: Sealer;
  bells: Doorbells;
  work: WorkDeps;
  carrier: Carrier;
  channelId: ChannelId;
  dispatcher: Dispatcher;
  reconcile: ReconcileDeps;
  inbound: InboundIntake;
  reports: ReturnType<typeof reportIntake>;
  metrics: Metrics;
  close(): Promise<void>;
};

/** What the environment gave, or what was generated for an embedded installation. */
export type Secrets = { dataKey: Buffer; sessionKey: Buffer; accountSid: string; authToken: string };

/** Where we are reached: known only once the server listens on a port of its own choice. */
export type Addresses = { publicBaseUrl: string; carrierBaseUrl: string };

/** 分 per segment, until staff set the channel's own (domestic group SMS: 0.03–0.06 yuan). */
const USUAL_PRICE = 5;

export async function createContext(options: {
  config: Config;
  secrets: Secrets;
  access: Access;
  addresses: Addresses;
  log: Log;
  clock?: Clock;
  /** For tests that watch or trouble the carrier. */
  wrapCarrier?: (carrier: Carrier) => Carrier;
}): Promise<Context> {
  const { config, secrets, access, addresses, log } = options;
  const clock = options.clock ?? systemClock;
  const pools = {
    app: createPool({ url: access.app.url, max: 8, name: "cunwu app", log }),
    system: createPool({ url: access.system.url, max: 12, name: "cunwu system", log }),
    sending: createPool({ url: access.system.url, max: 6, name: "cunwu sending", log, keepPlans: true }),
  };
  const db = { app: createDb(pools.app), system: createDb(pools.system), sending: createDb(pools.sending) };
  const sealer = createSealer(secrets.dataKey);
  const bells = connectQueues({ redisUrl: config.redisUrl ?? undefined, postgresUrl: access.queue.url, log });
  const work: WorkDeps = { app: db.app, system: db.system, clock, sealer, bells };
  const metrics = createMetrics(db.system, clock);
  const system = db.system;

  const plain = createTwilioCarrier({
    name: config.carrier,
    accountSid: secrets.accountSid,
    authToken: secrets.authToken,
    baseUrl: addresses.carrierBaseUrl,
    // The other half of the calls are just about to be made, or just about to be written down: both wait for a commit.
    connections: Math.ceil(config.sendConcurrency / 2),
    statusCallback: `${addresses.publicBaseUrl}/hooks/twilio/status`,
  });
  const carrier = options.wrapCarrier?.(plain) ?? plain;
  const channelId = await ensureChannel(system, {
    id: newId<ChannelId>(),
    carrier: carrier.name,
    sender: config.twilio.messagingServiceSid ?? config.twilio.from ?? SIMULATED_SENDER,
    rate: config.sendRate,
    price: USUAL_PRICE,
    now: clock.now(),
  });
  const ring = (id: ChannelId) => bells.ring([{ queue: "dispatch-messages", payload: { channelId: id } }]);
  const heedRefused = async (messageIds: readonly MessageId[]) => {
    try {
      for (const { broadcastId, ...why } of await weighRefusals(work, messageIds)) {
        log.error({ broadcastId, ...why }, "the carrier refuses too many of a broadcast; paused");
      }
    } catch (error) {
      log.warn({ err: error }, "refusals not weighed; the next ones will be");
    }
  };
  const resend: ReconcileDeps["resend"] = async (emergency, requeue) => {
    const texts = await inSystemWork(work, (part) => resendByItself(part, emergency, requeue));
    metrics.automaticResends.inc(texts);
    return texts;
  };
  const dispatcher = createDispatcher({
    sending: db.sending,
    carrier,
    sealer,
    clock,
    log,
    concurrency: config.sendConcurrency,
    callForHelp: ring,
    stopBroadcast: (id, code) => inSystemWork(work, (part) => stopBroadcast(part, id, code)),
    onResult: (outcome) => metrics.calls.inc({ outcome }),
    async heed(results) {
      await slowDown({ system, log, onSlowDown: () => metrics.slowDowns.inc() }, results);
      const refused = results.filter(({ outcome, code }) => outcome === "refused" && !lookUpCode(code ?? "").onePhone);
      if (refused.length > 0) await heedRefused(refused.map(({ messageId }) => messageId));
    },
  });
  return {
    config,
    secrets,
    log,
    clock,
    pools,
    db,
    sealer,
    bells,
    work,
    carrier,
    channelId,
    dispatcher,
    reconcile: { system, carrier, sealer, log, reconcileAfter: config.reconcileAfter, ring, resend },
    inbound: inboundIntake({ system, clock, sealer, carrier: carrier.name, bells }),
    reports: reportIntake({ sending: db.sending, clock, heedRefused }),
    metrics,
    async close() {
      await bells.close();
      await carrier.close();
      await pools.app.end();
      await pools.system.end();
      await pools.sending.end();
    },
  };
}
