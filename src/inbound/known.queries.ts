import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { InboundId, VillageId } from "../lib/ids.ts";
import type { OpenQuestion } from "../suggestion/question.queries.ts";
import type { Meaning } from "./meaning.ts";

/** The names an accusation may be about: everybody with an account in the village, and the linked cadres of its doors. */
export async function listCadreNames(db: Db, villageId: VillageId): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select a.name from actors a where a.village_id = ${villageId} and a.kind = 'staff' and a.active
    union
    select h.cadre_name from households h where h.village_id = ${villageId} and h.cadre_name is not null
    order by 1`.execute(db);
  return rows.map((row) => row.name);
}

/** A text that was understood, as far as its circumstances are stored. */
export type OldText = {
  id: InboundId;
  body: string;
  meaning: Meaning;
  machine: boolean;
  fromHash: Buffer;
  receivedAt: Date;
  understoodAt: Date;
};

/** A village's understood texts in the order they came, those after `after`. */
export async function listUnderstood(
  db: Db,
  villageId: VillageId,
  after: InboundId | null,
  limit: number,
): Promise<OldText[]> {
  const { rows } = await sql<OldText>`
    select id, body, meaning, machine, from_hash as "fromHash", received_at as "receivedAt",
           understood_at as "understoodAt"
      from inbound
     where village_id = ${villageId} and understood_at is not null and (${after}::uuid is null or id > ${after})
     order by id limit ${limit}`.execute(db);
  return rows;
}

/**
 * The questions that were open to the phone when this text was understood, as `openQuestions` finds them now. Its own
 * answer closed one just then.
 */
export async function questionsThen(db: Db, text: OldText): Promise<OpenQuestion[]> {
  const { rows } = await sql<Omit<OpenQuestion, "options"> & { options: string[] | null }>`
    select q.id, q.kind, q.village_id as "villageId", q.suggestion_id as "suggestionId",
           q.broadcast_id as "broadcastId", q.options
      from (select id, kind, village_id, suggestion_id, broadcast_id, options, message_id from questions
             where phone_hash = ${text.fromHash} and asked_at < ${text.understoodAt} and expires_at > ${text.receivedAt}
               and (closed_at is null or closed_at >= ${text.understoodAt})
            union all
            select null, 'poll', b.village_id, null, b.id, b.options, m.id
              from broadcasts b join messages m on m.broadcast_id = b.id and m.once_key = ${text.fromHash}
             where b.kind = 'poll' and b.closes_at > ${text.receivedAt} and b.launched_at <= ${text.receivedAt}) q
      join messages m on m.id = q.message_id
     where m.state in ('accepted', 'sent', 'delivered', 'unknown', 'claimed')
     order by m.accepted_at desc nulls last, m.id desc, q.id desc`.execute(db);
  return rows.map(({ options, ...question }) => (options === null ? question : { ...question, options }));
}
