import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type {
  BroadcastId,
  ChannelId,
  HouseholdId,
  InboundId,
  SuggestionId,
  VillageId,
  VillagerId,
} from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { Meaning } from "./meaning.ts";

export type NewInbound = {
  channelId: ChannelId | null;
  carrier: string;
  carrierMessageId: string;
  fromHash: Buffer;
  fromPhone: Buffer;
  raw: Buffer;
  body: string;
  receivedAt: Date;
  backfilled: boolean;
  machine?: boolean;
};

/** Stores texts, each once however often the carrier brings it. Null for one that was here already. */
export async function storeInbound(db: Db, texts: readonly NewInbound[]): Promise<(InboundId | null)[]> {
  const ids = texts.map((text) => newId<InboundId>(text.receivedAt.getTime()));
  const { rows } = await sql<{ id: InboundId }>`
    insert into inbound (id, channel_id, carrier, carrier_message_id, from_hash, from_phone, raw, body, received_at,
                         backfilled, machine)
    select * from unnest(
      ${ids}::uuid[], ${texts.map((t) => t.channelId)}::uuid[], ${texts.map((t) => t.carrier)}::text[],
      ${texts.map((t) => t.carrierMessageId)}::text[], ${texts.map((t) => t.fromHash)}::bytea[],
      ${texts.map((t) => t.fromPhone)}::bytea[], ${texts.map((t) => t.raw)}::bytea[],
      ${texts.map((t) => t.body)}::text[], ${texts.map((t) => t.receivedAt.toISOString())}::timestamptz[],
      ${texts.map((t) => t.backfilled)}::boolean[], ${texts.map((t) => t.machine ?? false)}::boolean[])
    on conflict (carrier, carrier_message_id) do nothing
    returning id`.execute(db);
  const stored = new Set(rows.map((row) => row.id));
  return ids.map((id) => (stored.has(id) ? id : null));
}

export type StoredText = {
  id: InboundId;
  channelId: ChannelId | null;
  channelVillageId: VillageId | null;
  fromHash: Buffer;
  fromPhone: Buffer;
  body: string;
  receivedAt: Date;
  failures: number;
  machine: boolean;
  /** A person's decisions: whose text it is, since when it waits to be understood again, and from which case it comes. */
  placedVillageId: VillageId | null;
  replayAt: Date | null;
  movedFrom: SuggestionId | null;
};

/**
 * Takes a text to understand, and with it the phone it came from: two texts of one phone are understood one after the
 * other and in their order, in whatever process. Undefined if it is understood already, if somebody has it, or if an
 * earlier text of this phone comes first (one that keeps failing holds up nobody).
 */
export async function takeInbound(tx: Tx, id: InboundId): Promise<StoredText | undefined> {
  const { rows } = await sql<StoredText>`
    select i.id, i.channel_id as "channelId", c.village_id as "channelVillageId", i.from_hash as "fromHash",
           i.from_phone as "fromPhone", i.body, i.received_at as "receivedAt", i.failures, i.machine,
           i.placed_village_id as "placedVillageId", i.replay_at as "replayAt", i.moved_from as "movedFrom"
      from inbound i left join channels c on c.id = i.channel_id
     where i.id = ${id} and i.understood_at is null
       and not exists (select from inbound e where e.from_hash = i.from_hash and e.id < i.id
                                               and e.understood_at is null and e.failures < 3)
       for update of i skip locked`.execute(tx);
  return rows[0];
}

export type Understanding = {
  meaning: Meaning;
  rule: string;
  why: string;
  detail: Record<string, unknown> | null;
  suggestionId: SuggestionId | null;
  villageId: VillageId | null;
  householdId: HouseholdId | null;
  villagerId: VillagerId | null;
  registered: boolean;
  aboutBroadcastId: BroadcastId | null;
  /** A text of a sealed case is sealed by that alone. */
  sealed: boolean;
};

export async function recordUnderstanding(tx: Tx, id: InboundId, found: Understanding, now: Date): Promise<void> {
  await tx
    .updateTable("inbound")
    .set({
      meaning: found.meaning,
      rule: found.rule,
      why: found.why,
      detail: found.detail === null ? null : JSON.stringify(found.detail),
      suggestion_id: found.suggestionId,
      village_id: found.villageId,
      household_id: found.householdId,
      villager_id: found.villagerId,
      registered: found.registered,
      about_broadcast_id: found.aboutBroadcastId,
      sealed: sql`${found.sealed} or exists (select from suggestions s where s.id = ${found.suggestionId} and s.sealed)`,
      understood_at: now,
    })
    .where("id", "=", id)
    .execute();
}

export async function noteFailure(db: Db, id: InboundId): Promise<void> {
  await db
    .updateTable("inbound")
    .set((eb) => ({ failures: eb("failures", "+", 1) }))
    .where("id", "=", id)
    .where("failures", "<", 30_000)
    .execute();
}

/** Texts nobody has understood yet, oldest first: their bells are rung again by the sweep. */
export async function waitingInbound(db: Db, before: Date, limit: number): Promise<InboundId[]> {
  return (await waitingByPhone(db, before, limit)).flat();
}

/** The same, each phone's by themselves: they are understood one after the other anyway. */
export async function waitingByPhone(db: Db, before: Date, limit: number): Promise<InboundId[][]> {
  const rows = await db
    .selectFrom("inbound")
    .select(["id", "from_hash as phone"])
    .where("understood_at", "is", null)
    .where("received_at", "<=", before)
    .orderBy("id")
    .limit(limit)
    .execute();
  return [...Map.groupBy(rows, (row) => row.phone.toString("hex")).values()].map((texts) => texts.map(({ id }) => id));
}

/** The village whose text reached this phone last: a text that could belong to several answers that one. */
export async function lastTextedBy(
  db: Db,
  phoneHash: Buffer,
  among: readonly VillageId[],
): Promise<VillageId | undefined> {
  const row = await db
    .selectFrom("messages")
    .select("village_id")
    .where("phone_hash", "=", phoneHash)
    .where("village_id", "in", among)
    .where("state", "in", ["accepted", "sent", "delivered", "unknown", "claimed"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.village_id;
}

/** Which of these texts the carrier has brought already. */
export async function knownCarrierIds(db: Db, carrier: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom("inbound")
    .select("carrier_message_id as id")
    .where("carrier", "=", carrier)
    .where("carrier_message_id", "in", ids)
    .execute();
  return new Set(rows.map((row) => row.id));
}
