import { dueBroadcasts, finishBroadcasts } from "./broadcast/send.queries.ts";
import type { Context } from "./context.ts";
import { ifUnlocked } from "./db/lock.ts";
import { ensurePartitions } from "./db/partitions.queries.ts";
import { backfillInbound } from "./inbound/backfill-inbound.ts";
import { waitingInbound } from "./inbound/inbound.queries.ts";
import { after, DAY, HOUR, MINUTE, SECOND } from "./lib/clock.ts";
import { pause } from "./lib/slots.ts";
import { channelsWithWork } from "./message/channel.queries.ts";
import { reconcile } from "./message/reconcile.ts";
import { expireClaims } from "./message/record.queries.ts";
import { matchWaitingReports } from "./message/reports.queries.ts";
import { inSystemWork } from "./queue/work.ts";
import { forgetOld } from "./staff/session.queries.ts";
import { closeUnrated } from "./suggestion/rate-suggestion.ts";

/**
 * What a crash, a lost job or a silent carrier leaves behind, and who finds it. Keep this list complete: a state that
 * no sweep looks for is a text that nobody sends or reads. Each looks for rows by state and age, so it does not matter
 * how long we were away. Worst case until something is found: the rows' own age plus `everyMs`.
 */
export type Sweep = {
  name: string;
  finds: string;
  everyMs: number;
  /** How many things it found: for the log and the metrics. */
  run(ctx: Context): Promise<number>;
};

export const SWEEPS: readonly Sweep[] = [
  {
    name: "expired_claims",
    finds: "texts claimed by a worker that died: not called → pending, called → unknown",
    everyMs: 2 * SECOND,
    async run(ctx) {
      const { released, unknown } = await expireClaims(ctx.db.system);
      return released + unknown;
    },
  },
  {
    name: "due_texts",
    finds: "channels with texts to send whose bell was lost",
    everyMs: 2 * SECOND,
    async run(ctx) {
      const channels = await channelsWithWork(ctx.db.system, ctx.carrier.name);
      await ctx.bells.ring(channels.map((channelId) => ({ queue: "dispatch-messages", payload: { channelId } })));
      return channels.length;
    },
  },
  {
    name: "due_broadcasts",
    finds: "approved notices whose time has come",
    everyMs: 2 * SECOND,
    async run(ctx) {
      const due = await dueBroadcasts(ctx.db.system, ctx.clock.now());
      await ctx.bells.ring(due.map((broadcastId) => ({ queue: "launch-broadcast", payload: { broadcastId } })));
      return due.length;
    },
  },
  {
    name: "finished_broadcasts",
    finds: "notices of which nothing is left to send",
    everyMs: 2 * SECOND,
    run: async (ctx) => (await inSystemWork(ctx.work, (work) => finishBroadcasts(work.tx, null, work.now))).length,
  },
  {
    name: "waiting_inbound",
    finds: "texts that were stored and not understood",
    everyMs: 2 * SECOND,
    async run(ctx) {
      const waiting = await waitingInbound(ctx.db.system, after(ctx.clock.now(), -5 * SECOND), 500);
      const [inboundId] = waiting;
      if (inboundId) await ctx.bells.ring([{ queue: "understand-inbound", payload: { inboundId } }]);
      return waiting.length;
    },
  },
  {
    name: "waiting_reports",
    finds: "carrier reports that came before their message was known",
    everyMs: 5 * SECOND,
    run: (ctx) => inSystemWork(ctx.work, (work) => matchWaitingReports(work.tx, 500)),
  },
  {
    name: "doubtful_texts",
    finds: "texts whose answer was lost: the carrier is asked",
    everyMs: 5 * SECOND,
    run: (ctx) => reconcile(ctx.reconcile),
  },
  {
    name: "missing_inbound",
    finds: "villagers' texts that no webhook brought: the carrier's list is read",
    everyMs: 5 * MINUTE,
    run: (ctx) => backfill(ctx, 2 * HOUR),
  },
  {
    name: "unrated_answers",
    finds: "answers that nobody rated within the village's time: closed, counted apart",
    everyMs: 10 * MINUTE,
    run: (ctx) => inSystemWork(ctx.work, (work) => closeUnrated(work)),
  },
  {
    name: "housekeeping",
    finds: "sessions, keys and failures that have run out; months that need a partition",
    everyMs: 6 * HOUR,
    async run(ctx) {
      await ensurePartitions(ctx.db.system);
      await inSystemWork(ctx.work, (work) => forgetOld(work.tx, work.now));
      return 0;
    },
  },
];

/**
 * Runs the sweeps of this process until it stops. Every worker process has this loop and one at a time does the work;
 * it needs neither queue nor Redis, because it is what repairs them. The first round comes at once, and looks for
 * villagers' texts of the last two days, in case we were away that long.
 */
export async function runSweeps(ctx: Context, signal: AbortSignal): Promise<void> {
  const lastRun = new Map<string, number>();
  let caughtUp = false;
  while (!signal.aborted) {
    try {
      await ifUnlocked(ctx.pools.system, "cunwu sweeps", async () => {
        if (!caughtUp) {
          await backfill(ctx, 2 * DAY).catch((error) =>
            ctx.log.warn({ err: error }, "the carrier's list could not be read at start"),
          );
          caughtUp = true;
        }
        for (const sweep of SWEEPS) {
          if (signal.aborted) return;
          if (performance.now() - (lastRun.get(sweep.name) ?? Number.NEGATIVE_INFINITY) < sweep.everyMs) continue;
          lastRun.set(sweep.name, performance.now());
          await sweepOnce(ctx, sweep);
        }
      });
    } catch (error) {
      ctx.log.warn({ err: error }, "sweeps interrupted");
    }
    await pause(SECOND, signal);
  }
}

/** The carrier's list knows only the real time. */
const backfill = ({ db, carrier, inbound, log }: Context, ms: number): Promise<number> =>
  backfillInbound({ system: db.system, carrier, inbound, log }, after(new Date(), -ms));

async function sweepOnce(ctx: Context, sweep: Sweep): Promise<void> {
  try {
    const found = await sweep.run(ctx);
    if (found > 0) ctx.log.info({ sweep: sweep.name, found }, "sweep");
    ctx.metrics.swept.inc({ sweep: sweep.name }, found);
  } catch (error) {
    ctx.log.error({ err: error, sweep: sweep.name }, "sweep failed");
  }
}
