import { audit } from "../db/audit.queries.ts";
import { fold } from "../lib/fold.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { FOUNDING_WORDS } from "./founding-words.ts";
import { deleteOwnWord, insertOwnWord, listOwnWords } from "./lexicon.queries.ts";
import type { Speaks } from "./lexicon.ts";

/** As many words of its own as a village can look through. */
const MOST_WORDS = 500;
const LONGEST = 12;

/** Teaches the village's sorting a word. It is matched folded, like the villagers' texts. */
export async function addWord(work: Work, village: Village, shelf: Speaks, typed: string): Promise<Outcome<string>> {
  const word = fold(typed);
  const wrong = (message: string) => invalid({ field: "word", message });
  if (word === "") return wrong("写一个词，比如“大棚膜”");
  if (word.length > LONGEST) return wrong(`一个词最多 ${LONGEST} 个字`);
  const own = await listOwnWords(work.tx, village.id);
  if (own.length >= MOST_WORDS) return wrong(`村里自己的词最多 ${MOST_WORDS} 个，先删去不用的`);
  const same = own.find((one) => isSame(one, { ...shelf, word }));
  if (same?.active || (!same && isFounding({ ...shelf, word }))) return wrong(`“${word}”已经在这一类里了`);
  if (same) await deleteOwnWord(work.tx, village.id, { ...shelf, word });
  else await insertOwnWord(work.tx, village.id, { ...shelf, word, active: true }, work.actor.id, work.now);
  await audit(work, { chain: village.id, action: "lexicon.add", subject: "village", subjectId: village.id });
  return ok(word);
}

/** Switches a word of the service off, or on again; a word of the village's own is taken away. */
export async function switchWord(work: Work, village: Village, shelf: Speaks, word: string): Promise<Outcome<string>> {
  const one = { ...shelf, word };
  if (!(await deleteOwnWord(work.tx, village.id, one))) {
    if (!isFounding(one)) return invalid({ field: "word", message: `这一类里没有“${word.slice(0, LONGEST)}”这个词` });
    await insertOwnWord(work.tx, village.id, { ...one, active: false }, work.actor.id, work.now);
  }
  await audit(work, { chain: village.id, action: "lexicon.switch", subject: "village", subjectId: village.id });
  return ok(word);
}

const isSame = (a: Speaks & { word: string }, b: Speaks & { word: string }) =>
  a.sort === b.sort && a.value === b.value && a.word === b.word;
const isFounding = (one: Speaks & { word: string }) => FOUNDING_WORDS.some((word) => isSame(word, one));
