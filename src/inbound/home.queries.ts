import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, ChannelId, HouseholdId, SuggestionId, VillageId } from "../lib/ids.ts";
import { OPEN_STATES } from "../suggestion/suggestion.ts";
import type { NearCase } from "./find-home.ts";

/** Of a long talk, the first text and so many of the last are compared. */
const LAST_SAID = 6;
const MOST_CASES = 20;

/**
 * The cases of a phone and of its household in a village: the open ones, and those settled in the last month. One that
 * was merged stands where its main case stands.
 */
export async function nearCases(
  db: Db,
  whose: { villageId: VillageId; phoneHash: Buffer; householdId: HouseholdId | null },
  at: Date,
): Promise<NearCase[]> {
  const { rows } = await sql<NearCase>`
    select s.id, s.number, coalesce(m.state, s.state) as state, s.sealed,
           coalesce(s.phone_hash = ${whose.phoneHash}, false) as "samePhone",
           array[s.text] || coalesce(later.said, '{}') as said, s.opened_at as "openedAt",
           coalesce(last.received_at, s.opened_at) as "heardAt",
           coalesce(m.closed_at, m.answered_at, s.closed_at, s.answered_at) as "settledAt"
      from suggestions s
      left join suggestions m on m.id = s.merged_into
      left join lateral (
        select array_agg(e.text) as said
          from (select text from suggestion_events
                 where suggestion_id = s.id and kind in ('added', 'added_after_answer')
                 order by id desc limit ${LAST_SAID}) e) later on true
      left join lateral (
        select received_at from inbound where suggestion_id = s.id order by id desc limit 1) last on true
     where s.village_id = ${whose.villageId}
       and (s.phone_hash = ${whose.phoneHash} or s.household_id = ${whose.householdId}::uuid)
       and (coalesce(m.state, s.state) in (${sql.join(OPEN_STATES)})
         or coalesce(m.closed_at, m.answered_at, s.closed_at, s.answered_at, s.opened_at)
              > ${at}::timestamptz - interval '30 days')
     order by s.id desc limit ${MOST_CASES}`.execute(db);
  return rows;
}

/** The other-village case's new self, if one of its texts was taken over already. */
export const movedHere = async (db: Db, movedFrom: SuggestionId): Promise<SuggestionId | undefined> =>
  (await db.selectFrom("suggestions").select("id").where("moved_from", "=", movedFrom).executeTakeFirst())?.id;

/** A notice answered within this time is what the answer is about. */
const ABOUT = "72 hours";

/**
 * The notice a text answers: the last one that this phone was sent by the village, through the channel the text came
 * to if there is one, within 72 hours before it.
 */
export async function noticeAnswered(
  db: Db,
  said: { villageId: VillageId; phoneHash: Buffer; channelId: ChannelId | null; at: Date },
): Promise<BroadcastId | null> {
  const { rows } = await sql<{ id: BroadcastId }>`
    select m.broadcast_id as id from messages m
     where m.phone_hash = ${said.phoneHash} and m.village_id = ${said.villageId} and m.broadcast_id is not null
       and m.state in ('accepted', 'sent', 'delivered', 'unknown')
       and m.created_at <= ${said.at} and m.created_at > ${said.at}::timestamptz - ${ABOUT}::interval
     order by (m.channel_id = ${said.channelId}::uuid) desc nulls last, m.accepted_at desc nulls last, m.id desc
     limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** Receipts that this phone was sent since then. */
export async function countReceipts(db: Db, phoneHash: Buffer, since: Date): Promise<number> {
  const { n } = await db
    .selectFrom("messages")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("phone_hash", "=", phoneHash)
    .where("purpose", "=", "receipt")
    .where("created_at", ">=", since)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** What else a phone wrote while nobody knew it is understood anew too, once somebody says whose it is. */
export async function replayStrangersTexts(tx: Tx, phoneHash: Buffer, villageId: VillageId, at: Date): Promise<void> {
  await tx
    .updateTable("inbound")
    .set({ understood_at: null, replay_at: at, placed_village_id: villageId })
    .where("from_hash", "=", phoneHash)
    .where("registered", "=", false)
    .where("dismissed_at", "is", null)
    .where("understood_at", "is not", null)
    .execute();
}
