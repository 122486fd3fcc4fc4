import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { FOUNDING_WORDS } from "./founding-words.ts";
import { type Lexicon, lexiconOf, type OwnWord, type Speaks } from "./lexicon.ts";

/** What a village added and switched off, in the order it did. */
export async function listOwnWords(db: Db, villageId: VillageId): Promise<OwnWord[]> {
  const rows = await db
    .selectFrom("lexicon_words")
    .select(["sort", "value", "word", "active"])
    .where("village_id", "=", villageId)
    .orderBy("id")
    .execute();
  return rows as OwnWord[];
}

/** The words that hold in a village today. */
export async function readLexicon(db: Db, villageId: VillageId): Promise<Lexicon> {
  const own = await listOwnWords(db, villageId);
  return own.length === 0 ? FOUNDING_WORDS : lexiconOf(FOUNDING_WORDS, own);
}

export async function insertOwnWord(tx: Tx, villageId: VillageId, own: OwnWord, by: ActorId, now: Date): Promise<void> {
  await tx
    .insertInto("lexicon_words")
    .values({
      id: newId(now.getTime()),
      village_id: villageId,
      ...pick(own),
      active: own.active,
      set_by: by,
      set_at: now,
    })
    .onConflict((oc) => oc.columns(["village_id", "sort", "value", "word"]).doNothing())
    .execute();
}

/** False if the village has no such word of its own and has switched none such off. */
export async function deleteOwnWord(tx: Tx, villageId: VillageId, word: Speaks & { word: string }): Promise<boolean> {
  const { sort, value, word: text } = pick(word);
  const done = await tx
    .deleteFrom("lexicon_words")
    .where("village_id", "=", villageId)
    .where("sort", "=", sort)
    .where("value", "=", value)
    .where("word", "=", text)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

const pick = ({ sort, value, word }: Speaks & { word: string }) => ({ sort, value, word });
