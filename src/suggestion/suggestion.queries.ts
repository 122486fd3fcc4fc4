import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, BroadcastId, ChannelId, HouseholdId, SuggestionId, VillageId, VillagerId } from "../lib/ids.ts";
import { statesBefore } from "../lib/moves.ts";
import type { Danger } from "./alarm.ts";
import type { Category } from "./category.ts";
import type { Classification } from "./classify.ts";
import {
  type Heard,
  type Nature,
  OPEN_STATES,
  type ResultKind,
  SUGGESTION_MOVES,
  type SuggestionState,
} from "./suggestion.ts";

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

export type NewSuggestion = {
  id: SuggestionId;
  villageId: VillageId;
  number: number;
  text: string;
  classes: Classification;
  sealed?: boolean;
  danger?: Danger | null;
  hiddenFrom?: readonly ActorId[];
  householdId: HouseholdId | null;
  villagerId: VillagerId | null;
  phone: { hash: Buffer; sealed: Buffer } | null;
  channelId: ChannelId | null;
  ownerId: ActorId | null;
  dueAt: Date;
  escalatedAt: Date | null;
  /** Null for what came by text. */
  heard: Heard | null;
  about: BroadcastId | null;
  relatedTo: SuggestionId | null;
  splitFrom: SuggestionId | null;
  movedFrom: SuggestionId | null;
};

export async function insertSuggestion(tx: Tx, fresh: NewSuggestion, now: Date): Promise<void> {
  await tx
    .insertInto("suggestions")
    .values({
      id: fresh.id,
      village_id: fresh.villageId,
      number: fresh.number,
      state: "registered",
      text: fresh.text,
      nature: fresh.classes.nature,
      nature_by: [...fresh.classes.natureBy],
      category: fresh.classes.category,
      category_by: [...fresh.classes.categoryBy],
      sealed: fresh.sealed ?? false,
      urgent: fresh.classes.urgent || Boolean(fresh.danger),
      urgent_by: [...fresh.classes.urgentBy],
      classed_by: null,
      danger: fresh.danger ?? null,
      hidden_from: [...(fresh.hiddenFrom ?? [])],
      household_id: fresh.householdId,
      villager_id: fresh.villagerId,
      phone_hash: fresh.phone?.hash ?? null,
      phone: fresh.phone?.sealed ?? null,
      channel_id: fresh.channelId,
      owner_id: fresh.ownerId,
      opened_at: now,
      due_at: fresh.dueAt,
      escalated_at: fresh.escalatedAt,
      first_response_at: null,
      answered_at: null,
      result_kind: null,
      planned_for: null,
      answer: null,
      rating: null,
      rated_at: null,
      merged_into: null,
      closed_at: null,
      source: fresh.heard === null ? "sms" : "oral",
      heard: fresh.heard,
      about_broadcast_id: fresh.about,
      related_to: fresh.relatedTo,
      split_from: fresh.splitFrom,
      moved_from: fresh.movedFrom,
    })
    .execute();
}

export type SuggestionChange = Partial<{
  owner_id: ActorId | null;
  hidden_from: ActorId[];
  due_at: Date;
  told_due_at: Date | null;
  round_at: Date;
  extended_once: boolean;
  escalated_at: Date;
  first_response_at: Date;
  answered_at: Date;
  result_kind: ResultKind;
  planned_for: string | null;
  answer: string;
  rating: number | null;
  rated_at: Date | null;
  reopened_times: number;
  merged_into: SuggestionId;
  closed_at: Date | null;
  passed_to: string | null;
  told_at: Date | null;
  rated_orally: boolean;
}>;

/** A move guarded by the table of moves. False: too late, or twice. */
export async function moveSuggestion(
  tx: Tx,
  id: SuggestionId,
  to: SuggestionState,
  change: SuggestionChange,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("suggestions")
    .set({ ...change, state: to })
    .where("id", "=", id)
    .where("state", "in", statesBefore(SUGGESTION_MOVES, to))
    .executeTakeFirst();
  if (change.owner_id !== undefined && numUpdatedRows === 1n) await giveFollowersTo(tx, id, change.owner_id);
  return numUpdatedRows === 1n;
}

/** A verdict that moves nothing. */
export async function noteRating(tx: Tx, id: SuggestionId, rated: { rating: number; rated_at: Date }): Promise<void> {
  await tx.updateTable("suggestions").set(rated).where("id", "=", id).execute();
}

/** Whoever has a case has also those that were merged into it: their villagers are answered with it. */
async function giveFollowersTo(tx: Tx, main: SuggestionId, owner: ActorId | null): Promise<void> {
  await tx.updateTable("suggestions").set({ owner_id: owner }).where("merged_into", "=", main).execute();
}

/** Changes facts about an open case without moving it. */
export async function changeSuggestion(tx: Tx, id: SuggestionId, change: SuggestionChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("suggestions")
    .set(change)
    .where("id", "=", id)
    .where("state", "in", [...OPEN_STATES])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
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
