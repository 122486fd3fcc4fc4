import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { BroadcastId, HouseholdId, VillageId } from "../../lib/ids.ts";
import type { Audience } from "../broadcast.ts";
import { filledDoors } from "../personal/values.queries.ts";
import type { AudienceCount, LeftOut } from "./audience.ts";
import { reachable, resolveAudience } from "./reachable.queries.ts";

export type AudienceWish = {
  villageId: VillageId;
  audience: Audience;
  columnId: string | null;
  emergency: boolean;
  /**
   * Of a text with blanks, so that whoever lacks a value is left out; `broadcastId` has the attached table, if any.
   * Without names nobody's values are looked at.
   */
  blanks?: { broadcastId: BroadcastId | null; names: readonly string[] } | undefined;
};

/** Grouped, so that the reason is worked out once for each person: nine filters would each ask the opt-outs again. */
export async function countAudience(db: Db, wish: AudienceWish): Promise<AudienceCount> {
  const { rows } = await sql<{ reason: LeftOut | null; n: number }>`
    select reason, count(*)::int as n from (${await everybody(db, wish)}) r group by reason`.execute(db);
  const of = (reason: LeftOut | null) => rows.find((row) => row.reason === reason)?.n ?? 0;
  return {
    recipients: of(null),
    optedOut: of("opted_out"),
    declined: of("declined"),
    badNumber: of("bad_number"),
    blocked: of("blocked"),
    samePhone: of("same_phone"),
    noPhone: of("no_phone"),
    excluded: of("excluded"),
    noValue: of("no_value"),
  };
}

/** `name`: the person's, or of a door its first person's. `phone`: sealed. */
export type ListedPerson = {
  householdId: HouseholdId;
  household: string;
  name: string | null;
  phone: Buffer | null;
  reason: LeftOut | null;
};
export type Range = { limit: number; offset: number };

/** Who will be texted, in the order of the doors. */
export const listAudience = (db: Db, wish: AudienceWish, range: Range): Promise<ListedPerson[]> =>
  list(db, wish, range, true);

/** Who will not, and why. */
export const listLeftOut = (db: Db, wish: AudienceWish, range: Range): Promise<ListedPerson[]> =>
  list(db, wish, range, false);

async function list(db: Db, wish: AudienceWish, { limit, offset }: Range, texted: boolean): Promise<ListedPerson[]> {
  const { rows } = await sql<ListedPerson>`
    select r.household_id as "householdId", r.number as household, r.phone, r.reason,
           (select v.name from villagers v
             where v.household_id = r.household_id and (r.villager_id is null or v.id = r.villager_id)
             order by v.left_at is not null, v.position, v.id limit 1) as name
      from (select * from (${await everybody(db, wish)}) e where (e.reason is null) = ${texted}
             order by e.number, e.household_id, e.villager_id limit ${limit} offset ${offset}) r
     order by r.number, r.household_id, r.villager_id`.execute(db);
  return rows;
}

export async function everybody(db: Db, { villageId, audience, columnId, emergency, blanks }: AudienceWish) {
  const texts =
    blanks && blanks.names.length > 0
      ? sql`select household_id, null::text as text_body, null::int as text_segments
              from (${filledDoors(villageId, blanks)}) f`
      : null;
  return reachable(
    {
      villageId,
      audience: await resolveAudience(db, villageId, audience),
      columnId: sql`${columnId}::uuid`,
      emergency: sql`${emergency}::boolean`,
      texts,
      apart: blanks !== undefined,
    },
    true,
  );
}
