import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { findSuggestion, type Suggestion } from "./suggestion.queries.ts";

/** A case that an address names, as far as this actor may see it; with a code, only a case of that village. */
export async function findCase(
  work: Work,
  id: string,
  code?: string,
): Promise<Outcome<{ suggestion: Suggestion; village: Village }>> {
  const suggestion = isUuid(id) ? await findSuggestion(work.tx, id as SuggestionId) : undefined;
  const village = suggestion && (await getVillage(work.tx, suggestion.villageId));
  if (!suggestion || !village || (code !== undefined && village.code !== code)) {
    return refusal("not_found", "没有这件意见");
  }
  return ok({ suggestion, village });
}
