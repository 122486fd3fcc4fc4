import type { Context } from "../src/context.ts";
import { inSystemWork } from "../src/queue/work.ts";
import { climbLadder } from "../src/suggestion/climb-ladder.ts";

/** Queue `climb-ladder`: a case whose reminder or next rung may be due. */
export const start = (ctx: Context): void =>
  ctx.bells.answer("climb-ladder", async ({ suggestionId }) => {
    const rung = await inSystemWork(ctx.work, (work) => climbLadder(work, suggestionId));
    if (rung) ctx.log.info({ suggestionId, rung }, "ladder");
  });
