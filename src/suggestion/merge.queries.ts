import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, HouseholdId, SuggestionId, VillageId } from "../lib/ids.ts";
import { readCases, type Suggestion } from "./suggestion.queries.ts";
import { OPEN_STATES, type ResultKind, type SuggestionState } from "./suggestion.ts";

/** The cases that were merged into this one, in the order of their numbers. */
export const listFollowers = (db: Db, main: SuggestionId): Promise<Suggestion[]> =>
  readCases(db).where("s.merged_into", "=", main).where("s.sealed", "=", false).orderBy("s.number").execute();

export const mergedInto = (
  db: Db,
  id: SuggestionId,
): Promise<{ id: SuggestionId; number: number; state: SuggestionState } | undefined> =>
  db
    .selectFrom("suggestions as s")
    .innerJoin("suggestions as m", "m.id", "s.merged_into")
    .select(["m.id", "m.number", "m.state"])
    .where("s.id", "=", id)
    .executeTakeFirst();

export async function findByNumber(db: Db, villageId: VillageId, number: number): Promise<SuggestionId | undefined> {
  const found = await db
    .selectFrom("suggestions")
    .select("id")
    .where("village_id", "=", villageId)
    .where("sealed", "=", false)
    .where("number", "=", number)
    .executeTakeFirst();
  return found?.id;
}

/** What followed the one follows the other. */
export async function handOverFollowers(tx: Tx, from: SuggestionId, to: SuggestionId): Promise<void> {
  await tx.updateTable("suggestions").set({ merged_into: to }).where("merged_into", "=", from).execute();
}

/** Facts of the main case that its followers share; their state stays `merged`. */
export async function changeMerged(
  tx: Tx,
  ids: readonly SuggestionId[],
  change: Partial<{
    answered_at: Date;
    result_kind: ResultKind;
    planned_for: string | null;
    answer: string;
    rating: number | null;
    rated_at: Date | null;
    owner_id: ActorId | null;
    due_at: Date;
  }>,
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable("suggestions")
    .set(change)
    .where("id", "in", [...ids])
    .where("state", "=", "merged")
    .execute();
}

/** Open cases of a village that anybody of it may see: what a text can be likened to. Newest first. */
export type OpenText = {
  id: SuggestionId;
  number: number;
  text: string;
  category: string | null;
  openedAt: Date;
  villager: string | null;
  /** Doors behind it: its own and those of the cases merged into it. */
  households: HouseholdId[];
};

const MOST_COMPARED = 300;

export async function openTexts(db: Db, villageId: VillageId): Promise<OpenText[]> {
  const { rows } = await sql<OpenText>`
    select s.id, s.number, s.text, s.category, s.opened_at as "openedAt", v.name as villager,
           array(select distinct o.household_id from suggestions o
                  where (o.id = s.id or o.merged_into = s.id) and not o.sealed
                    and o.household_id is not null) as households
      from suggestions s left join villagers v on v.id = s.villager_id
     where s.village_id = ${villageId} and not s.sealed and s.state in (${sql.join(OPEN_STATES)})
     order by s.id desc limit ${MOST_COMPARED}`.execute(db);
  return rows;
}
