import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, BroadcastId, ChannelId, ColumnId, ScheduleId, VillageId } from "../lib/ids.ts";
import { statesBefore } from "../lib/moves.ts";
import {
  type Audience,
  BROADCAST_MOVES,
  type BroadcastKind,
  type BroadcastState,
  type HeldFor,
  type Stages,
} from "./broadcast.ts";

export type Broadcast = {
  id: BroadcastId;
  villageId: VillageId;
  channelId: ChannelId;
  columnId: ColumnId;
  column: string;
  kind: BroadcastKind;
  atLeastOnce: boolean;
  state: BroadcastState;
  body: string;
  audience: Audience;
  text: string | null;
  segmentsPerMessage: number;
  recipients: number;
  price: number;
  sendAt: Date | null;
  draftedBy: ActorId;
  drafter: string;
  approver: string | null;
  approvedAt: Date | null;
  launchedAt: Date | null;
  finishedAt: Date | null;
  note: string | null;
  heldFor: HeldFor | null;
  /** What the launch reserved of the month, less what never left. */
  reservedSegments: number;
  budgetMonth: string | null;
  /** Of a poll: what one may choose, and until when; the latter is known at the latest once it is launched. */
  options: string[] | null;
  closesAt: Date | null;
  /** The township lets it go over the budget. */
  overBudget: boolean;
  stages: Stages | null;
  /** When the second stage leaves; known once the first has. */
  restAt: Date | null;
  createdAt: Date;
};

const read = (db: Db) =>
  db
    .selectFrom("broadcasts as b")
    .innerJoin("columns as c", "c.id", "b.column_id")
    .leftJoin("actors as d", "d.id", "b.drafted_by")
    .leftJoin("actors as a", "a.id", "b.approved_by")
    .select([
      "b.id",
      "b.village_id as villageId",
      "b.channel_id as channelId",
      "b.column_id as columnId",
      "c.name as column",
      "b.kind",
      "b.at_least_once as atLeastOnce",
      "b.state",
      "b.body",
      "b.audience",
      "b.text",
      "b.segments_per_message as segmentsPerMessage",
      "b.recipients",
      sql<number>`b.price::float8`.as("price"),
      "b.send_at as sendAt",
      "b.drafted_by as draftedBy",
      sql<string>`coalesce(d.name, '已离任人员')`.as("drafter"),
      "a.name as approver",
      "b.approved_at as approvedAt",
      "b.launched_at as launchedAt",
      "b.finished_at as finishedAt",
      "b.note",
      "b.held_for as heldFor",
      "b.reserved_segments as reservedSegments",
      "b.budget_month as budgetMonth",
      sql<boolean>`b.over_budget_by is not null`.as("overBudget"),
      sql<Stages | null>`case when b.stage_first is not null
        then json_build_object('first', b.stage_first, 'waitMinutes', b.stage_minutes) end`.as("stages"),
      "b.rest_at as restAt",
      "b.created_at as createdAt",
      "b.options",
      "b.closes_at as closesAt",
    ]);

export const findBroadcast = (db: Db, id: BroadcastId): Promise<Broadcast | undefined> =>
  read(db).where("b.id", "=", id).executeTakeFirst();

/** Takes the row's lock, so that two people who approve at once do so one after the other. */
export const lockBroadcast = (tx: Tx, id: BroadcastId): Promise<Broadcast | undefined> =>
  read(tx).where("b.id", "=", id).forUpdate("b").executeTakeFirst();

export async function listBroadcasts(
  db: Db,
  villageId: VillageId,
  limit: number,
  before: BroadcastId | null,
): Promise<Broadcast[]> {
  return await read(db)
    .where("b.village_id", "=", villageId)
    .$if(before !== null, (query) => query.where("b.id", "<", before as BroadcastId))
    .orderBy("b.id", "desc")
    .limit(limit)
    .execute();
}

export type NewBroadcast = {
  id: BroadcastId;
  villageId: VillageId;
  columnId: ColumnId;
  channelId: ChannelId;
  kind: BroadcastKind;
  atLeastOnce: boolean;
  body: string;
  audience: Audience;
  segmentsPerMessage: number;
  recipients: number;
  price: number;
  sendAt: Date | null;
  stages: Stages | null;
  options: string[] | null;
  closesAt: Date | null;
  draftedBy: ActorId;
  /** The schedule's occurrence that this is. */
  occurrence?: { scheduleId: ScheduleId; date: string };
};

/** False: this occurrence has its broadcast already. */
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
      created_at: now,
    })
    .onConflict((oc) => oc.columns(["schedule_id", "occurrence_date"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export type BroadcastChange = {
  body?: string;
  column_id?: ColumnId;
  send_at?: Date | null;
  text?: string | null;
  segments_per_message?: number;
  recipients?: number;
  price?: number;
  approved_by?: ActorId | null;
  approved_at?: Date | null;
  launched_at?: Date;
  closes_at?: Date;
  finished_at?: Date | null;
  note?: string | null;
  held_for?: HeldFor | null;
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

/** The township's word that this one may go over the budget; it holds until the text is sent back. */
export async function noteOverBudget(tx: Tx, id: BroadcastId, by: ActorId, now: Date): Promise<void> {
  await tx.updateTable("broadcasts").set({ over_budget_by: by, over_budget_at: now }).where("id", "=", id).execute();
}
