import { launchBroadcast } from "../src/broadcast/sending/launch-broadcast.ts";
import type { Context } from "../src/context.ts";
import { inSystemWork } from "../src/queue/work.ts";

/** Queue `launch-broadcast`: an approved notice whose moment has come. */
export const start = (ctx: Context): void =>
  ctx.bells.answer("launch-broadcast", async ({ broadcastId }) => {
    const result = await inSystemWork(ctx.work, (work) => launchBroadcast(work, broadcastId));
    ctx.log.info({ broadcastId, result }, "launch");
  });
