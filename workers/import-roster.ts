import type { Context } from "../src/context.ts";
import { ifUnlocked } from "../src/db/lock.ts";
import { workOnImport } from "../src/roster/work-on-import.ts";

/** Queue `import-roster`: a roster to compare or to take in. One process at a time; a killed one lets go. */
export const start = (ctx: Context): void =>
  ctx.bells.answer("import-roster", async ({ importId }, signal) => {
    await ifUnlocked(ctx.pools.system, `cunwu import ${importId}`, async () => {
      const state = await workOnImport(ctx.work, importId, signal);
      if (state) ctx.log.info({ importId, state }, "roster import");
    });
  });
