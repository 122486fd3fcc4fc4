import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/lib/clock.ts";
import type { SuggestionId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { endOfSpan } from "../../src/lib/spans.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { climbLadder } from "../../src/suggestion/climb-ladder.ts";
import { issueSupervision } from "../../src/suggestion/issue-supervision.ts";
import {
  acceptSuggestion,
  assignSuggestion,
  escalateSuggestion,
  extendSuggestion,
} from "../../src/suggestion/move-suggestion.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { listOrders } from "../../src/suggestion/supervision.queries.ts";
import { listTimeline } from "../../src/suggestion/timeline.queries.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenStaff, givenSupervisor, givenVillage } from "../support/given.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;
let cadre: Actor;
let township: Actor;
const PHONES = { secretary: "+8619900000001", cadre: "+8619900000002", township: "+8619900000003" };

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 5, township: "town" });
  cadre = await givenStaff(t.ctx, cast.village.id, "cadre", "wangchunxia", "王春霞");
  township = await givenSupervisor(t.ctx, cast);
  for (const [who, phone] of [
    [cast.secretary, PHONES.secretary],
    [cadre, PHONES.cadre],
    [township, PHONES.township],
  ] as const) {
    await t.ctx.db.system
      .updateTable("staff")
      .set({ phone: t.ctx.sealer.phone(phone as never), phone_hash: t.ctx.sealer.hashPhone(phone as never) })
      .where("id", "=", who.id)
      .execute();
  }
  t.ctx.bells.ring = async () => undefined;
});
afterEach(() => t.stop());

const as = <T>(actor: Actor, body: Parameters<typeof inWork<T>>[2]) => inWork(t.ctx.work, actor, body);
const climb = (id: SuggestionId) => inSystemWork(t.ctx.work, (work) => climbLadder(work, id));
const at = (moment: string) => t.clock.set(`${moment}:00+08:00`);
/** What a member of staff has read by now. */
const reads = async (who: keyof typeof PHONES) => {
  await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
  return t.carrier.textsTo(PHONES[who]);
};
const counts = async () => [
  (await reads("cadre")).length,
  (await reads("secretary")).length,
  (await reads("township")).length,
];
const events = async (id: SuggestionId) =>
  (await listTimeline(t.ctx.db.system, id)).filter((event) => event.voice === "service" && event.kind !== "receipt");
const rungs = async (id: SuggestionId) =>
  (
    await t.ctx.db.system
      .selectFrom("case_rungs")
      .select(["round", "rung", "nth", "outcome", "due_at", "done_at"])
      .where("suggestion_id", "=", id)
      .orderBy("done_at")
      .orderBy("due_at")
      .execute()
  ).map((row) => ({ ...row }));

/** A case of the cadre's that came on Friday 9 October at nine, promised for the 15th. */
async function opened(text = "俺村西头那口井水有味，打13800000001找我") {
  const who = villager(t, 1);
  await who.texts(text);
  const id = await who.lastCase();
  expectOk(await as(cast.secretary, (work) => assignSuggestion(work, id, cadre.id)));
  return { who, id };
}

