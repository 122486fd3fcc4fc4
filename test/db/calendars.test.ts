import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SuggestionId } from "../../src/lib/ids.ts";
import { type Actor, OPERATOR } from "../../src/lib/roles.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { insertStaff } from "../../src/staff/staff.queries.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { extendSuggestion } from "../../src/suggestion/move-suggestion.ts";
import { closeUnrated } from "../../src/suggestion/rate-suggestion.ts";
import { rereckonVillage } from "../../src/suggestion/rereckon-cases.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { listTimeline } from "../../src/suggestion/timeline.queries.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { type DayWish, setCalendarDay } from "../../src/village/set-calendar.ts";
import { setPromises } from "../../src/village/set-promises.ts";
import { findVillage } from "../../src/village/village.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenSupervisor, givenVillage } from "../support/given.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 5, township: "town" });
  // What the workers do: a bell for a village is answered at once.
  t.ctx.bells.ring = async (bells) => {
    for (const bell of bells) if (bell.queue === "reckon-dates") await reckon(bell.payload.villageId);
  };
  await sweep();
});
afterEach(() => t.stop());

const reckon = (id: typeof cast.village.id) => inSystemWork(t.ctx.work, (work) => rereckonVillage(work, id));
const sweep = () => SWEEPS.find((one) => one.name === "changed_calendars")?.run(t.ctx);
const village = async () => (await findVillage(t.ctx.db.system, "guojia")) ?? cast.village;
const look = async (id: SuggestionId) => {
  const { dueAt, toldDueAt } = (await findSuggestion(t.ctx.db.system, id)) ?? {};
  const day = (at: Date | null | undefined) =>
    at ? new Date(at.getTime() - 1 + 8 * 3600_000).toISOString().slice(0, 10) : null;
  return [day(dueAt), day(toldDueAt)];
};
const lines = async (id: SuggestionId) =>
  (await listTimeline(t.ctx.db.system, id)).filter((one) => one.kind === "rereckoned").map((one) => one.text);

/** Came on Friday 9 October (10 October is a make-up day), promised for Thursday the 15th. */
async function opened(n = 1) {
  const who = villager(t, n);
  await who.texts("俺村西头那口井水有味");
  return { who, id: await who.lastCase() };
}
/** The supervisor of the village's township; made when first needed. */
let supervisor: Actor | null = null;
beforeEach(() => {
  supervisor = null;
});
const supervise = async (): Promise<Actor> => {
  supervisor ??= await givenSupervisor(t.ctx, cast);
  return supervisor;
};
const setDay = async (wish: Partial<DayWish> & { day: string }) =>
  inWork(t.ctx.work, await supervise(), async (work) =>
    setCalendarDay(work, await village(), { off: true, reason: "全镇体检", scope: "township", ...wish }),
  );
const promise = (amount: number) =>
  inWork(t.ctx.work, cast.secretary, async (work) =>
    setPromises(work, await village(), { promises: { result: { amount, unit: "working_days" } } }),
  );

