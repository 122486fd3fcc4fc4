import type { SuggestionId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import type { Work } from "../queue/work.ts";
import { changeSuggestion } from "./change-suggestion.queries.ts";
import { escalatedInRound } from "./ladder.ts";
import { notAllowed, readWords, takeSuggestion, write } from "./move-suggestion.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";

/** Up to the township: the case stays open and keeps its date. */
export async function escalateSuggestion(work: Work, id: SuggestionId, reason: string): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  if (!isOpen(taken.value.state) || escalatedInRound(taken.value) !== null) return notAllowed(taken.value);
  await changeSuggestion(work.tx, id, { escalated_at: work.now });
  await write(work, taken.value, "escalated", { text: readWords(reason) });
  return taken;
}
