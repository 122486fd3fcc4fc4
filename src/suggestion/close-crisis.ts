import type { SuggestionId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import type { Work } from "../queue/work.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { notAllowed, takeSuggestion, write } from "./move-suggestion.ts";
import { closeQuestions } from "./question.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";

/** A case of despair is closed by a person who takes it on himself to say that the villager is well. */
export async function closeCrisis(work: Work, id: SuggestionId): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  if (taken.value.danger !== "crisis") return refusal("move_not_allowed", "这样的事由村民评价后办结");
  if (!(await moveSuggestion(work.tx, id, "closed", { closed_at: work.now }))) return notAllowed(taken.value);
  await closeQuestions(work.tx, id, work.now);
  await write(work, taken.value, "closed");
  return taken;
}