describe("a day set off or on", () => {
  test("moves the open cases' dates at once: a later one is texted, with its cause", async () => {
    const { id, who } = await opened();
    expectOk(await setDay({ day: "2026-10-14" }));
    expect(await look(id)).toEqual(["2026-10-16", null]);
    expect((await who.reads()).at(-1)).toBe(
      "【郭家村村委会】您反映的事（编号1）因为放假安排有变，改在10月16日前答复您。",
    );
    expect(await lines(id)).toEqual(["放假安排有变，10月15日改为10月16日前答复"]);
    // New cases are promised by it, and the sweep finds nothing left to do.
    const other = await opened(2);
    expect(await look(other.id)).toEqual(["2026-10-16", null]);
    expect(await sweep()).toBe(0);
    expect((await who.reads()).length).toBe(2);
  });

  test("taken back binds the staff to the earlier day again; the villager keeps what he was told, untexted", async () => {
    const { id, who } = await opened();
    expectOk(await setDay({ day: "2026-10-14" }));
    expectOk(await setDay({ day: "2026-10-14", off: null }));
    expect(await look(id)).toEqual(["2026-10-15", "2026-10-16"]);
    expect((await lines(id)).at(-1)).toBe(
      "放假安排有变，10月16日改为10月15日前答复；村民知道的是10月16日，不再另发短信",
    );
    expectOk(await setDay({ day: "2026-10-14" }));
    expect(await look(id)).toEqual(["2026-10-16", null]);
    expect((await who.reads()).length).toBe(2);
  });

  test("brings nothing forward so far that a case is late overnight", async () => {
    const { id } = await opened();
    t.clock.set("2026-10-14T09:00:00+08:00");
    expectOk(await promise(1));
    expect(await look(id)).toEqual(["2026-10-15", null]);
    t.clock.set("2026-10-13T09:00:00+08:00");
    expectOk(await promise(2));
    expect(await look(id)).toEqual(["2026-10-14", "2026-10-15"]);
  });

  test("leaves alone what a person put off by name, and what is late", async () => {
    const extended = await opened(1);
    expectOk(
      await inWork(t.ctx.work, cast.secretary, (work) =>
        extendSuggestion(work, extended.id, { reason: "等化验", dueAt: new Date("2026-10-21T00:00:00+08:00") }),
      ),
    );
    const late = await opened(2);
    t.clock.set("2026-10-16T09:00:00+08:00");
    expectOk(await promise(20));
    expect(await look(extended.id)).toEqual(["2026-10-20", null]);
    expect(await look(late.id)).toEqual(["2026-10-15", null]);
  });

  test("counts for its township, its county or the country, the narrower first", async () => {
    const admin = await platformActor();
    const set = (wish: Partial<DayWish>) =>
      inWork(t.ctx.work, admin, async (work) =>
        setCalendarDay(work, await village(), {
          day: "2026-10-14",
          off: true,
          reason: "全国",
          scope: "country",
          ...wish,
        }),
      );
    expectOk(await set({}));
    expect((await village()).calendar["2026-10-14"]).toEqual({ off: true, reason: "全国" });
    expectOk(await set({ scope: "township", off: false, reason: "本镇照常" }));
    expect((await village()).calendar["2026-10-14"]).toEqual({ off: false, reason: "本镇照常" });
    // This township belongs to no county.
    expect(await set({ scope: "county" })).toMatchObject({ refusal: { errors: [{ field: "scope" }] } });
    const own = await supervise();
    expect(
      await inWork(t.ctx.work, own, async (work) =>
        setCalendarDay(work, await village(), { day: "2026-10-14", off: true, reason: "x", scope: "country" }),
      ),
    ).toMatchObject({ refusal: { errors: [{ field: "scope" }] } });
    // Nor does the database let a township write another's day, or the country's.
    await expect(
      inWork(t.ctx.work, own, (work) => work.tx.deleteFrom("calendar_days").where("township_id", "is", null).execute()),
    ).resolves.toMatchObject([{ numDeletedRows: 0n }]);
  });

  test("is refused where it is no day, or nobody says why", async () => {
    for (const wish of [{ day: "2026-02-30" }, { day: "2031-01-01" }, { day: "soon" }]) {
      expect(await setDay(wish)).toMatchObject({ refusal: { errors: [{ field: "day" }] } });
    }
    expect(await setDay({ day: "2026-10-14", reason: " " })).toMatchObject({
      refusal: { errors: [{ field: "reason" }] },
    });
  });
});

test("a package that brings a new plan is found by the sweep, though nobody rang", async () => {
  const { id } = await opened();
  // As a calendar that changed while the service was down.
  t.ctx.bells.ring = async () => undefined;
  expectOk(await setDay({ day: "2026-10-14" }));
  expect(await look(id)).toEqual(["2026-10-15", null]);
  expect(await sweep()).toBe(1);
  expect(await look(id)).toEqual(["2026-10-16", null]);
  expect(await sweep()).toBe(0);
});

test("a village's own promise moves its open cases, and says so", async () => {
  const { id, who } = await opened();
  expectOk(await promise(7));
  expect(await look(id)).toEqual(["2026-10-19", null]);
  expect((await who.reads()).at(-1)).toContain("因为答复时限有变，改在10月19日前答复您。");
});

test("the time to rate ends on a working day: nobody is closed out on a day of rest", async () => {
  const { id } = await opened();
  t.clock.set("2026-10-10T15:00:00+08:00");
  expectOk(
    await inWork(t.ctx.work, cast.secretary, (work) =>
      answerSuggestion(work, id, { resultKind: "solved", text: "井已淘过，水清了。" }),
    ),
  );
  const close = () => inSystemWork(t.ctx.work, closeUnrated);
  t.clock.set("2026-10-19T23:00:00+08:00"); // the seventh day was Saturday the 17th
  expect(await close()).toBe(0);
  t.clock.set("2026-10-20T00:01:00+08:00");
  expect(await close()).toBe(1);
});

/** Whoever sets a day stands on it by name, so the command line will not do. */
async function platformActor(): Promise<Actor> {
  const person = { name: "平台", role: "platform" as const, login: "root-of-all", post: "", passwordHash: "x" };
  const id = await inWork(t.ctx.work, OPERATOR, (work) =>
    insertStaff(
      work.tx,
      { ...person, mustChangePassword: false, phone: null, villageId: null, townshipId: null },
      work.now,
    ),
  );
  return { ...OPERATOR, id };
}
