import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countDoors, countTaken, listCorrections } from "../../src/broadcast/after-sending/follow-up.queries.ts";
import { draftCorrection, draftForUnreached } from "../../src/broadcast/after-sending/follow-up.ts";
import { listForVisit, readUnreached, tellDoor } from "../../src/broadcast/after-sending/list-visits.ts";
import { countVisits, listOpenVisits, listVisits } from "../../src/broadcast/after-sending/visits.queries.ts";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork, type Work } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenApproved, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
let wang: Actor;
let guo: Actor;
let id: BroadcastId;

const as = <T>(actor: Actor, body: (work: Work) => Promise<T>): Promise<T> => inWork(t.ctx.work, actor, body);
/** What the carrier's reports make of the texts to these doors. */
const settle = async (fates: Record<string, [state: string, reason: string | null]>) => {
  for (const [door, [state, reason]] of Object.entries(fates)) {
    await t.ctx.pools.system.query(
      `update messages set state = $1, reason = $2, accepted_at = now()
        where broadcast_id = $3 and state <> 'suppressed'
          and household_id = (select id from households where village_id = $4 and number = $5)`,
      [state, reason, id, cast.village.id, door],
    );
  }
};

beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { township: "town" });
  wang = await cast.actor("cadre", "王春霞", phoneOf(901));
  guo = await cast.actor("cadre", "郭志勇", phoneOf(902));
  const rows = [
    `1,村民一,${phoneOf(1)},东网格,王春霞`,
    `2,村民二,${phoneOf(2)},东网格,王春霞`,
    // Shares the phone of the first door, and of the second.
    `3,村民三,${phoneOf(1)},东网格,王春霞`,
    `4,村民四,${phoneOf(2)},东网格,郭志勇`,
    "5,村民五,,西网格,郭志勇",
    `6,村民六,${phoneOf(6)},西网格,`,
    `7,村民七,${phoneOf(7)},西网格,郭志勇`,
  ];
  const file = Buffer.from(`户号,姓名,手机号,网格,联户干部\n${rows.join("\n")}\n`);
  expectOk(await as(cast.clerk, (work) => importRoster(work, t.ctx.sealer, cast.village.id, file)));
  id = await givenApproved(t.ctx, cast, "明天上午九点开村民代表会。");
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  await settle({
    "1": ["delivered", null],
    "2": ["undelivered", "30005"],
    "6": ["unknown", null],
    "7": ["sent", null],
  });
}, 60_000);
afterAll(() => t.stop());

const unreached = () =>
  as(cast.secretary, async (work) => {
    const broadcast = await findBroadcast(work.tx, id);
    if (!broadcast) throw new Error("gone");
    return (await readUnreached(work, broadcast)).map(({ number, cause }) => [number, cause]);
  });

test("whom a notice did not reach: by cause, with the doors that have no phone, and those that share one", async () => {
  expect(await unreached()).toEqual([
    ["2", "dead"],
    ["4", "dead"],
    ["5", "no_phone"],
    ["6", "unclear"],
  ]);
  expect(
    await as(cast.clerk, async (work) => {
      const broadcast = await findBroadcast(work.tx, id);
      return broadcast && [await countDoors(work.tx, broadcast), await countTaken(work.tx, id)];
    }),
  ).toEqual([7, 4]);
});

describe("the visiting list", () => {
  test("takes the doors of some causes, each once, and the rest later", async () => {
    const list = (causes: Parameters<typeof listForVisit>[2]) =>
      as(cast.clerk, (work) => listForVisit(work, id, causes));
    expect(expectOk(await list(["no_phone", "dead"])).listed).toBe(3);
    expect(expectOk(await list(null)).listed).toBe(1);
    expect(await list(null)).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });
    expect(await list([])).toMatchObject({ ok: false, refusal: { errors: [{ field: "causes" }] } });
  });

  test("shows a cadre his own doors only, and lets him tick no other's", async () => {
    const mine = (actor: Actor) =>
      as(actor, async (work) => (await listVisits(work.tx, id)).map(({ number }) => number));
    expect(await mine(wang)).toEqual(["2"]);
    expect(await mine(guo)).toEqual(["4", "5"]);
    expect(await mine(cast.clerk)).toHaveLength(4);
    const [his] = await as(guo, (work) => listVisits(work.tx, id));
    const wish = { householdId: his?.householdId as never, how: "in_person", note: "" };
    const about = { id, villageId: cast.village.id };
    expect(await as(wang, (work) => tellDoor(work, about, wish))).toMatchObject({ refusal: { code: "not_found" } });
    expectOk(await as(guo, (work) => tellDoor(work, about, wish)));
    expectOk(await as(guo, (work) => tellDoor(work, about, { ...wish, how: "absent", note: "门锁着" })));
    expect(await as(guo, (work) => tellDoor(work, about, { ...wish, how: "by pigeon" }))).toMatchObject({ ok: false });
  });

  test("counts who was told, and whose text arrived after all", async () => {
    expect(await as(cast.clerk, (work) => countVisits(work.tx, id))).toEqual({ listed: 4, told: 0 });
    const visits = await as(cast.clerk, (work) => listVisits(work.tx, id));
    const [second] = visits.filter(({ number }) => number === "2");
    const wish = { householdId: second?.householdId as never, how: "phone", note: "" };
    expectOk(await as(wang, (work) => tellDoor(work, { id, villageId: cast.village.id }, wish)));
    await settle({ "6": ["delivered", null] });
    expect(await as(cast.clerk, (work) => countVisits(work.tx, id))).toEqual({ listed: 4, told: 2 });
    expect(await as(wang, (work) => listOpenVisits(work.tx, cast.village.id, 5))).toEqual([]);
    expect(await as(guo, (work) => listOpenVisits(work.tx, cast.village.id, 5))).toMatchObject([
      { listed: 2, told: 0 },
    ]);
  });
});

describe("what follows a notice", () => {
  test("a correction points back, is for those whom the first was for, and begins with its words", async () => {
    const corrects = expectOk(
      await as(cast.clerk, async (work) => {
        const first = await findBroadcast(work.tx, id);
        if (!first) throw new Error("gone");
        return await draftCorrection(work, cast.village, first);
      }),
    );
    const made = await as(cast.clerk, (work) => findBroadcast(work.tx, corrects));
    expect(made).toMatchObject({ state: "draft", correctsId: id, recipients: 4 });
    expect(made?.body).toBe("更正：10月9日“村务公开”那条写错了，正确的是：明天上午九点开村民代表会。");
    const links = (of: BroadcastId) => as(cast.clerk, (work) => listCorrections(work.tx, of));
    expect(await links(id)).toMatchObject({ by: [{ id: corrects }], of: null });
    expect(await links(corrects)).toMatchObject({ by: [], of: { id } });
  });

  test("the same text again is for the doors without it alone", async () => {
    const again = expectOk(
      await as(cast.clerk, async (work) => {
        const first = await findBroadcast(work.tx, id);
        if (!first) throw new Error("gone");
        return await draftForUnreached(work, cast.village, first);
      }),
    );
    expect(await as(cast.clerk, (work) => findBroadcast(work.tx, again))).toMatchObject({
      recipients: 1,
      audience: { unreachedOf: id },
    });
  });
});
