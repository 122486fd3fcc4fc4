import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { MessageId, QuestionId, SuggestionId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { QuestionKind } from "./suggestion.ts";

export type OpenQuestion = {
  id: QuestionId;
  kind: QuestionKind;
  villageId: VillageId;
  suggestionId: SuggestionId | null;
  /** Of a poll: what can be chosen, in its order. */
  options?: readonly string[];
};

/**
 * The questions open to a phone when a text came: asked by a text the carrier had taken by then, not expired, not
 * closed; the last one first, because that is what is on the screen of the phone.
 */
export async function openQuestions(db: Db, phoneHash: Buffer, at: Date): Promise<OpenQuestion[]> {
  const { rows } = await sql<OpenQuestion>`
    select q.id, q.kind, q.village_id as "villageId", q.suggestion_id as "suggestionId"
      from questions q join messages m on m.id = q.message_id
     where q.phone_hash = ${phoneHash} and q.closed_at is null and q.expires_at > ${at}
       and m.state in ('accepted', 'sent', 'delivered', 'unknown', 'claimed')
     order by m.accepted_at desc nulls last, q.id desc`.execute(db);
  return rows;
}

export type NewQuestion = {
  villageId: VillageId;
  phoneHash: Buffer;
  kind: QuestionKind;
  messageId: MessageId;
  suggestionId: SuggestionId;
  expiresAt: Date;
};

export async function askQuestion(tx: Tx, question: NewQuestion, now: Date): Promise<void> {
  await tx
    .insertInto("questions")
    .values({
      id: newId<QuestionId>(now.getTime()),
      village_id: question.villageId,
      phone_hash: question.phoneHash,
      kind: question.kind,
      message_id: question.messageId,
      suggestion_id: question.suggestionId,
      broadcast_id: null,
      asked_at: now,
      expires_at: question.expiresAt,
      closed_at: null,
    })
    .execute();
}

/** A case asks one thing at a time: an answer given, or a new one asked, closes what was open. */
export async function closeQuestions(tx: Tx, suggestionId: SuggestionId, now: Date): Promise<void> {
  await tx
    .updateTable("questions")
    .set({ closed_at: now })
    .where("suggestion_id", "=", suggestionId)
    .where("closed_at", "is", null)
    .execute();
}
