import type { Context } from "../src/context.ts";
import { inSystemWork } from "../src/queue/work.ts";
import { rereckonVillage } from "../src/suggestion/rereckon-cases.ts";

/** Queue `reckon-dates`: a village's promise or calendar was changed. */
export const start = (ctx: Context): void =>
  ctx.bells.answer("reckon-dates", async ({ villageId }) => {
    const moved = await inSystemWork(ctx.work, (work) => rereckonVillage(work, villageId));
    if (moved > 0) ctx.log.info({ villageId, moved }, "dates reckoned again");
  });
