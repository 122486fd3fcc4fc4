import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { readWords } from "../../src/broadcast/lint/check-words.ts";
import { runSchedule } from "../../src/broadcast/schedule/run-schedule.ts";
import { findSchedule } from "../../src/broadcast/schedule/schedule.queries.ts";
import { approveSchedule, makeSchedule, stopSchedule } from "../../src/broadcast/schedule/schedule.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { makeSeries } from "../../src/broadcast/series/make-series.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { isoLocal } from "../../src/lib/china-time.ts";
import type { BroadcastId, ScheduleId } from "../../src/lib/ids.ts";
import { connectQueues } from "../../src/queue/connect.ts";
import type { Bell } from "../../src/queue/queues.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage } from "../support/given.ts";
import { BACKENDS, startRedis } from "../support/redis.ts";

let t: TestContext;
let cast: Cast;
let rung: Bell[];
let realRing: TestContext["ctx"]["bells"]["ring"];

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 4 });
  rung = [];
  realRing = t.ctx.bells.ring;
  // Every bell is lost: only the sweep rings, and here nobody answers it.
  t.ctx.bells.ring = async (bells) => void rung.push(...bells);
});
afterEach(async () => {
  t.ctx.bells.ring = realRing;
  await t.stop();
});

/** Fridays at six; the clock stands on a Friday at nine. */
const make = async (): Promise<ScheduleId> =>
  expectOk(
    await inWork(t.ctx.work, cast.clerk, (work) =>
      makeSchedule(work, cast.village, {
        column: "政策学习",
        body: "本周学习：周五晚七点，文化大院。",
        weekdays: [5],
        monthDay: null,
        minute: 18 * 60,
      }),
    ),
  );
const approve = (id: ScheduleId) => inWork(t.ctx.work, cast.secretary, (work) => approveSchedule(work, id));
const run = (id: ScheduleId) => inSystemWork(t.ctx.work, (work) => runSchedule(work, id));
const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
const made = () =>
  t.ctx.db.system
    .selectFrom("broadcasts")
    .select(["id", "state", "held_for as heldFor", "occurrence_date as date", "drafted_by as by", "approved_by as ok"])
    .orderBy("occurrence_date")
    .execute();
const nextAt = async (id: ScheduleId) => isoLocal((await findSchedule(t.ctx.db.system, id))?.nextAt ?? new Date(0));
const sweep = async (name: string) => {
  rung.length = 0;
  return await SWEEPS.find((one) => one.name === name)?.run(t.ctx);
};

test("the week's third notice says so, whatever the others are: repeated, waiting for a signature, part of a series", async () => {
  t.clock.set("2026-10-12T09:00:00+08:00");
  const often = async (sendAt: Date | null = null) => {
    const sketch = {
      id: null,
      villageId: cast.village.id,
      kind: "notice" as const,
      body: "停水",
      options: null,
      sendAt,
    };
    const found = await inWork(t.ctx.work, cast.clerk, (work) => readWords(work, sketch));
    return found.find(({ rule }) => rule === "too_often")?.why ?? null;
  };
  const id = await make();
  expect(await often()).toBeNull();
  const emergency = { column: "村务公开", body: "发大水，快上山。", kind: "emergency" as const };
  for (const wish of [emergency, { column: "村务公开", body: "开会，周三晚七点，村委会，全体党员。" }])
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, wish, true)));
  expect(await often()).toContain("本周第 3 条");
  // Next week there is the repeated one only; when it has been made, it counts once.
  expect(await often(new Date("2026-10-20T09:00:00+08:00"))).toBeNull();
  t.clock.set("2026-10-16T18:00:00+08:00");
  await run(id);
  expect(await often()).toContain("本周第 3 条");
  const rhythm = { date: "2026-10-20", clock: "19:00", everyDays: 1, skipHolidays: false };
  const series = { ...rhythm, column: "农村政策导读", text: "种粮补贴今年每亩发一百元。".repeat(8), segments: 1 };
  expectOk(await inWork(t.ctx.work, cast.clerk, (work) => makeSeries(work, cast.village, series, true)));
  expect(await often(new Date("2026-10-20T09:00:00+08:00"))).toContain("本周第 4 条");
});

