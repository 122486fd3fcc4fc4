import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, SuggestionId, VillageId } from "../lib/ids.ts";

export type Publication = {
  suggestionId: SuggestionId;
  number: number;
  question: string;
  answer: string;
  publishedAt: Date;
};

/** What a village shows of its ledger, newest first. */
export async function listPublications(db: Db, villageId: VillageId, limit: number): Promise<Publication[]> {
  return await published(db)
    .where("p.village_id", "=", villageId)
    .orderBy("p.published_at", "desc")
    .orderBy("p.suggestion_id", "desc")
    .limit(limit)
    .execute();
}

export const findPublication = (db: Db, id: SuggestionId): Promise<Publication | undefined> =>
  published(db).where("p.suggestion_id", "=", id).executeTakeFirst();

const published = (db: Db) =>
  db
    .selectFrom("publications as p")
    .innerJoin("suggestions as s", "s.id", "p.suggestion_id")
    .select(["p.suggestion_id as suggestionId", "s.number", "p.question", "p.answer", "p.published_at as publishedAt"])
    .where("p.withdrawn_at", "is", null)
    .where("s.sealed", "=", false);

type NewPublication = Omit<Publication, "number" | "publishedAt"> & { villageId: VillageId; by: ActorId };

export async function putPublication(tx: Tx, fresh: NewPublication, now: Date): Promise<void> {
  const words = { question: fresh.question, answer: fresh.answer };
  const row = { ...words, published_by: fresh.by, published_at: now, withdrawn_at: null };
  await tx
    .insertInto("publications")
    .values({ suggestion_id: fresh.suggestionId, village_id: fresh.villageId, ...row })
    .onConflict((oc) => oc.column("suggestion_id").doUpdateSet(row))
    .execute();
}

/** False if it is not public. */
export async function withdrawPublication(tx: Tx, id: SuggestionId, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("publications")
    .set({ withdrawn_at: now })
    .where("suggestion_id", "=", id)
    .where("withdrawn_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
