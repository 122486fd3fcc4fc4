import { afterAll, beforeAll, expect, test } from "vitest";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { attachValues } from "../../src/broadcast/personal/attach-values.ts";
import { readPasted } from "../../src/broadcast/personal/read-values.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import type { RosterImportId } from "../../src/lib/ids.ts";
import { inWork, type Work } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { getImport, type RosterImport } from "../../src/roster/roster-imports.queries.ts";
import { stageImport } from "../../src/roster/stage-import.ts";
import { startImport } from "../../src/roster/start-import.ts";
import { type CarrierProcess, startCarrier } from "../support/carrier-process.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";
import { eventually } from "../support/ledger.ts";
import { endAll, type Process, startMain, startProcess } from "../support/process.ts";
import { workerEnv } from "../support/worker-env.ts";

const SETTINGS = { SEND_RATE: "200", SEND_CONCURRENCY: "4" };
/** Enough for two commits (src/roster/import-roster.ts). */
const NEWCOMERS = 1600;

let t: TestContext;
let carrier: CarrierProcess;
let cast: Cast;
beforeAll(async () => {
  [t, carrier] = await Promise.all([startContext({ env: SETTINGS }), startCarrier({ HOSTILE: "0" })]);
  // The workers go by the real clock.
  t.clock.set(new Date().toISOString());
  cast = await givenVillage(t.ctx);
});
afterAll(async () => {
  await endAll();
  await t.stop();
});

const asClerk = <T>(body: (work: Work) => Promise<T>): Promise<T> => inWork(t.ctx.work, cast.clerk, body);
const csv = (lines: readonly string[]) => Buffer.from(["户号,姓名,手机号,小组", ...lines].join("\n"));
const stage = async (lines: readonly string[]): Promise<RosterImportId> =>
  expectOk(
    await asClerk((work) =>
      stageImport(work, cast.village.id, { file: { name: "a.csv", bytes: csv(lines) }, text: "" }),
    ),
  );
const look = async (id: RosterImportId) => (await getImport(t.ctx.db.system, id)) as RosterImport;
const until = (id: RosterImportId, state: RosterImport["state"]) =>
  eventually(
    state,
    () => look(id),
    (seen) => seen.state === state,
  );
const start = async (id: RosterImportId) => {
  const item = await look(id);
  return await asClerk((work) => startImport(work, item));
};

/** Kills itself with SIGKILL at that step (test/chaos/fault.ts). */
const startDying = (fault: string): Process =>
  startProcess(process.execPath, ["--import", "./test/chaos/fault.ts", "src/main.ts", "worker"], {
    env: { ...workerEnv(t, carrier, SETTINGS), FAULT: fault },
  });
async function expectKilled(worker: Process): Promise<void> {
  const { signal } = await worker.ended;
  expect(signal ?? worker.stderr().slice(-2000)).toBe("SIGKILL");
  // What it was at is found at once, not when it has been still for five seconds.
  await asClerk(({ tx }) =>
    tx
      .updateTable("roster_imports")
      .set({ touched_at: new Date(0) })
      .execute(),
  );
}

/** Handed in and approved; whoever was to ring for it died before he could. */
async function approvePersonal(): Promise<void> {
  const wish = {
    column: "村务公开",
    body: "{{姓名}}家分红{{金额}}元。",
    audience: { scope: "households" as const, groups: ["甲组"] },
  };
  const id = expectOk(await asClerk((work) => draftBroadcast(work, cast.village, wish, false)));
  const table = expectOk(readPasted("户号,金额\n甲1,11\n甲2,22\n甲3,33\n"));
  expectOk(await asClerk((work) => attachValues(work, id, table)));
  expectOk(await asClerk((work) => submitBroadcast(work, id)));
  const deaf = { ...t.ctx.work, bells: { ring: async () => undefined } };
  expectOk(await inWork(deaf, cast.secretary, (work) => approveBroadcast(work, id)));
}

test("a roster half taken in, and a notice with blanks half launched, outlive the workers that were at them", {
  timeout: 120_000,
}, async () => {
  const known = [`甲1,郭一,${phoneOf(1)},甲组`, `甲2,郭二,${phoneOf(1)},甲组`, `甲3,郭三,${phoneOf(3)},甲组`];
  expectOk(await asClerk((work) => importRoster(work, t.ctx.sealer, cast.village.id, csv(known))));
  const newcomers = Array.from({ length: NEWCOMERS }, (_, i) => `${i},村民${i},${phoneOf(100 + i)},乙组`);
  const [first, second] = [await stage(newcomers), await stage([`甲1,郭一,${phoneOf(9)},甲组`])];

  const taker = startDying("amid:take:2");
  await until(first, "previewed");
  await until(second, "previewed");
  expectOk(await start(first));
  await expectKilled(taker);
  const half = await look(first);
  expect([half.state, half.imported > 0, half.imported === half.readRows]).toEqual(["running", true, true]);
  expect(await start(second)).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });

  await approvePersonal();
  const launcher = startDying("amid:launch");
  await expectKilled(launcher);
  const last = startMain("worker", workerEnv(t, carrier, SETTINGS));
  expect(await until(first, "done")).toMatchObject({ readRows: NEWCOMERS, imported: NEWCOMERS, unchanged: 0 });
  const { rows: people } = await t.ctx.pools.system.query(
    "select count(*)::int as n, count(distinct (household_id, name))::int as different from villagers",
  );
  expect(people).toEqual([{ n: known.length + NEWCOMERS, different: known.length + NEWCOMERS }]);

  await eventually(
    "the notice sent",
    async () =>
      (
        await t.ctx.pools.system.query<{ state: string; claims: number }>(
          "select state, (select count(*)::int from claims) as claims from broadcasts",
        )
      ).rows,
    ([notice]) => notice?.state === "sent" && notice.claims === 0,
  );
  const { texts } = await carrier.log();
  expect(texts.map(({ to, body }) => `${to} ${body}`).sort()).toEqual([
    `${phoneOf(1)} 【郭家村村委会】郭一家分红11元。`,
    `${phoneOf(1)} 【郭家村村委会】郭二家分红22元。`,
    `${phoneOf(3)} 【郭家村村委会】郭三家分红33元。`,
  ]);
  expectOk(await start(second));
  await until(second, "done");
  await last.stop("SIGKILL");
});
