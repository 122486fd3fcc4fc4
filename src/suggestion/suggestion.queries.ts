import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type {
  ActorId,
  ChannelId,
  HouseholdId,
  InboundId,
  MessageId,
  SuggestionId,
  VillageId,
  VillagerId,
} from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { statesBefore } from "../lib/moves.ts";
import type { Role } from "../lib/roles.ts";
import type { MessageState } from "../message/message.ts";
import { type Nature, OPEN_STATES, type ResultKind, SUGGESTION_MOVES, type SuggestionState } from "./suggestion.ts";

export type Suggestion = {
  id: SuggestionId;
  villageId: VillageId;
  number: number;
  state: SuggestionState;
  sealed: boolean;
  text: string;
  nature: Nature;
  category: string | null;
  urgent: boolean;
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
};

const read = (db: Db) =>
  db
    .selectFrom("suggestions as s")
    .leftJoin("households as h", "h.id", "s.household_id")
    .leftJoin("villagers as v", "v.id", "s.villager_id")
    .leftJoin("actors as o", "o.id", "s.owner_id")
    .leftJoin("staff as f", "f.id", "s.owner_id")
    .select([
      "s.id",
      "s.village_id as villageId",
      "s.number",
      "s.state",
      "s.sealed",
      "s.text",
      "s.nature",
      "s.category",
      "s.urgent",
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
    ]);

export const findSuggestion = (db: Db, id: SuggestionId): Promise<Suggestion | undefined> =>
  read(db).where("s.id", "=", id).executeTakeFirst();

export const lockSuggestion = (tx: Tx, id: SuggestionId): Promise<Suggestion | undefined> =>
  read(tx).where("s.id", "=", id).forUpdate("s").executeTakeFirst();

export type LedgerFilter = {
  states: readonly SuggestionState[] | null;
  overdue: boolean;
  now: Date;
  limit: number;
  offset: number;
};

/** The ledger: open cases first, whoever waits longest against the promise on top; then the rest, newest first. */
export async function listLedger(db: Db, villageId: VillageId, filter: LedgerFilter): Promise<Suggestion[]> {
  const open = sql<boolean>`s.state in (${sql.join(OPEN_STATES)})`;
  return await read(db)
    .where("s.village_id", "=", villageId)
    .$if(filter.states !== null, (query) => query.where("s.state", "in", [...(filter.states ?? [])]))
    .$if(filter.overdue, (query) => query.where("s.due_at", "<=", filter.now).where(open, "=", true))
    .orderBy(sql`case when ${open} then 0 else 1 end`)
    .orderBy(sql`case when ${open} then s.due_at end`)
    .orderBy("s.id", "desc")
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
}

export type LedgerCounts = { open: number; overdue: number; dueToday: number; answered: number; closed: number };

export async function countLedger(db: Db, villageId: VillageId, now: Date, endOfToday: Date): Promise<LedgerCounts> {
  const open = sql`state in (${sql.join(OPEN_STATES)})`;
  const { rows } = await sql<LedgerCounts>`
    select count(*) filter (where ${open})::int as open,
           count(*) filter (where ${open} and due_at <= ${now})::int as overdue,
           count(*) filter (where ${open} and due_at > ${now} and due_at <= ${endOfToday})::int as "dueToday",
           count(*) filter (where state = 'answered')::int as answered,
           count(*) filter (where state = 'closed')::int as closed
      from suggestions where village_id = ${villageId}`.execute(db);
  return rows[0] ?? { open: 0, overdue: 0, dueToday: 0, answered: 0, closed: 0 };
}

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
  nature: Nature;
  householdId: HouseholdId | null;
  villagerId: VillagerId | null;
  phone: { hash: Buffer; sealed: Buffer };
  channelId: ChannelId | null;
  ownerId: ActorId | null;
  dueAt: Date;
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
      nature: fresh.nature,
      category: null,
      household_id: fresh.householdId,
      villager_id: fresh.villagerId,
      phone_hash: fresh.phone.hash,
      phone: fresh.phone.sealed,
      channel_id: fresh.channelId,
      owner_id: fresh.ownerId,
      opened_at: now,
      due_at: fresh.dueAt,
      escalated_at: null,
      first_response_at: null,
      answered_at: null,
      result_kind: null,
      planned_for: null,
      answer: null,
      rating: null,
      rated_at: null,
      merged_into: null,
      closed_at: null,
    })
    .execute();
}

export type SuggestionChange = Partial<{
  owner_id: ActorId;
  due_at: Date;
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
  closed_at: Date | null;
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
  return numUpdatedRows === 1n;
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

export type NewEvent = {
  suggestionId: SuggestionId;
  villageId: VillageId;
  actorId: ActorId | null;
  voice: "staff" | "villager" | "service";
  kind: EventKind;
  text?: string;
  inboundId?: InboundId;
  messageId?: MessageId;
};

export const EVENT_KINDS = [
  "opened",
  "receipt",
  "accepted",
  "assigned",
  "note",
  "extended",
  "escalated",
  "answered",
  "declined",
  "rated",
  "reopened",
  "closed",
  "closed_unrated",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export async function addEvent(tx: Tx, event: NewEvent, now: Date): Promise<void> {
  await tx
    .insertInto("suggestion_events")
    .values({
      id: newId(now.getTime()),
      suggestion_id: event.suggestionId,
      village_id: event.villageId,
      at: now,
      actor_id: event.actorId,
      voice: event.voice,
      kind: event.kind,
      text: event.text ?? "",
      inbound_id: event.inboundId ?? null,
      message_id: event.messageId ?? null,
    })
    .execute();
}

export type TimelineEvent = {
  at: Date;
  actor: string | null;
  post: string | null;
  role: Role | null;
  voice: "staff" | "villager" | "service";
  kind: EventKind;
  text: string;
  messageState: MessageState | null;
  messageReason: string | null;
};

export async function listTimeline(db: Db, id: SuggestionId): Promise<TimelineEvent[]> {
  return await db
    .selectFrom("suggestion_events as e")
    .leftJoin("actors as a", "a.id", "e.actor_id")
    .leftJoin("staff as f", "f.id", "e.actor_id")
    .leftJoin("messages as m", "m.id", "e.message_id")
    .select([
      "e.at",
      "a.name as actor",
      "f.post",
      "a.role",
      "e.voice",
      sql<EventKind>`e.kind`.as("kind"),
      "e.text",
      "m.state as messageState",
      "m.reason as messageReason",
    ])
    .where("e.suggestion_id", "=", id)
    .orderBy("e.id")
    .execute();
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

/** Answered cases whose villager never rated within the village's time. */
export async function unratedTooLong(
  db: Db,
  now: Date,
  limit: number,
): Promise<{ id: SuggestionId; villageId: VillageId }[]> {
  const { rows } = await sql<{ id: SuggestionId; villageId: VillageId }>`
    select s.id, s.village_id as "villageId" from suggestions s join villages v on v.id = s.village_id
     where s.state = 'answered'
       and s.answered_at < ${now}::timestamptz - make_interval(days => (v.promises ->> 'ratingDays')::int)
     limit ${limit}`.execute(db);
  return rows;
}
