import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { newId, type RosterImportId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import {
  findImport,
  forgetImports,
  type RosterImport,
  waitingImports,
} from "../../src/roster/roster-imports.queries.ts";
import { settleLeavers } from "../../src/roster/settle-leavers.ts";
import { stageImport } from "../../src/roster/stage-import.ts";
import { listLeavers } from "../../src/roster/staged-rows.queries.ts";
import { startImport } from "../../src/roster/start-import.ts";
import { workOnImport } from "../../src/roster/work-on-import.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
let villages = 0;
beforeEach(async () => {
  t ??= await startContext();
  cast = await givenVillage(t.ctx, { code: `v${++villages}` });
});
afterAll(() => t.stop());

const run = (text: string, values: unknown[] = []) => t.ctx.pools.system.query(text, values);
const listed = async () =>
  (
    await run(
      `select h.number, v.name, v.left_reason as left, v.phone_hash = h.contact_hash as contact
         from villagers v join households h on h.id = v.household_id where h.village_id = $1 order by h.number, v.position`,
      [cast.village.id],
    )
  ).rows;
const csv = (lines: readonly string[], titles = "户号,姓名,手机号") => Buffer.from([titles, ...lines].join("\n"));
const importNow = (file: Buffer) =>
  inWork(t.ctx.work, cast.clerk, (work) => importRoster(work, t.ctx.sealer, cast.village.id, file));
const people = (n: number, from = 0) =>
  Array.from({ length: n }, (_, i) => `${Math.floor((from + i) / 2)},村民${from + i},${phoneOf(from + i)}`);

const stage = async (file: Buffer): Promise<RosterImportId> =>
  expectOk(
    await inWork(t.ctx.work, cast.clerk, (work) =>
      stageImport(work, cast.village.id, { file: { name: "a.csv", bytes: file }, text: "" }),
    ),
  );
const workOn = (id: RosterImportId, signal = new AbortController().signal) => workOnImport(t.ctx.work, id, signal);
const look = async (id: RosterImportId) =>
  (await inWork(t.ctx.work, cast.clerk, (work) => findImport(work.tx, cast.village.id, id))) as RosterImport;
const set = (id: RosterImportId, to: { tries?: number; touched_at?: Date; state?: "running"; read_rows?: number }) =>
  inWork(t.ctx.work, cast.clerk, (work) =>
    work.tx.updateTable("roster_imports").set(to).where("id", "=", id).execute(),
  );
const start = async (id: RosterImportId) => {
  const item = await look(id);
  return await inWork(t.ctx.work, cast.clerk, (work) => startImport(work, item));
};

describe("an import", () => {
  test("again changes nothing, and a file without a column says nothing of it", async () => {
    const file = csv(["1,甲,13800000001,党员", "1,乙,13800000002,"], "户号,姓名,手机号,身份");
    expect(expectOk(await importNow(file))).toMatchObject({ imported: 2, updated: 0, unchanged: 0 });
    expect(expectOk(await importNow(file))).toMatchObject({ imported: 0, updated: 0, unchanged: 2 });
    const without = csv(["1,甲,三组"], "户号,姓名,村民小组");
    expect(expectOk(await importNow(without))).toMatchObject({ imported: 0, updated: 1 });
    const { rows } = await run(
      "select tags, phone_hash is not null as phone from villagers where name = '甲' and village_id = $1",
      [cast.village.id],
    );
    expect(rows).toEqual([{ tags: ["党员"], phone: true }]);
  });

  test("texts the first of a household in the file's order, whatever order it was in before", async () => {
    await importNow(csv(["1,甲,13800000001", "1,乙,13800000002"]));
    expect(await listed()).toMatchObject([
      { name: "甲", contact: true },
      { name: "乙", contact: false },
    ]);
    expect(expectOk(await importNow(csv(["1,乙,13800000002", "1,甲,13800000001"])))).toMatchObject({ unchanged: 2 });
    expect(await listed()).toMatchObject([
      { name: "乙", contact: true },
      { name: "甲", contact: false },
    ]);
  });

  test("goes on after its worker was killed in the middle, and counts everybody once", async () => {
    const id = await stage(csv(people(3500)));
    expect(await workOn(id)).toBe("previewed");
    expect((await look(id)).found).toMatchObject({ new: 3500, changed: 0, rejected: 0, left: 0 });
    expectOk(await start(id));
    // The process is gone after its second commit: the first transaction that follows never ends.
    let commits = 0;
    const dying = {
      ...t.ctx.work,
      sealer: {
        ...t.ctx.sealer,
        hashPhone: (phone: Parameters<typeof t.ctx.sealer.hashPhone>[0]) => {
          if (++commits > 2500) throw new Error("killed");
          return t.ctx.sealer.hashPhone(phone);
        },
      },
    };
    await expect(workOnImport(dying, id, new AbortController().signal)).rejects.toThrow("killed");
    expect(await look(id)).toMatchObject({ state: "running", readRows: 2499, imported: 2499 });
    await set(id, { touched_at: new Date(0) });
    expect(await waitingImports(t.ctx.db.system)).toEqual([id]);
    expect(await workOn(id)).toBe("done");
    expect(await look(id)).toMatchObject({ state: "done", readRows: 3500, imported: 3500, updated: 0, unchanged: 0 });
    expect(await listed()).toHaveLength(3500);
    expect((await run("select 1 from roster_import_files where import_id = $1", [id])).rowCount).toBe(0);
    expect(await workOn(id)).toBeNull();
    // What comes next is planned for a village of this size (nothing else counts tables here: no autovacuum).
    const known = await run(
      "select reltuples = (select count(*) from villagers) as exactly from pg_class where relname = 'villagers'",
    );
    expect(known.rows).toEqual([{ exactly: true }]);
  });

  test("killed while it was compared is compared afresh, and no row is shown twice", async () => {
    const id = await stage(csv(["9998,坏了的,1380000", ...people(1500), "9999,也坏了,1380000"]));
    // Its second commit never comes.
    let shown = 0;
    const dying = {
      ...t.ctx.work,
      sealer: {
        ...t.ctx.sealer,
        bytes: (raw: Buffer) => {
          if (++shown > 1) throw new Error("killed");
          return t.ctx.sealer.bytes(raw);
        },
      },
    };
    await expect(workOnImport(dying, id, new AbortController().signal)).rejects.toThrow("killed");
    const rows = async () =>
      (await run("select row from roster_import_rows where import_id = $1 order by row", [id])).rows;
    expect([(await look(id)).state, await rows()]).toEqual(["uploaded", [{ row: 2 }]]);
    await set(id, { touched_at: new Date(0) });
    expect(await waitingImports(t.ctx.db.system)).toEqual([id]);
    expect(await workOn(id)).toBe("previewed");
    expect((await look(id)).found).toMatchObject({ new: 1500, rejected: 2 });
    expect(await rows()).toEqual([{ row: 2 }, { row: 1503 }]);
  });

  test("by two workers, one of whom has lost its lock and does not know it, counts everybody once", async () => {
    const id = await stage(csv(people(2500)));
    await workOn(id);
    expectOk(await start(id));
    const ends = await Promise.all([workOn(id), workOn(id)]);
    expect(ends).toContain("done");
    expect(await look(id)).toMatchObject({ state: "done", readRows: 2500, imported: 2500, unchanged: 0 });
    expect(await listed()).toHaveLength(2500);
  });

  test("stopped gently goes on where it was", async () => {
    const id = await stage(csv(people(2500)));
    await workOn(id);
    expectOk(await start(id));
    expect(await workOn(id, AbortSignal.abort())).toBeNull();
    expect(await look(id)).toMatchObject({ state: "running", readRows: 1499 });
    expect(await workOn(id)).toBe("done");
    expect(await look(id)).toMatchObject({ imported: 2500 });
  });

  test("that ends its worker again and again is given up with words", async () => {
    const id = await stage(csv(people(3)));
    await set(id, { tries: 5 });
    expect(await workOn(id)).toBe("failed");
    expect((await look(id)).problem).toMatch(/另存为 CSV，或分成几个文件再传$/);
    await set(id, { state: "running", tries: 5, read_rows: 2 });
    expect(await workOn(id)).toBe("failed");
    expect((await look(id)).problem).toMatch(/再传。前面 2 人已经导进去了，再传不会重复$/);
  });

  test("waits while another one of the village runs, and says whose", async () => {
    const [first, second] = [await stage(csv(people(3))), await stage(csv(people(3, 10)))];
    await workOn(first);
    await workOn(second);
    expectOk(await start(first));
    expect(await start(second)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringMatching(/^clerk正在导入名册（已导 0 \/ 3 人）/) },
    });
    expect(await importNow(csv(people(1)))).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });
    // Were both asked at the same moment, the index decides.
    await expect(set(second, { state: "running" })).rejects.toThrow("roster_imports_running");
    await workOn(first);
    expectOk(await start(second));
    expect(await workOn(second)).toBe("done");
  });

  test("is gone after a day, with the file and all that was shown of it", async () => {
    const id = await stage(csv(["1,甲,1380000"]));
    await workOn(id);
    const later = new Date(t.ctx.clock.now().getTime() + 1);
    const forget = () => inSystemWork(t.ctx.work, (work) => forgetImports(work.tx, later));
    // Begun in the last minute of its day: half of it is on the roster already.
    await set(id, { state: "running" });
    await forget();
    expect((await look(id)).state).toBe("running");
    expect(await workOn(id)).toBe("done");
    await forget();
    expect(await look(id)).toBeUndefined();
    for (const table of ["roster_import_files", "roster_import_rows"]) {
      expect((await run(`select 1 from ${table} where import_id = $1`, [id])).rowCount).toBe(0);
    }
  });
});

