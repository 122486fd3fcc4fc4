import { closePolls } from "./broadcast/poll/close-polls.ts";
import { dueSchedules } from "./broadcast/schedule/schedule.queries.ts";
import { bellOf } from "./broadcast/schedule/schedule.ts";
import { dueBroadcasts, finishBroadcasts, reopenBroadcasts } from "./broadcast/sending/send.queries.ts";
import { remindSigners } from "./broadcast/signing/remind-signers.ts";
import { signaturesToAskFor } from "./broadcast/signing/signing-reminders.queries.ts";
import type { Context } from "./context.ts";
import { ensurePartitions } from "./db/partitions.queries.ts";
import { backfillInbound } from "./inbound/backfill-inbound.ts";
import { waitingInbound } from "./inbound/inbound.queries.ts";
import { after, DAY, HOUR, MINUTE, SECOND } from "./lib/clock.ts";
import { channelsWithWork } from "./message/channel.queries.ts";
import { reconcile } from "./message/reconcile.ts";
import { expireClaims } from "./message/record.queries.ts";
import { matchWaitingReports } from "./message/reports.queries.ts";
import { inSystemWork } from "./queue/work.ts";
import { finishErasures } from "./roster/finish-erasures.ts";
import { forgetImports, waitingImports } from "./roster/roster-imports.queries.ts";
import { forgetOld } from "./staff/session.queries.ts";
import { dueAlarms } from "./suggestion/alarm.queries.ts";
import { resumeUnanswered } from "./suggestion/ask-villager.ts";
import { callNext } from "./suggestion/call-staff.ts";
import { casesToLookAt } from "./suggestion/ladder.queries.ts";
import { closeUnrated } from "./suggestion/rate-suggestion.ts";
import { printOf, rereckonVillage } from "./suggestion/rereckon-cases.ts";
import { sendOwnerNotices } from "./suggestion/tell-owner.ts";
import { missingHolidays } from "./village/missing-holidays.ts";
import { listVillages } from "./village/village.queries.ts";

/**
 * What a crash, a lost job or a silent carrier leaves behind, and who finds it. Keep this list complete: a state that
 * no sweep looks for is a text that nobody sends or reads. Each looks for rows by state and age, so it does not matter
 * how long we were away. Worst case until something is found: the rows' own age plus `everyMs`.
 */
