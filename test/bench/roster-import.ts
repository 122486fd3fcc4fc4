import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Context } from "../../src/context.ts";
import { inWork } from "../../src/queue/work.ts";
import { findImport } from "../../src/roster/roster-imports.queries.ts";
import { stageImport } from "../../src/roster/stage-import.ts";
import { startImport } from "../../src/roster/start-import.ts";
import { workOnImport } from "../../src/roster/work-on-import.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";
import { type Ground, startDesk, startGround } from "./ground.ts";
import type { Row } from "./harness.ts";

/** A roster of three people a door, from a person's yes to the last commit, against the INSERTs of its rows alone. */
export const rosterImportRow: Row = {
  name: "import of a roster",
  unit: "people/s",
  references: [{ name: "bare INSERT … SELECT of the same rows, same indexes", target: { atLeast: 0.05 } }],
  async prepare({ roster }) {
    const ground = await startGround();
    const ctx = await startDesk({ ground, carrierUrl: "http://127.0.0.1:1", rate: 1, concurrency: 1 });
    const cast = await givenVillage(ctx, {});
    const file = writeFile(roster);
    for (const table of TABLES) await ground.pool.query(`create table twin_${table} (like ${table} including all)`);
    let [peak, held] = [0, 0];
    return {
      async ours() {
        await ground.pool.query(`truncate ${TABLES.join(", ")}, groups, grids, roster_imports cascade`);
        const watched = watch();
        const seconds = await importOnce(ctx, cast, file, roster);
        const { memory, delay } = watched();
        [peak, held] = [Math.max(peak, memory), Math.max(held, delay)];
        return roster / seconds;
      },
      references: [async () => roster / (await insertAgain(ground))],
      notes: async () => [
        `${roster} people, ${(file.length / 1e6).toFixed(1)} MB of CSV: the process held ${Math.round(peak)} MB at most, ` +
          `and nobody else waited for it longer than ${Math.round(held)} ms`,
      ],
      async done() {
        await ctx.close();
        await ground.leave();
      },
    };
  },
};

const TABLES = ["phones", "households", "villagers"] as const;

const writeFile = (people: number): Buffer => {
  const lines = Array.from({ length: people }, (_, i) => {
    const door = Math.floor(i / 3);
    return `${door},村民${i},${phoneOf(i)},${door % 12}组,${door % 40}网格,党员；外出务工,`;
  });
  return Buffer.from(["户号,姓名,手机号,村民小组,网格,身份,联户干部", ...lines].join("\n"));
};

/** Uploaded and compared beforehand; what a person waits for after his yes is what counts. */
async function importOnce(ctx: Context, cast: Cast, bytes: Buffer, people: number): Promise<number> {
  const { village, clerk } = cast;
  const wish = { file: { name: "roster.csv", bytes }, text: "" };
  const id = expectOk(await inWork(ctx.work, clerk, (work) => stageImport(work, village.id, wish)));
  const look = () => inWork(ctx.work, clerk, (work) => findImport(work.tx, village.id, id));
  const signal = new AbortController().signal;
  await workOnImport(ctx.work, id, signal);
  const item = await look();
  if (!item) throw new Error("the import is gone");
  const started = performance.now();
  expectOk(await inWork(ctx.work, clerk, (work) => startImport(work, item)));
  await workOnImport(ctx.work, id, signal);
  const seconds = (performance.now() - started) / 1000;
  const imported = (await look())?.imported;
  if (imported !== people) throw new Error(`${imported} of ${people} were imported`);
  return seconds;
}

async function insertAgain({ pool }: Ground): Promise<number> {
  await pool.query(`truncate ${TABLES.map((table) => `twin_${table}`).join(", ")}`);
  const started = performance.now();
  for (const table of TABLES) await pool.query(`insert into twin_${table} select * from ${table}`);
  return (performance.now() - started) / 1000;
}

/** The most memory that this process held (MB), and how long its event loop was held at most (ms). */
function watch(): () => { memory: number; delay: number } {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  let memory = 0;
  const looking = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss() / 1e6);
  }, 20);
  return () => {
    clearInterval(looking);
    loop.disable();
    return { memory, delay: loop.max / 1e6 };
  };
}