describe("people whom the file does not name", () => {
  test("stay until a person says otherwise; who left comes back with the next file that names him", async () => {
    await importNow(csv(["1,甲,13800000001", "1,乙,13800000002", "2,丙,13800000003"]));
    const id = await stage(csv(["1,乙,13800000002"]));
    await workOn(id);
    const item = await look(id);
    expect(item.found).toMatchObject({ unchanged: 1, left: 2 });
    const gone = await inWork(t.ctx.work, cast.clerk, (work) => listLeavers(work.tx, id, 0, 10));
    expect(gone.map((one) => one.name)).toEqual(["甲", "丙"]);
    const typed = Object.fromEntries(gone.map((one) => [`left-${one.villagerId}`, one.name === "丙" ? "died" : ""]));
    const foreign = { [`left-${newId()}`]: "died" };
    expectOk(
      await inWork(t.ctx.work, cast.clerk, (work) =>
        settleLeavers(work, item, { ...typed, ...foreign, all: "moved_out" }),
      ),
    );
    expect(await listed()).toMatchObject([
      { name: "甲", left: "moved_out" },
      { name: "乙", left: null, contact: true },
      { name: "丙", left: "died", contact: null },
    ]);
    expect(expectOk(await importNow(csv(["2,丙,13800000003"])))).toMatchObject({ updated: 1 });
    expect((await listed())[2]).toMatchObject({ name: "丙", left: null, contact: true });
  });
});
