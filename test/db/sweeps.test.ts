import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { backfillInbound } from "../../src/inbound/backfill-inbound.ts";
import { storeInbound } from "../../src/inbound/inbound.queries.ts";
import { newId } from "../../src/lib/ids.ts";
import type { Bell } from "../../src/queue/queues.ts";
import { inSystemWork, inWork, type Work } from "../../src/queue/work.ts";
import { erasePerson } from "../../src/roster/erase-person.ts";
import { findPersonOf } from "../../src/roster/person-data.queries.ts";
import { getImport } from "../../src/roster/roster-imports.queries.ts";
import { stageImport } from "../../src/roster/stage-import.ts";
import { startImport } from "../../src/roster/start-import.ts";
import { workOnImport } from "../../src/roster/work-on-import.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { claimAs } from "../support/claims.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
let rung: Bell[];

beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 6 });
  rung = [];
  // Every bell is lost: only the sweeps ring.
  t.ctx.bells.ring = async (bells) => void rung.push(...bells);
});
afterEach(() => t.stop());

/** The first villager, who asked for it. */
async function erase(work: Work): Promise<void> {
  const { id } = await work.tx.selectFrom("villagers").select("id").orderBy("id").limit(1).executeTakeFirstOrThrow();
  const person = await findPersonOf(work.tx, cast.village.id, id);
  if (person) expectOk(await erasePerson(work, cast.village, person, { asked: "1" }));
}

const sweep = async (name: string) => {
  rung.length = 0;
  const found = SWEEPS.find((one) => one.name === name);
  if (!found) throw new Error(`no sweep ${name}`);
  return await found.run(t.ctx);
};

describe("each sweep finds what a crash left", () => {
  test("an approved notice whose launch bell was lost", async () => {
    const id = await givenApproved(t.ctx, cast);
    expect(await sweep("due_broadcasts")).toBe(1);
    expect(rung).toEqual([{ queue: "launch-broadcast", payload: { broadcastId: id } }]);
  });

  test("a launched notice that nobody sends, texts whose worker died, and a notice that is done", async () => {
    const id = await givenApproved(t.ctx, cast);
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    expect(await sweep("due_texts")).toBe(1);
    expect(rung).toEqual([{ queue: "dispatch-messages", payload: { channelId: t.ctx.channelId } }]);
    await claimAs(t, { leaseMs: -1 });
    expect(await sweep("due_texts")).toBe(0);
    expect(await sweep("finished_broadcasts")).toBe(0);
    expect(await sweep("expired_claims")).toBe(6);
    expect(await sweep("due_texts")).toBe(1);
    await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
    expect(await sweep("finished_broadcasts")).toBe(1);
  });

  test.each([
    ["sent", "sending", "pending"],
    ["canceled", "canceled", "canceled"],
  ])("a text that came back unsent when its notice was %s", async (state, then, text) => {
    const id = await givenApproved(t.ctx, cast);
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    await claimAs(t, { leaseMs: -1 });
    await sweep("expired_claims");
    const { system } = t.ctx.db;
    // Five left; of the sixth a worker that was long away says that it never did.
    await system.updateTable("messages").set({ state: "accepted" }).where("broadcast_id", "=", id).execute();
    await system
      .updateTable("broadcasts")
      .set({ state: state as "sent" })
      .where("id", "=", id)
      .execute();
    const { id: late } = await system.selectFrom("messages").select("id").limit(1).executeTakeFirstOrThrow();
    await system.updateTable("messages").set({ state: "pending" }).where("id", "=", late).execute();
    expect(await sweep("late_returns")).toBe(state === "sent" ? 1 : 0);
    const found = await system.selectFrom("broadcasts").select("state").where("id", "=", id).executeTakeFirstOrThrow();
    const message = await system
      .selectFrom("messages")
      .select("state")
      .where("id", "=", late)
      .executeTakeFirstOrThrow();
    expect([found.state, message.state]).toEqual([then, text]);
    expect(await sweep("due_texts")).toBe(state === "sent" ? 1 : 0);
  });

  test("a text that was stored and whose bell was lost", async () => {
    await storeInbound(t.ctx.db.system, [
      {
        channelId: t.ctx.channelId,
        carrier: "simulator",
        carrierMessageId: newId(),
        fromHash: t.ctx.sealer.hashPhone(phoneOf(1) as never),
        fromPhone: t.ctx.sealer.phone(phoneOf(1) as never),
        raw: Buffer.from("x"),
        body: "路灯坏了",
        receivedAt: t.clock.now(),
        backfilled: false,
      },
    ]);
    expect(await sweep("waiting_inbound")).toBe(0); // it has only just come
    t.clock.advance(6000);
    expect(await sweep("waiting_inbound")).toBe(1);
    expect(rung).toMatchObject([{ queue: "understand-inbound" }]);
  });

  test("a villager's text that no webhook ever brought", async () => {
    t.carrier.findReceived = async () =>
      [
        {
          carrierMessageId: "SM-lost",
          from: phoneOf(2),
          to: "+8610690000",
          body: "我发过一条，你们没收到？",
          createdAt: new Date(),
        },
      ] as never;
    const fill = () =>
      backfillInbound(
        { system: t.ctx.db.system, carrier: t.carrier, inbound: t.ctx.inbound, log: t.ctx.log },
        new Date(0),
      );
    expect(await fill()).toBe(1);
    expect(await fill()).toBe(0);
    const rows = await t.ctx.db.system.selectFrom("inbound").select(["body", "backfilled"]).execute();
    expect(rows).toEqual([{ body: "我发过一条，你们没收到？", backfilled: true }]);
  });

  test("a roster that was uploaded, and one that somebody confirmed, whose bells were lost", async () => {
    const asClerk = <T>(body: (work: Work) => Promise<T>) => inWork(t.ctx.work, cast.clerk, body);
    const file = { name: "a.csv", bytes: Buffer.from("户号,姓名,手机号\n1,新来的,\n") };
    const importId = expectOk(await asClerk((work) => stageImport(work, cast.village.id, { file, text: "" })));
    expect(await sweep("waiting_imports")).toBe(0); // it has only just come
    const wait = () =>
      asClerk(({ tx }) =>
        tx
          .updateTable("roster_imports")
          .set({ touched_at: new Date(0) })
          .execute(),
      );
    const bell = { queue: "import-roster", payload: { importId } };
    for (const state of ["previewed", "done"]) {
      await wait();
      expect([await sweep("waiting_imports"), rung]).toEqual([1, [bell]]);
      expect(await workOnImport(t.ctx.work, importId, new AbortController().signal)).toBe(state);
      await wait();
      expect(await sweep("waiting_imports")).toBe(0);
      const item = await getImport(t.ctx.db.system, importId);
      if (item?.state === "previewed") expectOk(await asClerk((work) => startImport(work, item)));
    }
  });

  test("a text to somebody who was taken out, back from a worker that died with it in its hands", async () => {
    const id = await givenApproved(t.ctx, cast);
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    await claimAs(t, { leaseMs: -1 });
    await inWork(t.ctx.work, cast.secretary, erase);
    expect(await sweep("erasures")).toBe(0);
    expect(await sweep("expired_claims")).toBe(6);
    expect(await sweep("erasures")).toBe(1);
    expect(await sweep("erasures")).toBe(0);
    await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
    expect([t.carrier.textsTo(phoneOf(1)), t.carrier.arrivals.length]).toEqual([[], 5]);
  });

  test("and each of them runs on an empty database", async () => {
    for (const one of SWEEPS) expect([one.name, await one.run(t.ctx)]).toEqual([one.name, 0]);
  });
});
