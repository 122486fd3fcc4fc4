import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { after, DAY, MINUTE } from "../../src/lib/clock.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { dueAlarms, listAlarms, updateAlarmSettings } from "../../src/suggestion/alarm.queries.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { callNext, startAlarm } from "../../src/suggestion/call-staff.ts";
import { closeCrisis } from "../../src/suggestion/close-crisis.ts";
import { confirmAlarm } from "../../src/suggestion/confirm-alarm.ts";
import { closeUnrated, rateSuggestion } from "../../src/suggestion/rate-suggestion.ts";
import { findSuggestion } from "../../src/suggestion/suggestion.queries.ts";
import { listTimeline } from "../../src/suggestion/timeline.queries.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { hears } from "../support/hears.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;
const PHONES = { cadre: phoneOf(901), secretary: phoneOf(902), overseer: phoneOf(904), township: phoneOf(905) };
let people: Record<"cadre" | "secretary" | "overseer", Actor>;
let supervisor: Actor;

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 5, township: "town" });
  people = {
    cadre: await cast.actor("cadre", "王春霞", PHONES.cadre),
    secretary: await cast.actor("secretary", "孙书记", PHONES.secretary),
    overseer: await cast.actor("overseer", "郭长顺", PHONES.overseer),
  };
  supervisor = await givenSupervisor(t.ctx, cast, "dudao", PHONES.township);
});
afterEach(() => t.stop());

const linkCadre = () =>
  inWork(t.ctx.work, cast.clerk, ({ tx }) =>
    tx.updateTable("households").set({ cadre_id: people.cadre.id }).where("number", "=", "1").execute(),
  );
const sweep = async () => {
  const due = SWEEPS.find(({ name }) => name === "due_alarms");
  await due?.run(t.ctx);
  await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
};
const textsTo = (phone: string) => t.carrier.textsTo(phone);
const alarms = () => listAlarms(t.ctx.db.system, cast.village.id, { open: false, limit: 10 });
const lane = async (phone: string) =>
  (
    await t.ctx.db.system
      .selectFrom("messages")
      .select("lane")
      .where("phone_hash", "=", t.ctx.sealer.hashPhone(phone as never))
      .executeTakeFirstOrThrow()
  ).lane;