describe("a case that nobody answers", () => {
  test("climbs from its owner to the secretary to the township, each once, in service hours", async () => {
    const { id } = await opened();
    for (const [moment, rung, expected] of [
      ["2026-10-12T16:29", null, [0, 0, 0]],
      ["2026-10-12T16:30", "half", [1, 0, 0]],
      ["2026-10-14T16:12", "most", [2, 0, 0]],
      ["2026-10-16T00:01", null, [2, 0, 0]],
      ["2026-10-16T08:30", "due", [3, 0, 0]],
      ["2026-10-19T08:30", "secretary", [3, 1, 0]],
      ["2026-10-20T08:30", "township", [3, 1, 1]],
      ["2026-10-26T17:29", "order_most", [3, 1, 2]],
      ["2026-10-28T08:30", "order_late", [3, 1, 3]],
      ["2027-03-01T10:00", null, [3, 1, 3]],
    ] as const) {
      at(moment);
      expect([moment, await climb(id)]).toEqual([moment, rung]);
      expect([moment, await climb(id), await counts()]).toEqual([moment, null, expected]);
    }
    expect((await reads("cadre"))[0]).toBe(
      "【郭家村村委会】1号意见（俺村西头那口井水有味，打*…）时间已过半，10月15日前要答复，请抓紧办理。",
    );
    expect((await reads("secretary"))[0]).toContain("王春霞没有按期答复");
    expect((await reads("township"))[0]).toContain("已报乡镇，请督办");
    expect(JSON.stringify([await reads("cadre"), await reads("township")])).not.toContain("13800000001");
    expect((await findSuggestion(t.ctx.db.system, id))?.escalatedAt).toEqual(new Date("2026-10-20T08:30:00+08:00"));
    const [order] = await listOrders(t.ctx.db.system, id);
    expect(order).toMatchObject({ nth: 1, issuedBy: null, replyBy: new Date("2026-10-28T00:00:00+08:00") });
    expect((await events(id)).map((event) => event.kind)).toEqual([
      ...[
        "reminded",
        "reminded",
        "reminded",
        "reminded",
        "escalated",
        "supervised",
        "reminded",
        "reminded",
        "reminded",
      ],
    ]);
  });

  test("after a week without power texts only the highest rung, and notes the skipped", async () => {
    const { id } = await opened();
    at("2026-10-20T10:00");
    expect(await climb(id)).toBe("township");
    expect(await counts()).toEqual([0, 0, 1]);
    expect((await rungs(id)).map(({ rung, outcome }) => [rung, outcome])).toEqual([
      ["half", "skipped"],
      ["most", "skipped"],
      ["due", "skipped"],
      ["secretary", "skipped"],
      ["township", "texted"],
    ]);
    expect((await events(id)).at(-1)?.text).toContain(
      "（先前没能提醒：时间过半、时间只剩两成、已过承诺的日子、超期报书记）",
    );
  });

  test("is climbed once, however many workers look at it at once", async () => {
    const { id } = await opened();
    at("2026-10-12T16:30");
    expect((await Promise.all([climb(id), climb(id), climb(id), climb(id)])).filter(Boolean)).toEqual(["half"]);
    expect(await counts()).toEqual([1, 0, 0]);
  });

  test("goes to the secretary where its owner left, and says so where nobody has a phone", async () => {
    const { id } = await opened();
    await t.ctx.db.system
      .updateTable("staff")
      .set({ phone: null, phone_hash: null })
      .where("id", "=", cadre.id)
      .execute();
    at("2026-10-12T16:30");
    await climb(id);
    expect(await counts()).toEqual([0, 1, 0]);
    await t.ctx.db.system.updateTable("staff").set({ phone: null, phone_hash: null }).execute();
    at("2026-10-14T16:12");
    await climb(id);
    expect((await rungs(id)).map((row) => row.outcome)).toEqual(["texted", "nobody"]);
    expect((await events(id)).at(-1)?.text).toContain("没有登记手机号");
  });
});

describe("what people do to it", () => {
  test("an answer ends the climb, and a reopening begins it anew", async () => {
    const { id, who } = await opened();
    at("2026-10-12T16:30");
    await climb(id);
    const answer = () =>
      as(cadre, (work) => answerSuggestion(work, id, { resultKind: "solved", text: "井已淘过，今天送水样去化验。" }));
    expectOk(await answer());
    at("2026-10-16T09:00");
    expect(await climb(id)).toBe(null);
    await who.reads();
    await who.texts("4");
    at("2026-10-21T09:00");
    expect(await climb(id)).toBe("half");
    expect((await rungs(id)).map(({ round, rung }) => [round, rung])).toEqual([
      [0, "half"],
      [1, "half"],
    ]);
  });

  test("an extension moves what is still to come", async () => {
    const { id } = await opened();
    at("2026-10-14T16:12");
    await climb(id);
    expectOk(
      await as(cadre, (work) =>
        extendSuggestion(work, id, { reason: "等化验", dueAt: new Date("2026-10-23T00:00:00+08:00") }),
      ),
    );
    at("2026-10-16T08:30");
    expect(await climb(id)).toBe(null);
    at("2026-10-23T08:30");
    expect(await climb(id)).toBe("due");
  });

  test("a case handed up by a person is on the same rung: the township is told, its clock runs from then", async () => {
    const { id } = await opened();
    expectOk(await as(cadre, (work) => escalateSuggestion(work, id, "要镇里出钱")));
    expect(await climb(id)).toBe("township");
    expect(await counts()).toEqual([0, 0, 1]);
    expect(await listOrders(t.ctx.db.system, id)).toMatchObject([{ replyBy: new Date("2026-10-16T00:00:00+08:00") }]);
    // The escalation stands on the timeline once, as the person's.
    expect((await events(id)).map((event) => event.kind)).toEqual(["supervised", "reminded"]);
    at("2026-10-12T16:30");
    expect(await climb(id)).toBe("half");
  });

  test("an order by hand is texted to the secretary, joins the township's rung, and has a clock of its own", async () => {
    const { id } = await opened();
    const order = (demand: string, replyBy: string) =>
      as(township, (work) => issueSupervision(work, id, { demand, replyBy: new Date(`${replyBy}T24:00:00+08:00`) }));
    expect(await order("", "2026-10-01")).toMatchObject({
      refusal: { errors: [{ field: "demand" }, { field: "replyBy" }] },
    });
    expectOk(await order("请书记带水样去化验。", "2026-10-13"));
    expect((await reads("secretary"))[0]).toBe(
      "【郭家村村委会】乡镇督办1号意见：请书记带水样去化验。请在10月13日前回复。",
    );
    // Whoever wrote it is not told of it.
    expect(await climb(id)).toBe("township");
    expect(await counts()).toEqual([0, 1, 0]);
    expect(await listOrders(t.ctx.db.system, id)).toHaveLength(1);
    expectOk(await order("再催一次。", "2026-10-19"));
    at("2026-10-14T08:30");
    expect(await climb(id)).toBe("order_late");
    at("2026-10-20T08:30");
    expect(await climb(id)).toBe("order_late");
    expect((await rungs(id)).filter((row) => row.rung === "order_late").map((row) => row.nth)).toEqual([1, 2]);
  });

  test("a sealed case tells the village's staff nothing", async () => {
    const { id } = await opened("有人多领低保");
    await t.ctx.db.system.updateTable("suggestions").set({ sealed: true }).where("id", "=", id).execute();
    for (const moment of ["2026-10-12T16:30", "2026-10-16T08:30", "2026-10-19T08:30", "2026-10-20T08:30"]) {
      at(moment);
      await climb(id);
    }
    expect(await counts()).toEqual([0, 0, 4]);
    expect(JSON.stringify(await reads("township"))).not.toContain("低保");
    const seen = await as(cast.secretary, async ({ tx }) => [
      (await tx.selectFrom("case_rungs").selectAll().execute()).length,
      (await tx.selectFrom("supervisions").selectAll().execute()).length,
      (await tx.selectFrom("messages").selectAll().where("purpose", "=", "reminder").execute()).length,
    ]);
    expect(seen).toEqual([0, 0, 0]);
  });
});

