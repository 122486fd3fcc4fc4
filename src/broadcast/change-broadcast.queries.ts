import type { Tx } from "../db/connect.ts";
import type { ActorId, BroadcastId, ChannelId, ColumnId, ScheduleId, VillageId } from "../lib/ids.ts";
import { statesBefore } from "../lib/moves.ts";
import {
  type Audience,
  BROADCAST_MOVES,
  type BroadcastKind,
  type BroadcastState,
  type HeldFor,
  type Origin,
  type Stages,
} from "./broadcast.ts";
import type { Quorum } from "./poll/poll.ts";

export type NewBroadcast = {
  id: BroadcastId;
  villageId: VillageId;
  columnId: ColumnId;
  channelId: ChannelId;
  kind: BroadcastKind;
  atLeastOnce: boolean;
  body: string;
  audience: Audience;
  personal: boolean;
  personalSegments: number | null;
  segmentsPerMessage: number;
  recipients: number;
  price: number;
  sendAt: Date | null;
  stages: Stages | null;
  options: string[] | null;
  closesAt: Date | null;
  draftedBy: ActorId;
  needsOverseer: boolean;
  urgentReason: string | null;
  quorum: Quorum | null;
  origin: Origin;
  /** The schedule's occurrence that this is. */
  occurrence?: { scheduleId: ScheduleId; date: string };
};

/** False: this occurrence has its broadcast already, or this id has. */
export async function insertBroadcast(tx: Tx, draft: NewBroadcast, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("broadcasts")
    .values({
      id: draft.id,
      village_id: draft.villageId,
      column_id: draft.columnId,
      channel_id: draft.channelId,
      kind: draft.kind,
      at_least_once: draft.atLeastOnce,
      state: "draft",
      body: draft.body,
      audience: JSON.stringify(draft.audience),
      personal: draft.personal,
      personal_segments: draft.personalSegments,
      text: null,
      segments_per_message: draft.segmentsPerMessage,
      recipients: draft.recipients,
      price: draft.price,
      send_at: draft.sendAt,
      drafted_by: draft.draftedBy,
      approved_by: null,
      approved_at: null,
      launched_at: null,
      finished_at: null,
      note: null,
      stage_first: draft.stages?.first ?? null,
      stage_minutes: draft.stages?.waitMinutes ?? null,
      schedule_id: draft.occurrence?.scheduleId ?? null,
      occurrence_date: draft.occurrence?.date ?? null,
      options: draft.options,
      closes_at: draft.closesAt,
      needs_overseer: draft.needsOverseer,
      urgent_reason: draft.urgentReason,
      quorum: draft.quorum,
      template_id: draft.origin.templateId ?? null,
      series_id: draft.origin.series?.id ?? null,
      series_part: draft.origin.series?.part ?? null,
      series_parts: draft.origin.series?.parts ?? null,
      corrects_id: draft.origin.correctsId ?? null,
      disclosure_id: draft.origin.disclosureId ?? null,
      sheet_id: draft.origin.sheetId ?? null,
      sheet_text: draft.origin.sheetId ? draft.body : null,
      created_at: now,
    })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export type BroadcastChange = {
  version?: number;
  /** Whoever had the last hand in what leaves; a change of the words makes him so by itself. */
  drafted_by?: ActorId;
  /** As JSON. */
  audience?: string;
  personal?: boolean;
  personal_segments?: number | null;
  body?: string;
  column_id?: ColumnId;
  at_least_once?: boolean;
  options?: string[] | null;
  quorum?: Quorum | null;
  urgent_reason?: string | null;
  send_at?: Date | null;
  needs_overseer?: boolean;
  text?: string | null;
  segments_per_message?: number;
  recipients?: number;
  price?: number;
  approved_by?: ActorId;
  approved_at?: Date;
  overseen_by?: ActorId;
  overseen_at?: Date;
  submitted_at?: Date;
  frozen_at?: Date;
  objected_by?: ActorId;
  objected_at?: Date;
  remind_at?: Date | null;
  launched_at?: Date;
  closes_at?: Date | null;
  finished_at?: Date | null;
  note?: string | null;
  held_for?: HeldFor | null;
  series_gap_known?: boolean;
  over_budget_by?: ActorId | null;
  over_budget_at?: Date | null;
  stage_first?: number | null;
  stage_minutes?: number | null;
};

/** A move guarded by the table of moves. False: too late, or twice. */
export async function moveBroadcast(
  tx: Tx,
  id: BroadcastId,
  to: BroadcastState,
  change: BroadcastChange = {},
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("broadcasts")
    .set({ ...change, state: to })
    .where("id", "=", id)
    .where("state", "in", statesBefore(BROADCAST_MOVES, to))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function changeDraft(tx: Tx, id: BroadcastId, change: BroadcastChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("broadcasts")
    .set(change)
    .where("id", "=", id)
    .where("state", "in", ["draft", "returned"])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Whoever signs signs beside the state: it moves with the last key, or has moved already. */
export async function signBroadcast(tx: Tx, id: BroadcastId, change: BroadcastChange): Promise<void> {
  await tx.updateTable("broadcasts").set(change).where("id", "=", id).execute();
}

/** The township's word that this one may go over the budget; it holds until the text is sent back. */
export async function noteOverBudget(tx: Tx, id: BroadcastId, by: ActorId, now: Date): Promise<void> {
  await tx.updateTable("broadcasts").set({ over_budget_by: by, over_budget_at: now }).where("id", "=", id).execute();
}
