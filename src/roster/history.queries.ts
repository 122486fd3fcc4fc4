import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { BroadcastId, HouseholdId, SuggestionId, VillageId } from "../lib/ids.ts";

export type SentText = {
  at: Date;
  body: string;
  column: string | null;
  state: string;
  reason: string | null;
  broadcastId: BroadcastId | null;
};

/**
 * The last texts to the phones of a door, newest first: notices, and what was meant for this door alone. A neighbour's
 * answers on a shared phone are his.
 */
export async function listSentTexts(
  db: Db,
  of: { villageId: VillageId; doors: readonly HouseholdId[]; hashes: readonly Buffer[] },
  limit: number,
): Promise<SentText[]> {
  if (of.hashes.length === 0) return [];
  const { rows } = await sql<SentText>`
    select m.created_at as at, coalesce(m.body, b.text, b.body) as body, c.name as column, m.state, m.reason,
           m.broadcast_id as "broadcastId"
      from messages m
      left join broadcasts b on b.id = m.broadcast_id
      left join columns c on c.id = b.column_id
     where m.phone_hash = any (${[...of.hashes]}::bytea[]) and m.village_id = ${of.villageId} and not m.sealed
       and m.purpose not in ('test', 'owner', 'staff_reply', 'alarm')
       and (m.broadcast_id is not null or m.household_id = any (${[...of.doors]}::uuid[]))
     order by m.id desc limit ${limit}`.execute(db);
  return rows;
}

export type OwnCase = { id: SuggestionId; number: number; text: string; state: string; openedAt: Date };

/** What the people of these doors have asked for; never what is sealed. */
export const listCasesOf = (
  db: Db,
  villageId: VillageId,
  doors: readonly HouseholdId[],
  limit: number,
): Promise<OwnCase[]> =>
  db
    .selectFrom("suggestions")
    .select(["id", "number", "text", "state", "opened_at as openedAt"])
    .where("village_id", "=", villageId)
    .where("household_id", "in", [...doors])
    .where("sealed", "=", false)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

export type OwnText = { at: Date; body: string };

/** What they texted besides: votes, thanks, questions. What became a case stands there. */
export async function listTextsOf(
  db: Db,
  of: { villageId: VillageId; doors: readonly HouseholdId[]; hashes: readonly Buffer[] },
  limit: number,
): Promise<OwnText[]> {
  if (of.hashes.length === 0) return [];
  const { rows } = await sql<OwnText>`
    select received_at as at, body from inbound
     where from_hash = any (${[...of.hashes]}::bytea[]) and village_id = ${of.villageId} and not sealed
       and household_id = any (${[...of.doors]}::uuid[]) and suggestion_id is null and understood_at is not null
       and meaning is distinct from 'sealed'
     order by id desc limit ${limit}`.execute(db);
  return rows;
}
