import { runSchedule } from "../src/broadcast/schedule/run-schedule.ts";
import type { Context } from "../src/context.ts";
import { inSystemWork } from "../src/queue/work.ts";

/** Queue `run-schedule`: a notice that repeats, whose time may have come. */
export const start = (ctx: Context): void =>
  ctx.bells.answer("run-schedule", async ({ scheduleId }) => {
    const broadcastId = await inSystemWork(ctx.work, (work) => runSchedule(work, scheduleId));
    if (broadcastId) ctx.log.info({ scheduleId, broadcastId }, "occurrence");
  });
