import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, CountyId, TownshipId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { Calendar, CalendarDay } from "../lib/workdays.ts";

/** Whom a day set by hand is for: both null is the whole country. */
export type CalendarScope = { countyId: CountyId | null; townshipId: TownshipId | null };

export async function setDay(
  tx: Tx,
  scope: CalendarScope,
  day: string,
  wish: CalendarDay & { by: ActorId },
  now: Date,
): Promise<void> {
  const { off, reason, by } = wish;
  await tx
    .insertInto("calendar_days")
    .values({
      id: newId(now.getTime()),
      county_id: scope.countyId,
      township_id: scope.townshipId,
      day,
      off,
      reason,
      set_by: by,
      set_at: now,
    })
    .onConflict((oc) =>
      oc.columns(["county_id", "township_id", "day"]).doUpdateSet({ off, reason, set_by: by, set_at: now }),
    )
    .execute();
}

/** Back to the plan. */
export async function clearDay(tx: Tx, scope: CalendarScope, day: string): Promise<void> {
  await tx
    .deleteFrom("calendar_days")
    .where("day", "=", day)
    .where("county_id", "is not distinct from", scope.countyId)
    .where("township_id", "is not distinct from", scope.townshipId)
    .execute();
}

/** Days set by hand of one year, that count for a village of this township, whoever set them. */
export async function listDays(
  db: Db,
  scope: CalendarScope,
  year: number,
): Promise<{ day: string; off: boolean; reason: string; scope: "township" | "county" | "country" }[]> {
  return await db
    .selectFrom("calendar_days")
    .select([
      sql<string>`to_char(day, 'YYYY-MM-DD')`.as("day"),
      "off",
      "reason",
      sql<"township" | "county" | "country">`case when township_id is not null then 'township'
        when county_id is not null then 'county' else 'country' end`.as("scope"),
    ])
    .where(sql<number>`extract(year from day)::int`, "=", year)
    .where((eb) =>
      eb.or([
        eb.and([eb("township_id", "is", null), eb("county_id", "is", null)]),
        eb("township_id", "=", scope.townshipId),
        eb("county_id", "=", scope.countyId),
      ]),
    )
    .orderBy("day")
    .execute();
}

export async function countyOf(db: Db, townshipId: TownshipId | null): Promise<CountyId | null> {
  if (townshipId === null) return null;
  const row = await db.selectFrom("townships").select("county_id").where("id", "=", townshipId).executeTakeFirst();
  return row?.county_id ?? null;
}

/** The villages whose dates a day of this scope may change, as far as this actor sees villages. */
export async function villagesUnder(db: Db, scope: CalendarScope): Promise<VillageId[]> {
  const rows = await db
    .selectFrom("villages as v")
    .leftJoin("townships as t", "t.id", "v.township_id")
    .select("v.id")
    .$if(scope.townshipId !== null, (query) => query.where("v.township_id", "=", scope.townshipId))
    .$if(scope.countyId !== null, (query) => query.where("t.county_id", "=", scope.countyId))
    .execute();
  return rows.map((row) => row.id);
}

/** The days set for the whole country: what is known of a year wherever a village lies. */
export async function readCountryCalendar(db: Db): Promise<Calendar> {
  const rows = await db
    .selectFrom("calendar_days")
    .select([sql<string>`to_char(day, 'YYYY-MM-DD')`.as("day"), "off", "reason"])
    .where("county_id", "is", null)
    .where("township_id", "is", null)
    .execute();
  return Object.fromEntries(rows.map(({ day, off, reason }) => [day, { off, reason }]));
}
