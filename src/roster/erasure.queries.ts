import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import { type ActorId, type HouseholdId, newId, type VillageId, type VillagerId } from "../lib/ids.ts";
import { ERASED } from "./erasure.ts";

export async function insertErasure(
  tx: Tx,
  erasure: {
    villageId: VillageId;
    villagerId: VillagerId;
    name: Buffer;
    phone: { hash: Buffer; sealed: Buffer } | null;
    marks: Buffer[];
    askedBy: ActorId;
    keepUntil: Date;
  },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("erasures")
    .values({
      id: newId(now.getTime()),
      village_id: erasure.villageId,
      villager_id: erasure.villagerId,
      name: erasure.name,
      phone_hash: erasure.phone?.hash ?? null,
      phone: erasure.phone?.sealed ?? null,
      asked_by: erasure.askedBy,
      asked_at: now,
      keep_until: erasure.keepUntil,
      marks: erasure.marks,
    })
    .execute();
}

/** By which marks (in hex, src/roster/erased-marks.ts) who was taken out is known again, and since when he is. */
export async function readMarks(db: Db, villageId: VillageId): Promise<Map<string, Date>> {
  const { rows } = await sql<{ mark: string; askedAt: Date }>`
    select encode(m.mark, 'hex') as mark, e.asked_at as "askedAt"
      from erasures e cross join unnest(e.marks) as m (mark)
     where e.village_id = ${villageId} order by e.id`.execute(db);
  return new Map(rows.map(({ mark, askedAt }) => [mark, askedAt]));
}

/**
 * Approved texts that name him and have not left: his door gets none of these notices, and stands among those not
 * reached, to be told in person. What names him must not leave, nor a text that calls somebody “已删除”.
 */
export async function dropUnsentTexts(tx: Tx, householdId: HouseholdId, name: string): Promise<void> {
  await sql`
    delete from broadcast_texts t using broadcasts b
     where b.id = t.broadcast_id and b.launched_at is null and t.household_id = ${householdId}
       and strpos(t.body, ${name}) > 0`.execute(tx);
}

/** `name` and the phone are sealed; the phone is null where others have it too. */
export type Erasure = {
  id: string;
  villageId: VillageId;
  villagerId: VillagerId;
  name: Buffer | null;
  hash: Buffer | null;
  phone: Buffer | null;
  begunAt: Date | null;
};

/**
 * Those that nobody has begun, and those whose records need not be kept any longer. A case that is still open, a sealed
 * one too, must be answered first: its records wait.
 */
export async function dueErasures(tx: Tx, now: Date, limit: number): Promise<Erasure[]> {
  const { rows } = await sql<Erasure>`
    select e.id, e.village_id as "villageId", e.villager_id as "villagerId", e.name, e.phone_hash as hash, e.phone,
           e.begun_at as "begunAt"
      from erasures e
     where e.finished_at is null and (e.begun_at is null or (e.keep_until <= ${now} and not exists (
       select from suggestions s where s.villager_id = e.villager_id
          and s.state not in ('closed', 'merged', 'declined', 'transferred'))))
     order by e.id limit ${limit} for update skip locked`.execute(tx);
  return rows;
}

/**
 * What people read loses him at once: his name and number in the words of his cases, and his texts altogether. False
 * while a text to him is in a worker's hands, or in doubt: it may come back to be sent, and then it all begins again.
 */
