import type { Tx } from "../db/connect.ts";
import type { ActorId, BroadcastId, ChannelId, HouseholdId, SuggestionId, VillageId, VillagerId } from "../lib/ids.ts";
import { statesBefore } from "../lib/moves.ts";
import type { Danger } from "./alarm.ts";
import type { Classification } from "./classify.ts";
import { type Heard, OPEN_STATES, type ResultKind, SUGGESTION_MOVES, type SuggestionState } from "./suggestion.ts";

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
