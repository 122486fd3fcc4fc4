import { sql } from "kysely";
import type { Db, Tx } from "../../db/connect.ts";
import type { BroadcastId, HouseholdId, VillageId } from "../../lib/ids.ts";
import { type AudienceWish, everybody } from "../audience/audience.queries.ts";
import type { LeftOut } from "../audience/audience.ts";

/** `reason`: why it would not be texted, whatever its text. */
export type AddressedDoor = { householdId: HouseholdId; household: string; reason: LeftOut | null };

/** Every door that a notice is for, in the order of the roster: those too that have no phone today. */
export async function listAddressed(db: Db, wish: AudienceWish): Promise<AddressedDoor[]> {
  const { rows } = await sql<AddressedDoor>`
    select household_id as "householdId", number as household, reason
      from (${await everybody(db, { ...wish, blanks: { broadcastId: null, names: [] } })}) r
     where reason is distinct from 'excluded' order by number, household_id`.execute(db);
  return rows;
}

export type NewText = { householdId: HouseholdId; body: string; segments: number };

export async function insertTexts(
  tx: Tx,
  of: { id: BroadcastId; villageId: VillageId },
  texts: readonly NewText[],
): Promise<void> {
  if (texts.length === 0) return;
  await sql`
    insert into broadcast_texts (broadcast_id, village_id, household_id, body, segments)
    select ${of.id}, ${of.villageId}, t.household_id, t.body, t.segments
      from unnest(${texts.map((text) => text.householdId)}::uuid[], ${texts.map((text) => text.body)}::text[],
                  ${texts.map((text) => text.segments)}::int[]) as t (household_id, body, segments)`.execute(tx);
}

export const removeTexts = (tx: Tx, id: BroadcastId) =>
  tx.deleteFrom("broadcast_texts").where("broadcast_id", "=", id).execute();

export type FrozenText = { household: string; body: string; segments: number };

/** Of a frozen notice: a door's own text, or the longest one where none is named. */
export async function findText(db: Db, id: BroadcastId, household: string | null): Promise<FrozenText | undefined> {
  return await db
    .selectFrom("broadcast_texts as t")
    .innerJoin("households as h", "h.id", "t.household_id")
    .select(["h.number as household", "t.body", "t.segments"])
    .where("t.broadcast_id", "=", id)
    .$if(household !== null, (query) => query.where("h.number", "=", household as string))
    .orderBy("t.segments", "desc")
    .orderBy(sql`char_length(t.body)`, "desc")
    .orderBy("h.number")
    .limit(1)
    .executeTakeFirst();
}

/** What these doors were to read, each its own; a door that lacked a value has none. */
export async function readTexts(
  db: Db,
  id: BroadcastId,
  households: readonly HouseholdId[],
): Promise<Map<HouseholdId, string>> {
  if (households.length === 0) return new Map();
  const rows = await db
    .selectFrom("broadcast_texts")
    .select(["household_id", "body"])
    .where("broadcast_id", "=", id)
    .where("household_id", "in", [...households])
    .execute();
  return new Map(rows.map((row) => [row.household_id, row.body]));
}

/** How many households get a text of so many segments. */
export type SegmentCount = { segments: number; households: number };
export const countTextLengths = (db: Db, id: BroadcastId): Promise<SegmentCount[]> =>
  db
    .selectFrom("broadcast_texts")
    .select(["segments", sql<number>`count(*)::int`.as("households")])
    .where("broadcast_id", "=", id)
    .groupBy("segments")
    .orderBy("segments", "desc")
    .execute();