export async function takeOutOfWords(tx: Tx, of: Erasure, words: readonly string[], now: Date): Promise<boolean> {
  const own = sql`s.villager_id = ${of.villagerId}`;
  const without = (column: string) =>
    words.reduce((text, word) => sql`replace(${text}, ${word}, ${ERASED})`, sql`${sql.ref(column)}`);
  await sql`update suggestions s set text = ${without("s.text")}, answer = ${without("s.answer")} where ${own}`.execute(
    tx,
  );
  await sql`update suggestion_events e set text = ${without("e.text")}
              from suggestions s where s.id = e.suggestion_id and ${own}`.execute(tx);
  // What a notice with blanks said to his door, and the table that filled it.
  const door = sql`(select v.household_id from villagers v where v.id = ${of.villagerId})`;
  await sql`update broadcast_texts t set body = ${without("t.body")} where t.household_id = ${door}`.execute(tx);
  const inJson = words.reduce(
    (text, word) => sql`replace(${text}, ${JSON.stringify(word).slice(1, -1)}, ${ERASED})`,
    sql`t.values::text`,
  );
  await sql`update broadcast_values t set values = (${inJson})::jsonb where t.household_id = ${door}`.execute(tx);
  await sql`update inbound set body = ${ERASED}
             where village_id = ${of.villageId} and understood_at is not null
               and (villager_id = ${of.villagerId} or from_hash = ${of.hash})`.execute(tx);
  await sql`update messages set state = 'canceled', reason = 'canceled', state_at = clock_timestamp()
             where state = 'pending' and village_id = ${of.villageId} and phone_hash = ${of.hash}`.execute(tx);
  await sql`delete from phones p where p.village_id = ${of.villageId} and p.hash = ${of.hash}
               and not exists (select from villagers v where v.village_id = p.village_id and v.phone_hash = p.hash)
               and not exists (select from households h where h.village_id = p.village_id and h.contact_hash = p.hash)`.execute(
    tx,
  );
  await sql`delete from phone_consents where village_id = ${of.villageId} and phone_hash = ${of.hash}`.execute(tx);
  const { numAffectedRows } = await sql`
    update erasures set name = null, begun_at = ${now} where id = ${of.id} and not exists (
      select from messages m where m.phone_hash = ${of.hash} and m.village_id = ${of.villageId}
                               and m.state in ('claimed', 'unknown'))`.execute(tx);
  return numAffectedRows === 1n;
}

/** What a record has instead of the number and the text; the hash is this erasure's own, so votes stay one a phone. */
export type Nobody = { hash: Buffer; phone: Buffer; raw: Buffer };

/**
 * Records from before `before` keep their times, states, prices and counts, and lose the number and the words. That a
 * phone has opted out stays, as a hash: nobody may text it again because its owner wished to be forgotten.
 */
export async function blankRecords(tx: Tx, of: Erasure, nobody: Nobody, before: Date): Promise<void> {
  const { villageId, villagerId, hash } = of;
  await sql`
    update messages set body = case when body is not null then ${ERASED} end, phone = ${nobody.phone},
                        once_key = case when once_key = ${hash} then ${nobody.hash} else once_key end,
                        phone_hash = ${nobody.hash}
     where phone_hash = ${hash} and village_id = ${villageId} and created_at < ${before}
       and state not in ('pending', 'claimed')`.execute(tx);
  await sql`
    update inbound set raw = ${nobody.raw}, from_phone = ${nobody.phone}, from_hash = ${nobody.hash}, body = ${ERASED},
                       detail = null
     where (from_hash = ${hash} or villager_id = ${villagerId}) and village_id = ${villageId}
       and received_at < ${before} and understood_at is not null`.execute(tx);
  await sql`
    update suggestions set phone = null, phone_hash = null
     where (phone_hash = ${hash} or villager_id = ${villagerId}) and village_id = ${villageId}
       and opened_at < ${before} and state in ('closed', 'merged', 'declined', 'transferred')`.execute(tx);
  await sql`update questions set phone_hash = ${nobody.hash}
             where phone_hash = ${hash} and village_id = ${villageId} and asked_at < ${before}`.execute(tx);
  await sql`update poll_votes set phone_hash = ${nobody.hash}
             where phone_hash = ${hash} and village_id = ${villageId} and at < ${before}`.execute(tx);
  await sql`update alarms set phone_hash = ${nobody.hash}
             where phone_hash = ${hash} and village_id = ${villageId} and raised_at < ${before}
               and state <> 'calling'`.execute(tx);
}

export const finishErasure = (tx: Tx, id: string, now: Date) =>
  sql`update erasures set phone_hash = null, phone = null, finished_at = ${now} where id = ${id}`.execute(tx);