export type Sweep = {
  name: string;
  finds: string;
  everyMs: number;
  /** Waits for somebody else's server, so it must not keep the others waiting. */
  asksCarrier?: true;
  /** How many things it found: for the log and the metrics. `first` until it has once run well in this process. */
  run(ctx: Context, first?: boolean): Promise<number>;
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
    name: "due_schedules",
    finds: "repeated notices whose time has come: nobody rang, or the bell's scheduler was lost with Redis",
    everyMs: 2 * SECOND,
    async run(ctx) {
      const due = await dueSchedules(ctx.db.system, ctx.clock.now());
      await ctx.bells.ring(due.map(bellOf));
      return due.length;
    },
  },
  {
    name: "closed_polls",
    finds: "polls that closed with texts still waiting to leave: nobody is asked any more",
    everyMs: 2 * SECOND,
    run: (ctx) => inSystemWork(ctx.work, closePolls),
  },
  {
    name: "finished_broadcasts",
    finds: "notices of which nothing is left to send",
    everyMs: 2 * SECOND,
    run: async (ctx) => (await inSystemWork(ctx.work, (work) => finishBroadcasts(work.tx, null, work.now))).length,
  },
  {
    name: "late_returns",
    finds: "notices that had ended when a text of theirs came back unsent: they go on",
    everyMs: 2 * SECOND,
    run: async (ctx) => (await inSystemWork(ctx.work, (work) => reopenBroadcasts(work.tx))).length,
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
    everyMs: 2 * SECOND,
    asksCarrier: true,
    run: (ctx) => reconcile(ctx.reconcile),
  },
  {
    name: "missing_inbound",
    finds: "villagers' texts that no webhook brought: the carrier's list is read",
    everyMs: 5 * MINUTE,
    asksCarrier: true,
    // Who knows how long we were away.
    run: (ctx, first) => backfill(ctx, first ? 2 * DAY : 2 * HOUR),
  },
  {
    name: "owner_notices",
    finds: "new, reopened and assigned cases of which their owner is to be told by text, now or since its hours began",
    everyMs: 2 * SECOND,
    run: (ctx) => inSystemWork(ctx.work, (work) => sendOwnerNotices(work)),
  },
  {
    name: "due_alarms",
    finds: "villagers in danger, with nobody on the way: the next person is called",
    everyMs: 2 * SECOND,
    async run(ctx) {
      const due = await dueAlarms(ctx.db.system, ctx.clock.now());
      for (const alarmId of due) {
        const result = await inSystemWork(ctx.work, (work) => callNext(work, alarmId));
        if (result === "unanswered") ctx.log.error({ alarmId }, "everybody was called to an alarm, and nobody goes");
      }
      return due.length;
    },
  },
  {
    name: "unrated_answers",
    finds: "answers that nobody rated within the village's time: closed, counted apart",
    everyMs: 10 * MINUTE,
    run: (ctx) => inSystemWork(ctx.work, (work) => closeUnrated(work)),
  },
  {
    name: "due_rungs",
    finds: "cases whose reminder or next rung is due, in service hours",
    everyMs: 10 * SECOND,
    async run(ctx) {
      const due = await casesToLookAt(ctx.db.system, ctx.clock.now(), 500);
      await ctx.bells.ring(due.map((suggestionId) => ({ queue: "climb-ladder", payload: { suggestionId } })));
      return due.length;
    },
  },
  {
    name: "due_signatures",
    finds: "notices that wait for a signature: whoever must give it is asked by text, in service hours",
    everyMs: 10 * SECOND,
    async run(ctx) {
      const due = await signaturesToAskFor(ctx.db.system, ctx.clock.now(), 200);
      for (const id of due) await inSystemWork(ctx.work, (work) => remindSigners(work, id));
      return due.length;
    },
  },
  {
    name: "changed_calendars",
    finds: "villages whose promise or calendar, or the plan in our package, is not what their dates stand on",
    everyMs: 10 * MINUTE,
    async run(ctx) {
      let moved = 0;
      for (const village of await listVillages(ctx.db.system)) {
        if (village.reckonedWith === printOf(village, ctx.clock.now())) continue;
        moved += await inSystemWork(ctx.work, (work) => rereckonVillage(work, village.id));
      }
      return moved;
    },
  },
  {
    name: "missing_holidays",
    finds: "a year whose holidays nobody knows, though promises reach it: the log says so until somebody enters them",
    everyMs: 6 * HOUR,
    async run(ctx) {
      const years = await missingHolidays(ctx.db.system, ctx.clock.now());
      if (years.length > 0) ctx.log.warn({ years }, "holidays unknown: Monday to Friday is assumed");
      return 0;
    },
  },
  {
    name: "silent_villagers",
    finds: "cases that wait for a villager who was asked and said nothing in time: they go on",
    everyMs: 10 * MINUTE,
    run: (ctx) => inSystemWork(ctx.work, (work) => resumeUnanswered(work)),
  },
  {
    name: "erasures",
    finds:
      "people who were taken off the roster and still stand in texts and records, now or when the law lets them go",
    everyMs: 10 * SECOND,
    run: (ctx) => inSystemWork(ctx.work, (work) => finishErasures(work)),
  },
  {
    name: "waiting_imports",
    finds: "rosters that were uploaded or are being taken in, and nobody is at work on them",
    everyMs: 2 * SECOND,
    async run(ctx) {
      const waiting = await waitingImports(ctx.db.system);
      await ctx.bells.ring(waiting.map((importId) => ({ queue: "import-roster", payload: { importId } })));
      return waiting.length;
    },
  },
  {
    name: "old_imports",
    finds: "roster files uploaded more than a day ago: gone, with all that was shown of them",
    everyMs: 10 * MINUTE,
    run: (ctx) => inSystemWork(ctx.work, (work) => forgetImports(work.tx, after(work.now, -DAY))),
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

/** The carrier's list knows only the real time. */
const backfill = ({ db, carrier, inbound, log }: Context, ms: number): Promise<number> =>
  backfillInbound({ system: db.system, carrier, inbound, log }, after(new Date(), -ms));
