import { finishBroadcasts } from "../src/broadcast/sending/send.queries.ts";
import type { Context } from "../src/context.ts";
import { inSystemWork } from "../src/queue/work.ts";

/** Queue `dispatch-messages`: a channel has, or may have, something to send. */
export const start = (ctx: Context): void =>
  ctx.bells.answer("dispatch-messages", async ({ channelId }, signal) => {
    await ctx.dispatcher.dispatch(channelId, signal);
    await inSystemWork(ctx.work, (work) => finishBroadcasts(work.tx, channelId, work.now));
  });
