import { listForVisit } from "../../src/broadcast/after-sending/list-visits.ts";
import { makeSchedule } from "../../src/broadcast/schedule/schedule.ts";
import { addTemplate } from "../../src/broadcast/template/write-template.ts";
import type { Context } from "../../src/context.ts";
import { freePort } from "../../src/db/owner.ts";
import { openEvent } from "../../src/disclosure/open-event.ts";
import { startChain } from "../../src/disclosure/run-chain.ts";
import { startSheet } from "../../src/finance/write-sheet.ts";
import { type Actor, OPERATOR } from "../../src/lib/roles.ts";
import { inWork, type Work } from "../../src/queue/work.ts";
import { stageImport } from "../../src/roster/stage-import.ts";
import { buildServer } from "../../src/server.ts";
import { createApiKey } from "../../src/staff/api-keys.ts";
import { findActor } from "../../src/staff/session.queries.ts";
import { createVillage } from "../../src/village/create-village.ts";
import { getVillage, type Village } from "../../src/village/village.queries.ts";
import { signIn } from "./browser-session.ts";
import { expectOk } from "./given.ts";
import { type Route, watchRoutes } from "./routes.ts";

/**
 * A second village of the demo's township, with nothing in it, and the township's supervisor at its door. He sees both
 * villages, so no row-level wall stands between them: each page must ask for its own village's rows.
 */
export type SecondVillage = {
  /** Everything that can be asked for under a village's code. */
  routes: Route[];
  ask(route: Route, path: string): Promise<Response>;
  /** Ids and names of what belongs to the demo's own village, each with its table. */
  marks: Map<string, string>;
  stop(): Promise<void>;
};

export async function openSecondVillage(ctx: Context, password: string): Promise<SecondVillage> {
  const { rows } = await ctx.pools.system.query("select village_id, id from actors where role = 'clerk'");
  const village = await getVillage(ctx.db.system, rows[0].village_id);
  await fill(ctx, village, (await findActor(ctx.db.system, rows[0].id)) as Actor);
  const key = await inWork(ctx.work, OPERATOR, async (work) => {
    const near = { code: "near", name: "近邻村", signature: "近邻村村委会", sendingHours: "any" as const };
    expectOk(await createVillage(work, { ...near, township: "wangcun" }));
    return await createApiKey(work, { role: "township", villageId: null, townshipId: village.townshipId });
  });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { value: app, routes } = await watchRoutes(() => buildServer(ctx, url, { simulatorPace: "fast" }));
  await app.listen({ host: "127.0.0.1", port });
  const supervisor = await signIn(url, "dudao", password);
  return {
    routes: routes.filter(
      ({ method, url, kind }) => method === "GET" && kind !== "board" && /:code/.test(url) && !/\/live$/.test(url),
    ),
    ask: (route, path) =>
      route.kind === "api" ? fetch(url + path, { headers: { authorization: `Bearer ${key}` } }) : supervisor.get(path),
    marks: await readMarks(ctx, village),
    stop: () => app.close(),
  };
}

/** What the demo leaves out: one row at least of everything that a page lists. */
async function fill(ctx: Context, village: Village, clerk: Actor): Promise<void> {
  const as = <T>(body: (work: Work) => Promise<T>) => inWork(ctx.work, clerk, body);
  const words = { column: "村务公开", body: "每周一早上八点清运垃圾。" };
  expectOk(await as((work) => makeSchedule(work, village, { ...words, weekdays: [1], monthDay: null, minute: 480 })));
  expectOk(await as((work) => addTemplate(work, village, { ...words, name: "清运垃圾的通知" })));
  expectOk(await as((work) => startSheet(work, village, "2026-09")));
  expectOk(await as((work) => openEvent(work, village, { item: "V01", title: "定了修路的事", on: "2026-10-08" })));
  const chain = { kind: "four_two", title: "修水泥路", heldOn: "2026-10-08", noticeDays: null };
  expectOk(await as((work) => startChain(work, village, chain)));
  expectOk(await as((work) => stageImport(work, village.id, { file: null, text: "户号,姓名\n1,郭传福" })));
  const { rows } = await ctx.pools.system.query(
    "select broadcast_id as id from messages where state = 'undelivered' and broadcast_id is not null limit 1",
  );
  expectOk(await as((work) => listForVisit(work, rows[0].id, null)));
}

async function readMarks(ctx: Context, village: Village): Promise<Map<string, string>> {
  const { rows: tables } = await ctx.pools.system.query<{ name: string; named: boolean }>(`
    select c.relname as name, c.relname in ('villagers', 'actors', 'groups', 'grids') as named from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and has_table_privilege(c.oid, 'select')
       and 2 = (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('id', 'village_id'))`);
  const marks = new Map<string, string>();
  for (const { name, named } of tables) {
    const { rows } = await ctx.pools.system.query<{ id: string; name: string | null }>(
      `select id::text, ${named ? "name" : "null"} as name from ${name} where village_id = $1`,
      [village.id],
    );
    for (const row of rows) {
      marks.set(row.id, name);
      if (row.name && row.name.length > 2) marks.set(row.name, name);
    }
  }
  return marks;
}