describe("somebody is in danger", () => {
  test("he is told the right number, an urgent case is opened, and the first person is called, at any hour", async () => {
    t.clock.set("2026-10-09T03:10:00+08:00");
    await linkCadre();
    const who = villager(t, 1);
    await who.texts("着火了快来人，我电话13800000001");
    expect(await who.reads()).toEqual([
      "【郭家村村委会】请马上打119！先带家里人出来，别管东西。村里正叫人赶过去，编号1。",
    ]);
    expect(textsTo(PHONES.cadre)).toEqual([
      "【郭家村村委会】急！1户村民1来短信：“着火了快来人，我电话（号码）。”能去请回1，5分钟没回就叫下一位。",
    ]);
    expect([await lane(phoneOf(1)), await lane(PHONES.cadre)]).toEqual([0, 0]);
    expect(textsTo(PHONES.secretary)).toEqual([]);
    expect(await findSuggestion(t.ctx.db.system, await who.lastCase())).toMatchObject({
      nature: "help",
      urgent: true,
      danger: "fire",
      sealed: false,
      owner: "刘建国",
    });
    expect(await alarms()).toMatchObject([{ state: "calling", danger: "fire" }]);
  });

  test("the next one is called when the village's minutes are over, until all have been, each once", async () => {
    await inWork(t.ctx.work, cast.secretary, ({ tx }) =>
      updateAlarmSettings(tx, cast.village.id, { minutes: 2, dutyPhone: null, crisisPeople: null }),
    );
    await villager(t, 2).texts("着火了");
    const order = [PHONES.secretary, PHONES.overseer, PHONES.cadre, PHONES.township];
    for (const [i, phone] of order.entries()) {
      expect([phone, textsTo(phone).length]).toEqual([phone, 1]);
      expect(order.slice(i + 1).flatMap(textsTo)).toEqual([]);
      t.clock.advance(MINUTE);
      await sweep();
      expect(order.slice(i + 1).flatMap(textsTo)).toEqual([]);
      t.clock.advance(MINUTE);
      await sweep();
    }
    expect(await alarms()).toMatchObject([{ state: "unanswered" }]);
    t.clock.advance(DAY);
    await sweep();
    expect(order.flatMap(textsTo)).toHaveLength(4);
  });

  test.each(["1", "收到", "俺这就过去，马上到"])(
    "one who replies “%s” has taken it, and those asked before hear who",
    async (reply) => {
      const who = villager(t, 2);
      await who.texts("着火了");
      t.clock.advance(5 * MINUTE);
      await sweep();
      await villager(t, 0, PHONES.overseer).texts(reply);
      expect(await alarms()).toMatchObject([{ state: "confirmed", confirmedBy: "郭长顺" }]);
      expect(textsTo(PHONES.secretary).at(-1)).toBe("【郭家村村委会】2户村民2的急事，郭长顺去处理了，您不用再赶。");
      expect(textsTo(PHONES.overseer)).toHaveLength(1);
      t.clock.advance(DAY);
      await sweep();
      expect([...textsTo(PHONES.cadre), ...textsTo(PHONES.township)]).toEqual([]);
      const id = await who.lastCase();
      expect((await listTimeline(t.ctx.db.system, id)).map(({ kind }) => kind)).toEqual([
        "opened",
        "receipt",
        "alarm_taken",
      ]);
      expect((await findSuggestion(t.ctx.db.system, id))?.firstResponseAt).not.toBeNull();
      const cases = await t.ctx.db.system.selectFrom("suggestions").select("id").execute();
      expect(cases).toHaveLength(1);
    },
  );

  test("the button does the same; the second who presses it is told who goes", async () => {
    await villager(t, 2).texts("着火了");
    const [alarm] = await alarms();
    if (!alarm) throw new Error("no alarm");
    const press = (actor: Actor) => inWork(t.ctx.work, actor, (work) => confirmAlarm(work, alarm.id, actor.id));
    const both = await Promise.all([press(cast.clerk), press(supervisor)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ refusal: { code: "move_not_allowed" } });
    await sweep();
    expect(textsTo(PHONES.secretary)).toHaveLength(2);
  });

  test("a burst of such texts is one case and one alarm; another danger gets its own number", async () => {
    const who = villager(t, 2);
    for (const words of ["着火了", "着火了着火了", "咋还没人来着火了"]) await who.texts(words);
    await hears(t, 2, "老人被烧着了，喘不上气", { meaning: "emergency", why: "", danger: "medical" });
    expect(await alarms()).toHaveLength(1);
    expect((await who.reads()).map((text) => /1[12]\d/.exec(text)?.[0])).toEqual(["119", "120"]);
    expect(textsTo(PHONES.secretary)).toHaveLength(1);
    const kinds = (await listTimeline(t.ctx.db.system, await who.lastCase())).map(({ kind }) => kind);
    expect(kinds).toEqual(["opened", "receipt", "added", "added", "added", "receipt"]);
  });

  test("an hour after somebody went it is a new one", async () => {
    const who = villager(t, 2);
    await who.texts("着火了");
    await villager(t, 0, PHONES.secretary).texts("1");
    t.clock.advance(60 * MINUTE);
    await who.texts("又着火了");
    expect((await alarms()).map(({ state }) => state)).toEqual(["calling", "confirmed"]);
  });

  test("with nobody to call, the banner is all there is, and says so", async () => {
    await t.ctx.db.system.updateTable("staff").set({ phone: null, phone_hash: null }).execute();
    await villager(t, 2).texts("着火了");
    expect(await alarms()).toMatchObject([{ state: "unanswered" }]);
  });

  test("a cadre who is called sees the case, one who is not does not", async () => {
    await linkCadre();
    const other = await cast.actor("cadre", "孙永亮", phoneOf(906));
    const who = villager(t, 1);
    await who.texts("着火了");
    const id = await who.lastCase();
    const sees = (actor: Actor) =>
      inWork(t.ctx.work, actor, async ({ tx }) => (await findSuggestion(tx, id)) !== undefined);
    expect([await sees(people.cadre), await sees(other), await sees(cast.clerk)]).toEqual([true, false, true]);
    const [alarm] = await alarms();
    expectOk(await inWork(t.ctx.work, people.cadre, (work) => confirmAlarm(work, alarm?.id as never, people.cadre.id)));
  });
});

