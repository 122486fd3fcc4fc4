import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, BroadcastId, ChannelId, ColumnId, TemplateId, VillageId } from "../lib/ids.ts";
import type { Audience, BroadcastKind, BroadcastState, HeldFor, Series, Stages } from "./broadcast.ts";
import type { Quorum } from "./poll/poll.ts";

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
  approvedBy: ActorId | null;
  approver: string | null;
  approvedAt: Date | null;
  /** When it was last handed in. */
  submittedAt: Date | null;
  /** When its text and its people were frozen: with the last key, or when an emergency left with one. */
  frozenAt: Date | null;
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
  /** Grows with each change of what will be sent, so that nobody approves what he has not read. */
  version: number;
  /** It has blanks, and a text of its own for each household. */
  personal: boolean;
  /** Segments of all those texts together. */
  personalSegments: number | null;
  needsOverseer: boolean;
  overseenBy: ActorId | null;
  overseer: string | null;
  overseenAt: Date | null;
  /** An emergency that leaves with one key: why. The second person signs after, or objects. */
  urgentReason: string | null;
  objectedAt: Date | null;
  /** Of a poll: the share of doors that it asks for. */
  quorum: Quorum | null;
  templateId: TemplateId | null;
  series: Series | null;
  correctsId: BroadcastId | null;
  disclosureId: string | null;
  sheetId: string | null;
  /** Of a notice made of a finance sheet: the words that the sheet's figures make, and that it must keep. */
  sheetText: string | null;
  createdAt: Date;
};

const read = (db: Db) =>
  db
    .selectFrom("broadcasts as b")
    .innerJoin("columns as c", "c.id", "b.column_id")
    .leftJoin("actors as d", "d.id", "b.drafted_by")
    .leftJoin("actors as a", "a.id", "b.approved_by")
    .leftJoin("actors as o", "o.id", "b.overseen_by")
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
      "b.approved_by as approvedBy",
      "a.name as approver",
      "b.approved_at as approvedAt",
      "b.submitted_at as submittedAt",
      "b.frozen_at as frozenAt",
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
      "b.version",
      "b.personal",
      "b.personal_segments as personalSegments",
      "b.needs_overseer as needsOverseer",
      "b.overseen_by as overseenBy",
      "o.name as overseer",
      "b.overseen_at as overseenAt",
      "b.urgent_reason as urgentReason",
      "b.objected_at as objectedAt",
      "b.quorum",
      "b.template_id as templateId",
      sql<Series | null>`case when b.series_id is not null
        then json_build_object('id', b.series_id, 'part', b.series_part, 'parts', b.series_parts) end`.as("series"),
      "b.corrects_id as correctsId",
      "b.disclosure_id as disclosureId",
      "b.sheet_id as sheetId",
      "b.sheet_text as sheetText",
      "b.created_at as createdAt",
      "b.options",
      "b.closes_at as closesAt",
    ]);

export const findBroadcast = (db: Db, id: BroadcastId): Promise<Broadcast | undefined> =>
  read(db).where("b.id", "=", id).executeTakeFirst();

/** The newest notice that was made of a finance sheet. */
export const findBroadcastOfSheet = (db: Db, sheetId: string): Promise<Broadcast | undefined> =>
  read(db).where("b.sheet_id", "=", sheetId).orderBy("b.id", "desc").limit(1).executeTakeFirst();

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
