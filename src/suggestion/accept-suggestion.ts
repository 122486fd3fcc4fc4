import type { SuggestionId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import type { Work } from "../queue/work.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { notAllowed, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import type { Suggestion } from "./suggestion.queries.ts";

export async function acceptSuggestion(work: Work, id: SuggestionId): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  if (!(await moveSuggestion(work.tx, id, "accepted", responseNow(taken.value, work.now))))
    return notAllowed(taken.value);
  await write(work, taken.value, "accepted");
  return taken;
}
