import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DraftWish } from "../../src/broadcast/check-draft.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { listEvents } from "../../src/broadcast/events.queries.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { withdrawBroadcast } from "../../src/broadcast/signing/return-broadcast.ts";
import { countersignBroadcast } from "../../src/broadcast/signing/rush-broadcast.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork, type Work } from "../../src/queue/work.ts";
import { SWEEPS } from "../../src/sweeps.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
let secretary: Actor;
const NAMES: Record<string, string> = {
  [phoneOf(903)]: "secretary",
  [phoneOf(905)]: "overseer",
  [phoneOf(902)]: "township",
};

beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 2, township: "town" });
  secretary = await cast.actor("secretary", "书记", phoneOf(903));
  await cast.actor("overseer", "村监会", phoneOf(905));
  await givenSupervisor(t.ctx, cast, "dudao", phoneOf(902));
}, 60_000);
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.set("2026-10-09T09:00:00+08:00");
  await t.ctx.pools.system.query("update broadcasts set remind_at = null");
  await t.ctx.pools.system.query("update messages set state = 'canceled' where purpose = 'reminder'");
});

const as = <T>(actor: Actor, body: (work: Work) => Promise<T>): Promise<T> => inWork(t.ctx.work, actor, body);
let nth = 0;
const write = async (wish: Partial<DraftWish> = {}): Promise<BroadcastId> =>
  expectOk(
    await as(cast.clerk, (work) =>
      draftBroadcast(
        work,
        cast.village,
        { column: "村务公开", body: `第${++nth}件事，明天开村民代表会。`, ...wish },
        true,
      ),
    ),
  );
/** Who is asked when the sweep comes by at this moment. */
const at = async (moment: string): Promise<string[]> => {
  t.clock.set(moment);
  const sweep = SWEEPS.find(({ name }) => name === "due_signatures");
  await sweep?.run(t.ctx);
  const { rows } = await t.ctx.pools.system.query<{ id: string; phone: Buffer; body: string }>(
    "update messages set state = 'canceled' where purpose = 'reminder' and state = 'pending' returning id, phone, body",
  );
  return rows.map(({ phone }) => NAMES[t.ctx.sealer.openPhone(phone)] ?? "?").sort();
};

describe("a notice that waits", () => {
  test("is asked for after two hours of work, and once", async () => {
    await write();
    expect(await at("2026-10-09T10:59:00+08:00")).toEqual([]);
    expect(await at("2026-10-09T11:00:00+08:00")).toEqual(["secretary"]);
    expect(await at("2026-10-09T16:00:00+08:00")).toEqual([]);
  });

  test("of finance is asked of both, and of the one who is missing", async () => {
    const id = await write({ column: "财务公开" });
    expect(await at("2026-10-09T11:00:00+08:00")).toEqual(["overseer", "secretary"]);
    const other = await write({ column: "财务公开" });
    expectOk(await as(secretary, (work) => approveBroadcast(work, other)));
    expect(id).not.toBe(other);
    expect(await at("2026-10-09T13:00:00+08:00")).toEqual(["overseer"]);
  });

  test("for the evening is asked for again in the last hour of work, and never after its time", async () => {
    const id = await write({ sendAt: new Date("2026-10-10T19:00:00+08:00") });
    expect(await at("2026-10-09T11:00:00+08:00")).toEqual(["secretary"]);
    // A Saturday on which people work to make up for the holiday.
    expect(await at("2026-10-10T17:14:00+08:00")).toEqual([]);
    expect(await at("2026-10-10T17:15:00+08:00")).toEqual(["secretary"]);
    expect(await at("2026-10-10T19:00:00+08:00")).toEqual([]);
    expect((await listEvents(t.ctx.db.system, id)).at(-1)?.kind).toBe("missed");
    expect(await at("2026-10-12T09:00:00+08:00")).toEqual([]);
  });

  test("nobody is woken: what falls due at night is asked in the morning", async () => {
    t.clock.set("2026-10-09T16:30:00+08:00");
    await write();
    expect(await at("2026-10-09T18:30:00+08:00")).toEqual([]);
    expect(await at("2026-10-10T08:30:00+08:00")).toEqual(["secretary"]);
  });

  test("handed in again is asked for again; signed or taken back, not", async () => {
    const id = await write();
    expect(await at("2026-10-09T11:00:00+08:00")).toEqual(["secretary"]);
    expectOk(await as(cast.clerk, (work) => withdrawBroadcast(work, id)));
    expect(await at("2026-10-09T14:00:00+08:00")).toEqual([]);
    expectOk(await as(cast.clerk, (work) => submitBroadcast(work, id)));
    expect(await at("2026-10-09T16:00:00+08:00")).toEqual(["secretary"]);
    const signed = await write();
    expectOk(await as(secretary, (work) => approveBroadcast(work, signed)));
    expect(await at("2026-10-10T16:00:00+08:00")).toEqual([]);
  });
});

describe("an emergency that left with one key", () => {
  const rush = async () => {
    const id = await write({ kind: "emergency", urgentReason: "河水漫坝，书记电话不通" });
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    return id;
  };

  test("is asked for at once, again, and of the township after a day's work", async () => {
    await rush();
    expect(await at("2026-10-09T09:01:00+08:00")).toEqual(["secretary"]);
    expect(await at("2026-10-09T11:00:00+08:00")).toEqual(["secretary"]);
    expect(await at("2026-10-09T16:59:00+08:00")).toEqual([]);
    expect(await at("2026-10-09T17:00:00+08:00")).toEqual(["township"]);
    expect(await at("2026-10-12T09:00:00+08:00")).toEqual([]);
  });

  test("signed after, nobody is asked any more", async () => {
    const id = await rush();
    expect(await at("2026-10-09T09:01:00+08:00")).toEqual(["secretary"]);
    expectOk(await as(secretary, (work) => countersignBroadcast(work, id, { agree: true, reason: "" })));
    expect(await at("2026-10-09T17:00:00+08:00")).toEqual([]);
  });
});
