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

/** The questions that were open to the phone when this text was understood. Its own answer closed one just then. */
export async function questionsThen(db: Db, text: OldText): Promise<OpenQuestion[]> {
  const { rows } = await sql<OpenQuestion>`
    select q.id, q.kind, q.village_id as "villageId", q.suggestion_id as "suggestionId"
      from questions q join messages m on m.id = q.message_id
     where q.phone_hash = ${text.fromHash} and q.asked_at < ${text.understoodAt} and q.expires_at > ${text.receivedAt}
       and (q.closed_at is null or q.closed_at >= ${text.understoodAt})
       and m.state in ('accepted', 'sent', 'delivered', 'unknown', 'claimed')
     order by m.accepted_at desc, q.id desc`.execute(db);
  return rows;
}
