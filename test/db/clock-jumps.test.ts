import { afterEach, describe, expect, test } from "vitest";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import type { DraftWish } from "../../src/broadcast/check-draft.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { runSchedule } from "../../src/broadcast/schedule/run-schedule.ts";
import { approveSchedule, makeSchedule } from "../../src/broadcast/schedule/schedule.ts";
import { resumeBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { DAY, HOUR } from "../../src/lib/clock.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage } from "../support/given.ts";
import { eventually } from "../support/ledger.ts";

const DOORS = 40;
const RATE = 40;

/** The clock of a machine is set right, a day forwards or an hour back, while it works: nothing is sent twice for it. */
describe("the clock jumps", () => {
  let t: TestContext;
  let cast: Cast;
  afterEach(() => t.stop());

  const start = async () => {
    t = await startContext({ env: { SEND_RATE: String(RATE) } });
    cast = await givenVillage(t.ctx, { households: DOORS });
  };
  const approved = async (more: Partial<DraftWish> = {}): Promise<BroadcastId> => {
    const wish = { column: "村务公开", body: "明天停水。", ...more };
    const id = expectOk(await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true)));
    return expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id)));
  };
  const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
  const state = async (id: BroadcastId) =>
    (await t.ctx.db.system.selectFrom("broadcasts").select("state").where("id", "=", id).executeTakeFirstOrThrow())
      .state;
  /** Every sweep once, in its order; what each found. */
  const sweepAll = async () => {
    const found: Record<string, number> = {};
    for (const sweep of SWEEPS) found[sweep.name] = await sweep.run(t.ctx);
    return found;
  };
  const arrived = (n: number) =>
    eventually(
      `${n} arrived`,
      async () => t.carrier.arrivals.length,
      (seen) => seen >= n,
      10_000,
    );
  const expectEachOnce = () => {
    expect(t.carrier.arrivals).toHaveLength(DOORS);
    expect(new Set(t.carrier.arrivals.map(({ to }) => to)).size).toBe(DOORS);
  };

  test("while a notice is on its way: leases and the rate go by another clock", async () => {
    await start();
    const id = await approved();
    await launch(id);
    const sending = send();
    for (const [after, jump] of [
      [10, DAY],
      [20, -DAY - HOUR],
      [30, HOUR],
    ] as const) {
      await arrived(after);
      t.clock.advance(jump);
      // No lease has run out, no text is in doubt, and the notice is not over.
      const { expired_claims, doubtful_texts, due_broadcasts, finished_broadcasts } = await sweepAll();
      expect({ expired_claims, doubtful_texts, due_broadcasts, finished_broadcasts }).toEqual({
        expired_claims: 0,
        doubtful_texts: 0,
        due_broadcasts: 0,
        finished_broadcasts: 0,
      });
    }
    await sending;
    expectEachOnce();
    expect(await countMessages(t.ctx.db.system, id)).toEqual({ accepted: DOORS });
    const at = t.carrier.arrivals.map((arrival) => arrival.at).sort((a, b) => a - b);
    const seconds = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1000;
    // Forty at forty a second, less the burst, and no pause for an hour or a day.
    expect(seconds).toBeGreaterThan(DOORS / RATE - 0.3);
    expect(seconds).toBeLessThan(DOORS / RATE + 1.5);
  });

  test("back over the moment of a notice that has been sent: it is not sent when that moment comes again", async () => {
    await start();
    const id = await approved({ sendAt: new Date("2026-10-09T10:00:00+08:00") });
    t.clock.set("2026-10-09T10:00:01+08:00");
    expect(await launch(id)).toBe("launched");
    await send();
    expect((await sweepAll()).finished_broadcasts).toBe(1);
    for (const moment of ["2026-10-09T09:00:01+08:00", "2026-10-09T10:00:01+08:00", "2026-10-10T10:00:01+08:00"]) {
      t.clock.set(moment);
      expect([await launch(id), (await sweepAll()).due_broadcasts]).toEqual(["not_due", 0]);
      await send();
    }
    expectEachOnce();
  });

  test("a day forwards over the moment of a notice: it is held for a person, also once the clock is right again", async () => {
    await start();
    const id = await approved({ sendAt: new Date("2026-10-09T10:00:00+08:00") });
    t.clock.advance(DAY);
    expect((await sweepAll()).due_broadcasts).toBe(1);
    expect([await launch(id), await state(id)]).toEqual(["held", "held"]);
    t.clock.advance(-DAY);
    t.clock.advance(HOUR);
    expect([await launch(id), (await sweepAll()).due_broadcasts]).toEqual(["not_due", 0]);
    await send();
    expect([await state(id), t.carrier.arrivals]).toEqual(["held", []]);
  });

  test("a day forwards before a notice to be sent at once is launched: it is held, and goes when a person says so", async () => {
    await start();
    const id = await approved();
    t.clock.advance(DAY);
    expect([await launch(id), await state(id)]).toEqual(["held", "held"]);
    t.clock.advance(DAY);
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => resumeBroadcast(work, id)));
    expect(await launch(id)).toBe("launched");
    await send();
    expectEachOnce();
  });

  test("back and forth over the time of a notice that repeats: it is made once for that day", async () => {
    await start();
    const friday = { column: "政策学习", body: "今晚七点学习。", weekdays: [5], monthDay: null, minute: 18 * 60 };
    const id = expectOk(await inWork(t.ctx.work, cast.clerk, (work) => makeSchedule(work, cast.village, friday)));
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveSchedule(work, id)));
    const run = () => inSystemWork(t.ctx.work, (work) => runSchedule(work, id));
    t.clock.set("2026-10-09T18:00:00+08:00");
    expect(await run()).not.toBeNull();
    for (const jump of [-HOUR, HOUR, DAY, -DAY - HOUR, HOUR]) {
      t.clock.advance(jump);
      expect(await run()).toBeNull();
    }
    const made = await t.ctx.db.system.selectFrom("broadcasts").select("id").where("schedule_id", "=", id).execute();
    expect(made).toHaveLength(1);
  });
});