describe("an occurrence", () => {
  test("makes exactly one broadcast, however many bells ring at once", async () => {
    const id = await make();
    expectOk(await approve(id));
    t.clock.set("2026-10-09T17:59:59+08:00");
    expect(await run(id)).toBeNull();
    t.clock.set("2026-10-09T18:00:00+08:00");
    const results = await Promise.all(Array.from({ length: 6 }, () => run(id)));
    expect(results.filter((one) => one !== null)).toHaveLength(1);
    expect(await made()).toMatchObject([{ state: "scheduled", date: "2026-10-09" }]);
    expect(await nextAt(id)).toBe("2026-10-16T18:00:00+08:00");

    // Even a row that was set back by hand makes no second one of the same day.
    await t.ctx.db.system
      .updateTable("schedules")
      .set({ next_at: new Date("2026-10-09T18:00:00+08:00") })
      .execute();
    expect(await run(id)).toBeNull();
    expect(await made()).toHaveLength(1);
    expect(await nextAt(id)).toBe("2026-10-16T18:00:00+08:00");
  });

  test("goes by the word that was given once, by somebody other than the maker", async () => {
    const id = await make();
    const self = await inWork(t.ctx.work, { ...cast.secretary, id: cast.clerk.id }, (work) =>
      approveSchedule(work, id),
    );
    expect(self).toMatchObject({ ok: false, refusal: { code: "self_approval" } });
    expectOk(await approve(id));
    expect(await approve(id)).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });
    for (const [i, day] of ["2026-10-09", "2026-10-16"].entries()) {
      t.clock.set(`${day}T18:00:30+08:00`);
      expect(await launch((await run(id)) as BroadcastId)).toBe("launched");
      await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
      expect(t.carrier.arrivals).toHaveLength(4 * (i + 1));
    }
    expect(t.carrier.arrivals[0]?.body).toBe("【郭家村村委会】本周学习：周五晚七点，文化大院。");
    expect(await made()).toMatchObject([
      { by: cast.clerk.id, ok: cast.secretary.id },
      { by: cast.clerk.id, ok: cast.secretary.id },
    ]);
  });

  test("of a schedule that nobody has approved waits for an approval of its own", async () => {
    const id = await make();
    t.clock.set("2026-10-09T18:00:00+08:00");
    const broadcast = (await run(id)) as BroadcastId;
    expect(await launch(broadcast)).toBe("not_due");
    expect(await made()).toMatchObject([{ state: "awaiting_approval", ok: null }]);
    const self = await inWork(t.ctx.work, { ...cast.secretary, id: cast.clerk.id }, (work) =>
      approveBroadcast(work, broadcast),
    );
    expect(self).toMatchObject({ ok: false, refusal: { code: "self_approval" } });
    t.clock.set("2026-10-10T09:00:00+08:00");
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, broadcast)));
    expect(await launch(broadcast)).toBe("launched");
  });

  test("that was missed is found by the sweep; every one of them, and what is late is held", async () => {
    const id = await make();
    expectOk(await approve(id));
    expect(await sweep("due_schedules")).toBe(0);
    // Two Fridays pass with nobody there; the third has just struck.
    t.clock.set("2026-10-23T18:00:02+08:00");
    while ((await sweep("due_schedules")) === 1) {
      expect(rung).toEqual([
        { queue: "run-schedule", payload: { scheduleId: id }, repeat: { id, cron: "0 18 * * 5" } },
      ]);
      await run(id);
    }
    for (const one of await made()) await launch(one.id);
    expect(await made()).toMatchObject([
      { date: "2026-10-09", state: "held", heldFor: "late" },
      { date: "2026-10-16", state: "held", heldFor: "late" },
      { date: "2026-10-23", state: "sending", heldFor: null },
    ]);
    expect(await nextAt(id)).toBe("2026-10-30T18:00:00+08:00");
  });

  test("does not come any more once it was stopped", async () => {
    const id = await make();
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => stopSchedule(work, id)));
    expect(rung.at(-1)).toMatchObject({ repeat: { id, cron: null } });
    t.clock.set("2026-10-09T18:00:00+08:00");
    expect([await sweep("due_schedules"), await run(id), await made()]).toEqual([0, null, []]);
    expect(await approve(id)).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });
  });

  test("is not the business of another village", async () => {
    const id = await make();
    const there = await givenVillage(t.ctx, { code: "there" });
    for (const move of [approveSchedule, stopSchedule]) {
      const moved = await inWork(t.ctx.work, there.secretary, (work) => move(work, id));
      expect(moved).toMatchObject({ ok: false, refusal: { code: "not_found" } });
    }
  });
});

test.each(BACKENDS)("BullMQ's job scheduler rings at its times over %s, until it is told to stop", async (backend) => {
  const redis = backend === "redis" ? await startRedis() : null;
  const bells = connectQueues({ redisUrl: redis?.url, postgresUrl: t.database.access.queue.url, log: t.ctx.log });
  try {
    await bells.start();
    const heard: string[] = [];
    bells.answer("run-schedule", async ({ scheduleId }) => void heard.push(scheduleId));
    const scheduleId = "00000000-0000-7000-8000-000000000001" as ScheduleId;
    const bell = (cron: string | null): Bell => ({
      queue: "run-schedule",
      payload: { scheduleId },
      repeat: { id: scheduleId, cron },
    });
    const until = async (n: number) => {
      for (const end = Date.now() + 8000; heard.length < n && Date.now() < end; )
        await new Promise((resolve) => setTimeout(resolve, 20));
      return heard.length >= n;
    };
    // Every second, told twice as after a flush: rung at once each time, then by the scheduler, which is still one.
    await bells.ring([bell("* * * * * *")]);
    await bells.ring([bell("* * * * * *")]);
    expect(await until(4)).toBe(true);
    const before = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(heard.length - before).toBeLessThanOrEqual(4);
    await bells.ring([bell(null)]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const after = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 2200));
    expect(heard.length).toBe(after);
    expect(new Set(heard)).toEqual(new Set([scheduleId]));
  } finally {
    await bells.stopAnswering();
    await bells.close();
    await redis?.stop();
  }
});
