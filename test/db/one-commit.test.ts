import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { makeSeries } from "../../src/broadcast/series/make-series.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { remindSigners } from "../../src/broadcast/signing/remind-signers.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import type { Outcome } from "../../src/lib/refusal.ts";
import type { Bell } from "../../src/queue/queues.ts";
import { inSystemWork, inWork, type SystemWork, type Work } from "../../src/queue/work.ts";
import { erasePerson } from "../../src/roster/erase-person.ts";
import { finishErasures } from "../../src/roster/finish-erasures.ts";
import { findPersonOf } from "../../src/roster/person-data.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";

/**
 * Moves of composing that write several rows, in the order of a notice's life: the process dies when all of them are
 * written and none is committed. Nothing is kept, nobody is rung for, and the same move made again is made once.
 */
let t: TestContext;
let cast: Cast;
let personal: BroadcastId;
let waiting: BroadcastId;
const rung: Bell[] = [];

beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 3 });
  await cast.actor("secretary", "书记", phoneOf(903));
  t.ctx.bells.ring = async (bells) => void rung.push(...bells);
  t.clock.set("2026-10-09T09:00:00+08:00");
  const draft = (body: string) =>
    byClerk(async (work) => draftBroadcast(work, cast.village, { column: "村务公开", body }, true));
  personal = expectOk(await draft("{{姓名}}家明天交医保。"));
  waiting = expectOk(await draft("明天开村民代表会。"));
});
afterAll(() => t.stop());
beforeEach(() => {
  rung.length = 0;
});

const byClerk = <T>(body: (work: Work) => Promise<T>): Promise<T> => inWork(t.ctx.work, cast.clerk, body);
const bySecretary = <T>(body: (work: Work) => Promise<T>): Promise<T> => inWork(t.ctx.work, cast.secretary, body);
const bySystem = <T>(body: (work: SystemWork) => Promise<T>): Promise<T> => inSystemWork(t.ctx.work, body);

const TABLES = [
  ...["broadcasts", "broadcast_texts", "broadcast_events", "messages", "segment_months", "signature_reminders"],
  ...["villagers", "households", "phones", "erasures"],
];
async function look(): Promise<Record<string, string | null>> {
  const prints = TABLES.map(
    (name) => `(select md5(string_agg(r::text, '' order by r::text)) from ${name} r) as ${name}`,
  );
  return (await t.ctx.pools.system.query(`select ${prints.join()}`)).rows[0];
}

/** Dies, then is made: the tables that it changed, and the queues that it rang. */
async function make<W>(
  by: (body: (work: W) => Promise<unknown>) => Promise<unknown>,
  move: (work: W) => Promise<unknown>,
): Promise<{ changed: string[]; rang: string[] }> {
  const before = await look();
  const dying = by(async (work) => {
    await move(work);
    throw new Error("killed");
  });
  await expect(dying).rejects.toThrow("killed");
  expect([await look(), rung]).toEqual([before, []]);
  const done = (await by(move)) as Outcome<unknown> | string | number | undefined;
  if (typeof done === "object") expectOk(done);
  const after = await look();
  return { changed: TABLES.filter((table) => after[table] !== before[table]), rang: rung.map(({ queue }) => queue) };
}

describe("a process dies before its commit", () => {
  test("while it makes a series", async () => {
    const text = "先说谁能领。种自己承包地的都能领，租给别人的看合同怎么写。".repeat(6);
    const wish = { column: "政策学习", text, segments: 1, date: "2026-10-12", clock: "19:00", everyDays: 1 };
    const move = (work: Work) => makeSeries(work, cast.village, { ...wish, skipHolidays: true }, true);
    expect(await make(byClerk, move)).toEqual({ changed: ["broadcasts", "broadcast_events"], rang: [] });
  });

  test("while the last key freezes each door's own text, and while they are launched", async () => {
    expect(await make(bySecretary, (work: Work) => approveBroadcast(work, personal))).toEqual({
      changed: ["broadcasts", "broadcast_texts", "broadcast_events"],
      rang: ["launch-broadcast"],
    });
    rung.length = 0;
    expect(await make(bySystem, (work: SystemWork) => launchBroadcast(work, personal))).toEqual({
      changed: ["broadcasts", "broadcast_events", "messages", "segment_months"],
      rang: ["dispatch-messages"],
    });
  });

  test("while it asks for a signature", async () => {
    t.clock.set("2026-10-09T11:00:00+08:00");
    const move = (work: SystemWork) => remindSigners(work, waiting);
    expect(await make(bySystem, move)).toEqual({
      changed: ["broadcasts", "messages", "signature_reminders"],
      rang: ["dispatch-messages"],
    });
    const asked = await look();
    await bySystem(move);
    expect(await look()).toEqual(asked);
  });

  test("while it takes a person out, of the roster and of what was written", async () => {
    const { id } = await t.ctx.db.system.selectFrom("villagers").select("id").limit(1).executeTakeFirstOrThrow();
    const erase = async (work: Work) => {
      const person = await findPersonOf(work.tx, cast.village.id, id);
      if (!person) throw new Error("nobody to take out");
      return await erasePerson(work, cast.village, person, { asked: "1" });
    };
    expect((await make(bySecretary, erase)).changed).toEqual(["villagers", "households", "erasures"]);
    expect((await make(bySystem, finishErasures)).changed).toEqual([
      "broadcast_texts",
      "messages",
      "phones",
      "erasures",
    ]);
  });
});