/** A small fixed generator: the same weeks every time. */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("seven weeks of four cases with the service up and down: each rung once, in time, none missed", async () => {
  const dice = random(7);
  const ids: SuggestionId[] = [];
  for (const n of [1, 2, 3, 4]) {
    const who = villager(t, n);
    await who.texts(`第${n}口井水有味`);
    ids.push(await who.lastCase());
    t.clock.advance(9 * HOUR);
  }
  const [first, second, third] = ids as [SuggestionId, SuggestionId, SuggestionId];
  const sweep = SWEEPS.find((one) => one.name === "due_rungs");
  // The bell of the job is answered here and now.
  t.ctx.bells.ring = async (bells) => {
    for (const bell of bells) if (bell.queue === "climb-ladder") await climb(bell.payload.suggestionId);
  };
  const end = t.clock.now().getTime() + 49 * DAY;
  const deeds = [
    { at: 3 * DAY, do: () => as(cast.secretary, (work) => acceptSuggestion(work, second)) },
    { at: 5 * DAY, do: () => as(cast.secretary, (work) => escalateSuggestion(work, third, "")) },
    {
      at: 6 * DAY,
      do: () =>
        as(cast.secretary, (work) => answerSuggestion(work, first, { resultKind: "solved", text: "井已淘好了。" })),
    },
  ].map((deed) => ({ ...deed, at: t.clock.now().getTime() + deed.at }));
  const ups: number[] = [];
  while (t.clock.now().getTime() < end) {
    const now = t.clock.now().getTime();
    while (deeds[0] && deeds[0].at <= now) expectOk((await deeds.shift()?.do()) as never);
    await sweep?.run(t.ctx);
    ups.push(now);
    // Up: every half hour. One night in six the power goes, for up to nine days.
    t.clock.advance(dice(60) === 0 ? dice(9 * DAY) : HOUR / 2);
  }
  for (const id of ids) {
    const row = await findSuggestion(t.ctx.db.system, id);
    const done = await rungs(id);
    const keys = done.map(({ round, rung, nth }) => `${round} ${rung} ${nth}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { rung, due_at, done_at } of done) {
      expect(due_at <= done_at).toBe(true);
      // The first look that was in service hours after it fell due is the one that did it.
      const chance = ups.find((up) => up >= due_at.getTime() && inService(up));
      expect([rung, done_at.getTime()]).toEqual([rung, chance]);
    }
    const own = new Set(done.filter((one) => one.nth === 0).map((one) => one.rung));
    if (id === first) expect(own.has("due")).toBe(false);
    else {
      expect(["half", "most", "due", "secretary", "township"].filter((name) => !own.has(name as never))).toEqual([]);
      expect(done.filter((one) => one.rung === "order_late")).toHaveLength(1);
      expect(await listOrders(t.ctx.db.system, id)).toHaveLength(1);
    }
    expect(row?.reopenedTimes).toBe(0);
  }
  const texts = await t.ctx.db.system.selectFrom("messages").select("id").where("purpose", "=", "reminder").execute();
  const texted = (await Promise.all(ids.map(rungs))).flat().filter((one) => one.outcome === "texted");
  expect(texts).toHaveLength(texted.length);
}, 120_000);

function inService(moment: number): boolean {
  const local = new Date(moment + 8 * HOUR).toISOString();
  const [date, clock] = [local.slice(0, 10), local.slice(11, 16)];
  const noon = new Date(`${date}T12:00:00+08:00`);
  // A working day is one on which a span of one working day that began the day before ends.
  const ends = endOfSpan({ amount: 1, unit: "working_days" }, new Date(noon.getTime() - DAY), {});
  return clock >= "08:30" && clock < "17:30" && ends.getTime() < noon.getTime() + DAY;
}
