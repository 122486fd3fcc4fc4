import type { SuggestionId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { listNamesAndDoors } from "../roster/find-people.queries.ts";
import { notAllowed, readWords, takeSuggestion, write } from "./move-suggestion.ts";
import { putPublication, withdrawPublication } from "./publication.queries.ts";
import { findPersonal, sayPersonal } from "./publication.ts";
import type { Suggestion } from "./suggestion.queries.ts";

export type PublicVersion = { question: string; answer: string };

/**
 * Question and answer for everybody's eyes, in words that name nobody. Only what is settled, and the hard ones too; a
 * second time replaces the first.
 */
export async function publishSuggestion(
  work: Work,
  id: SuggestionId,
  version: PublicVersion,
): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const { sealed, state, villageId } = taken.value;
  if (sealed) return refusal("forbidden", "密件不能公开");
  if (state !== "closed" && state !== "declined" && state !== "transferred") return notAllowed(taken.value);
  const question = readWords(version.question, 500);
  const answer = readWords(version.answer, 500);
  const errors: FieldError[] = [];
  if (question === "") errors.push({ field: "question", message: "请写公开的问题" });
  if (answer === "") errors.push({ field: "answer", message: "请写公开的答复" });
  if (errors.length > 0) return invalid(...errors);
  const roster = await listNamesAndDoors(work.tx, villageId);
  for (const [field, text] of Object.entries({ question, answer })) {
    const found = findPersonal(text, roster);
    if (found.length > 0)
      errors.push({ field, message: `公开的话里不能有${sayPersonal(found)}，请改成“一位村民”这样的说法` });
  }
  if (errors.length > 0) {
    const { refusal: wrong } = invalid(...errors);
    return { ok: false, refusal: { ...wrong, code: "lint_blocked" } };
  }
  await putPublication(work.tx, { suggestionId: id, villageId, question, answer, by: work.actor.id }, work.now);
  await write(work, taken.value, "published");
  return taken;
}

export async function withdrawSuggestion(work: Work, id: SuggestionId): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  if (!(await withdrawPublication(work.tx, id, work.now))) return refusal("move_not_allowed", "这件没有公开");
  await write(work, taken.value, "withdrawn");
  return ok(taken.value);
}
