import { afterAll, beforeAll, expect, test } from "vitest";
import { lookUpCode } from "../../src/carrier/refusals.ts";
import { TROUBLE_OF_CODE, TROUBLE_WORDS } from "../../src/carrier/troubles.ts";
import { HOUR } from "../../src/lib/clock.ts";
import { newId } from "../../src/lib/ids.ts";
import type { PhoneNumber } from "../../src/lib/phone.ts";
import { inWork } from "../../src/queue/work.ts";
import { clearProblem } from "../../src/roster/change-household.queries.ts";
import { ALL_DOORS, countDoors, type ListedDoor, listDoors } from "../../src/roster/doors.queries.ts";
import { countEnrolment } from "../../src/roster/enrolment.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, givenVillage, phoneOf } from "../support/given.ts";

let test_: TestContext;
let cast: Cast;
const DOORS = 12;

beforeAll(async () => {
  test_ = await startContext();
  cast = await givenVillage(test_.ctx, { households: DOORS });
}, 60_000);
afterAll(() => test_.stop());

/** As the carrier's reports leave them: the last results of a phone, oldest first; null is one that arrived. */
async function heard(door: number, ...results: (string | null)[]): Promise<void> {
  const { ctx } = test_;
  const phone = phoneOf(door) as PhoneNumber;
  const hash = ctx.sealer.hashPhone(phone);
  for (const reason of results) {
    await ctx.pools.system.query(
      `insert into messages (id, village_id, channel_id, lane, purpose, phone_hash, phone, body, segments, state, reason,
                             created_at, state_at)
       values ($1, $2, $3, 2, 'notice', $4, $5, 'x', 1, $6, $7, clock_timestamp(), clock_timestamp())`,
      [
        newId(),
        cast.village.id,
        ctx.channelId,
        hash,
        ctx.sealer.phone(phone),
        reason ? "undelivered" : "delivered",
        reason,
      ],
    );
  }
}

const now = () => new Date();
async function standing(door: number): Promise<Pick<ListedDoor, "standing" | "trouble" | "reached">> {
  const rows = await listDoors(test_.ctx.db.system, cast.village.id, now(), { limit: 100, after: null });
  const row = rows.find((one) => one.number === String(door));
  return { standing: row?.standing ?? "no_phone", trouble: row?.trouble ?? null, reached: row?.reached ?? false };
}

test.each([
  ["a phone that owes money", ["CB:0005"], "suspended", false],
  ["one whose memory is full", ["11"], "full", false],
  ["one that was off once", [null, "EXPIRED"], "off", true],
  ["one that was off twice", ["EXPIRED", "30003"], "off", false],
  ["one that was off three times in a row", ["EXPIRED", "30003", "30036"], "unreachable", false],
  ["one that was off, and then got its text", ["EXPIRED", "EXPIRED", "EXPIRED", null], null, true],
  ["one that was on between", ["EXPIRED", null, "EXPIRED", "EXPIRED"], "off", true],
  ["a text that was lost for a reason of ours", ["30007"], null, false],
])("%s", async (_what, results, trouble, reached) => {
  const door = ["CB:0005", "11"].includes(results[0] ?? "") ? (results[0] === "11" ? 2 : 1) : 3;
  await test_.ctx.pools.system.query("update phones set problem_at = clock_timestamp() where hash = $1", [
    test_.ctx.sealer.hashPhone(phoneOf(door) as PhoneNumber),
  ]);
  await test_.ctx.pools.system.query(
    "update messages set created_at = created_at - interval '60 days' where phone_hash = $1",
    [test_.ctx.sealer.hashPhone(phoneOf(door) as PhoneNumber)],
  );
  await heard(door, ...results);
  expect(await standing(door)).toEqual({ standing: "reachable", trouble, reached });
});

test("a number that the carrier calls empty stands so until somebody has it tried again, and then is judged anew", async () => {
  const { ctx } = test_;
  const hash = ctx.sealer.hashPhone(phoneOf(5) as PhoneNumber);
  await heard(5, "CB:0001");
  await ctx.pools.system.query(
    "update phones set problem = 'invalid', problem_at = clock_timestamp() where hash = $1",
    [hash],
  );
  expect(await standing(5)).toMatchObject({ standing: "bad_number", trouble: "empty" });
  const tried = await inWork(ctx.work, cast.clerk, (work) => clearProblem(work.tx, cast.village.id, hash, ["invalid"]));
  expect([tried, await standing(5)]).toEqual([true, { standing: "reachable", trouble: null, reached: false }]);
  await heard(5, "CB:0005");
  expect(await standing(5)).toMatchObject({ standing: "reachable", trouble: "suspended" });
});

test("every code that says something of a phone has a sentence of its own, and every trouble its words", () => {
  for (const [code, trouble] of Object.entries(TROUBLE_OF_CODE)) {
    expect([code, lookUpCode(code).onePhone, TROUBLE_WORDS[trouble].word]).toEqual([code, true, expect.any(String)]);
    expect(lookUpCode(code).sentence).not.toContain(code);
  }
});

test("the sum of the parts is the whole, by every way of parting", async () => {
  const { ctx } = test_;
  await ctx.pools.system.query("update phones set problem = 'wrong_person' where hash = $1", [
    ctx.sealer.hashPhone(phoneOf(7) as PhoneNumber),
  ]);
  await inWork(ctx.work, cast.clerk, (work) =>
    work.tx
      .updateTable("households")
      .set({ contact_hash: null })
      .where("village_id", "=", cast.village.id)
      .where("number", "=", "8")
      .execute(),
  );
  const lines = await countEnrolment(ctx.db.system, cast.village.id, now());
  const [whole] = lines.filter((line) => line.by === "village");
  expect(whole).toMatchObject({ doors: DOORS, noPhone: 1, badNumber: 1 });
  for (const by of ["group", "grid", "cadre"] as const) {
    const parts = lines.filter((line) => line.by === by);
    for (const key of ["doors", "reachable", "noPhone", "badNumber", "optedOut", "notReached"] as const)
      expect([by, key, parts.reduce((sum, line) => sum + line[key], 0)]).toEqual([by, key, whole?.[key]]);
  }
  for (const [key, show] of [
    ["reachable", "reachable"],
    ["noPhone", "no_phone"],
    ["notReached", "not_reached"],
  ] as const) {
    const filter = { ...ALL_DOORS, standing: show };
    expect(await countDoors(ctx.db.system, cast.village.id, now(), filter)).toBe(whole?.[key]);
  }
});

test("what is long ago does not make a door reached", async () => {
  await heard(10, null);
  const later = new Date(Date.now() + 31 * 24 * HOUR);
  const rows = await listDoors(test_.ctx.db.system, cast.village.id, later, { limit: 100, after: null });
  expect(rows.find((one) => one.number === "10")?.reached).toBe(false);
});
