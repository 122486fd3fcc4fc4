import { audit } from "../db/audit.queries.ts";
import { isUuid, type PhraseId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { readWords } from "./move-suggestion.ts";
import { deletePhrase, insertPhrase, listPhrases } from "./phrases.queries.ts";

/** More of them are looked for longer than they are typed. */
const MOST = 20;
const LONGEST = 60;

export async function addPhrase(work: Work, village: Village, words: string): Promise<Outcome<null>> {
  const text = readWords(words, LONGEST + 1);
  const length = Array.from(text).length;
  if (length < 2 || length > LONGEST) return invalid({ field: "text", message: `常用的话写 2 到 ${LONGEST} 个字` });
  if ((await listPhrases(work.tx, village.id)).length >= MOST) {
    return invalid({ field: "text", message: `已有 ${MOST} 句，请先删掉不用的` });
  }
  if (!(await insertPhrase(work.tx, village.id, text, work.now))) {
    return refusal("already_exists", "这句话已经有了");
  }
  await audit(work, { chain: village.id, action: "phrase.add", subject: "village", subjectId: village.id });
  return ok(null);
}

export async function removePhrase(work: Work, village: Village, id: string): Promise<Outcome<null>> {
  const gone = isUuid(id) && (await deletePhrase(work.tx, village.id, id as PhraseId));
  if (!gone) return refusal("not_found", "没有这句话");
  await audit(work, { chain: village.id, action: "phrase.remove", subject: "village", subjectId: village.id });
  return ok(null);
}
