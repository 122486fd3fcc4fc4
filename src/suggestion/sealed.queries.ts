import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, SuggestionId, VillageId } from "../lib/ids.ts";
import type { Overseer } from "./sealed.ts";
import { readCases, type Suggestion } from "./suggestion.queries.ts";
import { OPEN_STATES } from "./suggestion.ts";

/** The village's overseers, the longest-serving first; an API key is one without a post, after the people. */
export async function listOverseers(
  db: Db,
  villageId: VillageId,
): Promise<(Overseer & { kind: "staff" | "api_key" })[]> {
  const { rows } = await sql<Overseer & { kind: "staff" | "api_key" }>`
    select a.id, a.name, a.kind, coalesce(f.post, '') as post
      from actors a left join staff f on f.id = a.id
     where a.village_id = ${villageId} and a.role = 'overseer' and a.active
     order by a.kind = 'api_key', a.created_at, a.id`.execute(db);
  return rows;
}

export type Supervision = { name: string; supervisor: ActorId | null };

/** The village's township and its longest-serving supervisor; null for a village without one. */
export async function findSupervision(db: Db, villageId: VillageId): Promise<Supervision | null> {
  const { rows } = await sql<Supervision>`
    select t.name, (select a.id from actors a where a.role = 'township' and a.township_id = t.id and a.active
                     order by a.kind = 'api_key', a.created_at, a.id limit 1) as supervisor
      from villages v join townships t on t.id = v.township_id where v.id = ${villageId}`.execute(db);
  return rows[0] ?? null;
}

export type SealedTalk = {
  /** The sealed case of this phone; null where it is a reader's phone, told of somebody else's. */
  suggestionId: SuggestionId | null;
  lastAt: Date;
  /** Nothing came to the phone since, not even a notice. */
  latest: boolean;
};

/** If the last text to this phone alone is sealed: what it writes now may answer that. */
export async function findSealedTalk(db: Db, villageId: VillageId, phoneHash: Buffer): Promise<SealedTalk | null> {
  const { rows } = await sql<SealedTalk & { sealed: boolean }>`
    select m.sealed, m.created_at as "lastAt",
           (select s.id from suggestions s where s.id = m.suggestion_id and s.phone_hash = m.phone_hash) as "suggestionId",
           not exists (select from messages l where l.phone_hash = m.phone_hash and l.village_id = m.village_id
                          and l.created_at > m.created_at) as latest
      from messages m
     where m.phone_hash = ${phoneHash} and m.village_id = ${villageId} and m.broadcast_id is null
     order by m.id desc limit 1`.execute(db);
  const [last] = rows;
  return last?.sealed ? last : null;
}

/** Sealed cases that this actor may see, open ones first, whoever waits longest against the promise on top. */
export const listSealed = (db: Db, villageId: VillageId, limit: number, offset: number): Promise<Suggestion[]> =>
  readCases(db)
    .where("s.village_id", "=", villageId)
    .where("s.sealed", "=", true)
    .orderBy(sql`case when s.state in (${sql.join(OPEN_STATES)}) then 0 else 1 end`)
    .orderBy(sql`case when s.state in (${sql.join(OPEN_STATES)}) then s.due_at end`)
    .orderBy("s.id", "desc")
    .limit(limit)
    .offset(offset)
    .execute();

/** Billable parts of the sealed texts that went out: the township pays for them. */
export async function countSealedSegments(db: Db, villageId: VillageId): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(segments), 0)::int as n from messages
     where village_id = ${villageId} and sealed and state <> 'suppressed' and state <> 'canceled'`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function takeSealedNumber(tx: Tx, villageId: VillageId): Promise<number> {
  const { rows } = await sql<{ number: number }>`select take_sealed_number(${villageId}) as number`.execute(tx);
  if (!rows[0]) throw new Error("no sealed number");
  return rows[0].number;
}

/** Afterwards the actor of this transaction may not see the case any more. */
export async function sealRows(
  tx: Tx,
  id: SuggestionId,
  to: { number: number; readerId: ActorId | null; hiddenFrom: readonly ActorId[] },
): Promise<void> {
  await sql`select seal_suggestion(${id}, ${to.number}, ${to.readerId}, ${[...to.hiddenFrom]}::uuid[])`.execute(tx);
}
