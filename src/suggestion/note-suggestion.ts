import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import type { Work } from "../queue/work.ts";
import { readWords, takeSuggestion, write } from "./move-suggestion.ts";
import type { Suggestion } from "./suggestion.queries.ts";

/** A line of the diary (民情日记): for colleagues, never for the villager. */
export async function noteSuggestion(work: Work, id: SuggestionId, text: string): Promise<Outcome<Suggestion>> {
  const note = readWords(text, 2000);
  if (note === "") return invalid({ field: "text", message: "请写下要记的内容" });
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  await write(work, taken.value, "note", { text: note });
  return taken;
}
