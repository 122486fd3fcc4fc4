import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, MessageId, QuestionId, SuggestionId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { QuestionKind } from "./suggestion.ts";

export type OpenQuestion = {
  /** Null for a poll: no row was written for each of its recipients. */
  id: QuestionId | null;
  kind: QuestionKind;
  villageId: VillageId;
  suggestionId: SuggestionId | null;
  broadcastId: BroadcastId | null;
  /** What a digit picks from, the first for 1; for a poll and for a choice of policies. */
  options?: readonly string[];
};

/**
 * The questions open to a phone when a text came: asked by a text the carrier had taken by then, not expired, not
 * closed; the last one first, because that is what is on the screen of the phone. A poll is read from the message that
 * asks it: a row for each of a hundred thousand recipients would be written for the few who vote.
 */
export async function openQuestions(db: Db, phoneHash: Buffer, at: Date): Promise<OpenQuestion[]> {
  const { rows } = await sql<Omit<OpenQuestion, "options"> & { options: string[] | null }>`
    select q.id, q.kind, q.village_id as "villageId", q.suggestion_id as "suggestionId",
           q.broadcast_id as "broadcastId", q.options
      from (select id, kind, village_id, suggestion_id, broadcast_id, options, message_id from questions
             where phone_hash = ${phoneHash} and closed_at is null and expires_at > ${at}
            union all
            select null, 'poll', b.village_id, null, b.id, b.options, m.id
              from broadcasts b join messages m on m.broadcast_id = b.id and m.once_key = ${phoneHash}
             where b.kind = 'poll' and b.closes_at > ${at} and b.launched_at <= ${at}) q
      join messages m on m.id = q.message_id
     where m.state in ('accepted', 'sent', 'delivered', 'unknown', 'claimed')
     order by m.accepted_at desc nulls last, m.id desc, q.id desc`.execute(db);
  return rows.map(({ options, ...question }) => (options === null ? question : { ...question, options }));
}

export type NewQuestion = {
  villageId: VillageId;
  phoneHash: Buffer;
  kind: QuestionKind;
  messageId: MessageId;
  suggestionId: SuggestionId | null;
  options?: readonly string[];
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
      options: question.options ? [...question.options] : null,
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
