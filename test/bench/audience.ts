import { countAudience, listAudience } from "../../src/broadcast/audience/audience.queries.ts";
import type { Context } from "../../src/context.ts";
import { settle } from "./broadcast.ts";
import { type Ground, startDesk, startGround } from "./ground.ts";
import type { Row } from "./harness.ts";

/** What the second step of writing shows: how many get it and who is left out, and the first of those who do. */
export const audienceRows: readonly Row[] = [
  row(
    "audience count of a large village",
    "bare count of the same doors with their phones",
    "select count(*) from households h join phones p on p.village_id = h.village_id and p.hash = h.contact_hash where h.village_id = $1 and p.problem is null",
    (ctx, wish) => countAudience(ctx.db.system, wish),
  ),
  row(
    "first page of recipients of a large village",
    "bare first page of the same doors with their phones",
    "select h.number, p.phone from households h join phones p on p.village_id = h.village_id and p.hash = h.contact_hash where h.village_id = $1 and p.problem is null and h.number || '' > '' order by h.number || '' limit 20",
    (ctx, wish) => listAudience(ctx.db.system, wish, { limit: 20, offset: 0 }),
  ),
];

function row(
  name: string,
  reference: string,
  bare: string,
  ask: (ctx: Context, wish: Parameters<typeof countAudience>[1]) => Promise<unknown>,
): Row {
  return {
    name,
    unit: "ms",
    references: [{ name: reference, target: { atMost: 8 } }],
    async prepare({ roster }) {
      const ground = await startGround();
      const ctx = await startDesk({ ground, carrierUrl: "http://127.0.0.1:1", rate: 1, concurrency: 1 });
      const { village } = await settle(ctx, ground, roster);
      await exceptions(ground);
      const wish = {
        villageId: village.id,
        audience: { scope: "households" as const },
        columnId: null,
        emergency: false,
      };
      return {
        ours: () => timed(() => ask(ctx, wish)),
        references: [() => timed(() => ground.pool.query(bare, [village.id]))],
        notes: async () => [`${roster} doors, of which ${JSON.stringify(await countAudience(ctx.db.system, wish))}`],
        async done() {
          await ctx.close();
          await ground.leave();
        },
      };
    },
  };
}

/** Every fiftieth number is bad, every hundredth phone has opted out. */
async function exceptions({ pool }: Ground): Promise<void> {
  await pool.query(
    "update phones p set problem = 'invalid' from (select hash, row_number() over (order by hash) as nth from phones) n where n.hash = p.hash and n.nth % 50 = 0",
  );
  await pool.query(
    `insert into opt_outs (id, village_id, phone_hash, source, at)
     select uuid_v7(), village_id, hash, 'villager', now()
       from (select *, row_number() over (order by hash) as nth from phones) n where nth % 100 = 1`,
  );
  await pool.query("analyze");
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await body();
  return performance.now() - started;
}