describe("after a crash", () => {
  test("at any step, the sweep goes on: nobody is asked twice, nobody is left out", async () => {
    await villager(t, 2).texts("着火了");
    const [alarm] = await alarms();
    if (!alarm) throw new Error("no alarm");
    t.clock.advance(5 * MINUTE);
    // The text and the note that it was asked for are one commit: what is lost is lost together.
    await expect(
      inSystemWork(t.ctx.work, async (work) => {
        expect(await callNext(work, alarm.id)).toBe("asked");
        throw new Error("killed");
      }),
    ).rejects.toThrow("killed");
    await sweep();
    expect(textsTo(PHONES.overseer)).toHaveLength(1);
    // Two workers, and one that comes late.
    t.clock.advance(5 * MINUTE);
    const call = () => inSystemWork(t.ctx.work, (work) => callNext(work, alarm.id));
    const results = [...(await Promise.all([call(), call()])), await call()];
    expect(results.filter((one) => one === "asked")).toHaveLength(1);
    await sweep();
    expect(textsTo(PHONES.cadre)).toHaveLength(1);
    // A week of downtime: the next is asked, and the one after him has his minutes.
    t.clock.advance(7 * DAY);
    await sweep();
    expect([textsTo(PHONES.township).length, (await alarms())[0]?.state]).toEqual([1, "calling"]);
    expect(await dueAlarms(t.ctx.db.system, after(t.clock.now(), 5 * MINUTE))).toEqual([alarm.id]);
    for (const phone of Object.values(PHONES)) expect([phone, textsTo(phone).length]).toEqual([phone, 1]);
  });

  test("one alarm per phone is being called at a time, whatever the code does", async () => {
    const who = villager(t, 2);
    await who.texts("着火了");
    const [alarm] = await alarms();
    const again = inSystemWork(t.ctx.work, (work) =>
      startAlarm(
        work,
        {
          village: cast.village,
          suggestionId: alarm?.suggestionId as never,
          phoneHash: t.ctx.sealer.hashPhone(who.phone as never),
          danger: "fire",
          minutes: 5,
        },
        [],
      ),
    );
    await expect(again).rejects.toThrow(/alarms_one_call_per_phone/);
  });
});

describe("despair", () => {
  const crisis = () => hears(t, 2, "活着没意思", { meaning: "emergency", why: "", danger: "crisis" });

  test("is answered with people's names and 12356, and only they are called", async () => {
    await crisis();
    const who = villager(t, 2);
    expect(await who.reads()).toEqual([
      "【郭家村村委会】您的话我们看到了，您不是一个人。孙书记、郭长顺会来看您。随时可以打12356，有人听您慢慢说。",
    ]);
    for (let i = 0; i < 5; i++) {
      t.clock.advance(5 * MINUTE);
      await sweep();
    }
    expect(
      [PHONES.secretary, PHONES.overseer, PHONES.township, PHONES.cadre].map((one) => textsTo(one).length),
    ).toEqual([1, 1, 1, 0]);
  });

  test("calls the people whom the village has named, in that order", async () => {
    await inWork(t.ctx.work, cast.secretary, ({ tx }) =>
      updateAlarmSettings(tx, cast.village.id, {
        minutes: 5,
        dutyPhone: null,
        crisisPeople: [people.cadre.id, supervisor.id],
      }),
    );
    await crisis();
    expect([textsTo(PHONES.cadre).length, textsTo(PHONES.secretary).length]).toEqual([1, 0]);
  });

  test("is closed by a person, never by silence and never by a digit", async () => {
    await crisis();
    const id = await villager(t, 2).lastCase();
    const as = <T>(body: Parameters<typeof inWork<T>>[2]) => inWork(t.ctx.work, cast.secretary, body);
    expectOk(
      await as((work) => answerSuggestion(work, id, { resultKind: "explained", text: "刘建国今晚陪您说说话。" })),
    );
    await inSystemWork(t.ctx.work, async (work) => {
      const inboundId = (await work.tx.selectFrom("inbound").select("id").executeTakeFirstOrThrow()).id;
      return await rateSuggestion(work, cast.village, id, { rating: 1, inboundId });
    });
    t.clock.advance(30 * DAY);
    await inSystemWork(t.ctx.work, (work) => closeUnrated(work));
    const look = async () => await findSuggestion(t.ctx.db.system, id);
    expect(await look()).toMatchObject({ state: "answered", rating: 1 });
    expectOk(await as((work) => closeCrisis(work, id)));
    expect(await look()).toMatchObject({ state: "closed" });
  });
});
