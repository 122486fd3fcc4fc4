import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, HouseholdId, SuggestionId, VillageId } from "../lib/ids.ts";
import type { Danger } from "./alarm.ts";
import type { Category } from "./category.ts";
import { type Heard, type Nature, OPEN_STATES, type ResultKind, type SuggestionState } from "./suggestion.ts";

export type Suggestion = {
  id: SuggestionId;
  villageId: VillageId;
  number: number;
  state: SuggestionState;
  sealed: boolean;
  text: string;
  nature: Nature;
  natureBy: string[];
  category: Category | null;
  categoryBy: string[];
  urgent: boolean;
  urgentBy: string[];
  /** Who corrected the three. */
  classedBy: string | null;
  danger: Danger | null;
  hiddenFrom: ActorId[];
  householdId: HouseholdId | null;
  household: string | null;
  villager: string | null;
  phoneHash: Buffer | null;
  phone: Buffer | null;
  ownerId: ActorId | null;
  owner: string | null;
  ownerPost: string | null;
  openedAt: Date;
  dueAt: Date;
  /** Where the date was moved earlier: the later one that the villager was told. */
  toldDueAt: Date | null;
  /** When the round began that the promise is counted from. */
  roundAt: Date;
  extendedOnce: boolean;
  escalatedAt: Date | null;
  firstResponseAt: Date | null;
  answeredAt: Date | null;
  resultKind: ResultKind | null;
  plannedFor: string | null;
  answer: string | null;
  rating: number | null;
  ratedAt: Date | null;
  reopenedTimes: number;
  closedAt: Date | null;
  source: "sms" | "oral";
  heard: Heard | null;
  passedTo: string | null;
  toldAt: Date | null;
  ratedOrally: boolean;
};

/** A case with the names around it; every query of cases starts from here. */
export const readCases = (db: Db) =>
  db
    .selectFrom("suggestions as s")
    .leftJoin("households as h", "h.id", "s.household_id")
    .leftJoin("villagers as v", "v.id", "s.villager_id")
    .leftJoin("actors as o", "o.id", "s.owner_id")
    .leftJoin("staff as f", "f.id", "s.owner_id")
    .leftJoin("actors as k", "k.id", "s.classed_by")
    .select([
      "s.id",
      "s.village_id as villageId",
      "s.number",
      "s.state",
      "s.sealed",
      "s.text",
      "s.nature",
      "s.nature_by as natureBy",
      "s.category",
      "s.category_by as categoryBy",
      "s.urgent",
      "s.urgent_by as urgentBy",
      "k.name as classedBy",
      "s.danger",
      "s.hidden_from as hiddenFrom",
      "s.household_id as householdId",
      "h.number as household",
      "v.name as villager",
      "s.phone_hash as phoneHash",
      "s.phone",
      "s.owner_id as ownerId",
      "o.name as owner",
      "f.post as ownerPost",
      "s.opened_at as openedAt",
      "s.due_at as dueAt",
      "s.told_due_at as toldDueAt",
      "s.round_at as roundAt",
      "s.extended_once as extendedOnce",
      "s.escalated_at as escalatedAt",
      "s.first_response_at as firstResponseAt",
      "s.answered_at as answeredAt",
      "s.result_kind as resultKind",
      "s.planned_for as plannedFor",
      "s.answer",
      "s.rating",
      "s.rated_at as ratedAt",
      "s.reopened_times as reopenedTimes",
      "s.closed_at as closedAt",
      "s.source",
      "s.heard",
      "s.passed_to as passedTo",
      "s.told_at as toldAt",
      "s.rated_orally as ratedOrally",
    ]);

export const findSuggestion = (db: Db, id: SuggestionId): Promise<Suggestion | undefined> =>
  readCases(db).where("s.id", "=", id).executeTakeFirst();

export const lockSuggestion = (tx: Tx, id: SuggestionId): Promise<Suggestion | undefined> =>
  readCases(tx).where("s.id", "=", id).forUpdate("s").executeTakeFirst();

/** Open cases whose date a changed calendar or promise may move. */
export const lockReckonable = (tx: Tx, villageId: VillageId, now: Date): Promise<Suggestion[]> =>
  readCases(tx)
    .where("s.village_id", "=", villageId)
    .where("s.state", "in", [...OPEN_STATES])
    .where("s.extended_once", "=", false)
    .where("s.due_at", ">", now)
    .orderBy("s.id")
    .forUpdate("s")
    .execute();

/** The next number of a village's ledger; the row's lock makes numbers follow one another. */
export async function nextNumber(tx: Tx, villageId: VillageId, sealed: boolean): Promise<number> {
  const { last } = await tx
    .insertInto("case_numbers")
    .values({ village_id: villageId, sealed, last: 1 })
    .onConflict((oc) =>
      oc.columns(["village_id", "sealed"]).doUpdateSet((eb) => ({ last: eb("case_numbers.last", "+", 1) })),
    )
    .returning("last")
    .executeTakeFirstOrThrow();
  return last;
}

/** The answer reached somebody without a phone. */
export async function changeTold(tx: Tx, id: SuggestionId, at: Date): Promise<void> {
  await tx.updateTable("suggestions").set({ told_at: at }).where("id", "=", id).execute();
}

/** Who answers for a village's new cases: its longest-serving secretary, a person before an API key. */
export async function chooseOwner(
  db: Db,
  villageId: VillageId,
): Promise<{ id: ActorId; name: string; post: string | null } | undefined> {
  return await db
    .selectFrom("actors as a")
    .leftJoin("staff as f", "f.id", "a.id")
    .select(["a.id", "a.name", "f.post"])
    .where("a.village_id", "=", villageId)
    .where("a.role", "=", "secretary")
    .where("a.active", "=", true)
    .orderBy(sql`a.kind = 'api_key'`)
    .orderBy("a.created_at")
    .orderBy("a.id")
    .executeTakeFirst();
}
