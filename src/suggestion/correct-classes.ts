import { audit } from "../db/audit.queries.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { type ClassChange, setClasses } from "./class.queries.ts";
import { isCategory, isNature } from "./classify.ts";
import { findSuggestion, type Suggestion } from "./suggestion.queries.ts";

/** A person knows better than the words: sets one of nature, class and urgency. What he sets has no deciding words. */
export async function correctClasses(
  work: Work,
  id: SuggestionId,
  said: { nature?: string | undefined; category?: string | undefined; urgent?: string | undefined },
): Promise<Outcome<Suggestion>> {
  const change = readChange(said);
  if (!change) return invalid({ field: "category", message: "请选一类" });
  if (!(await setClasses(work.tx, id, change, work.actor.id))) return refusal("not_found", "没有这件意见");
  const changed = await findSuggestion(work.tx, id);
  if (!changed) return refusal("not_found", "没有这件意见");
  await audit(work, {
    chain: changed.villageId,
    action: "suggestion.classify",
    subject: "suggestion",
    subjectId: id,
    detail: { ...(said.nature ? { nature: said.nature } : {}), ...(said.category ? { category: said.category } : {}) },
  });
  return ok(changed);
}

function readChange({ nature, category, urgent }: Parameters<typeof correctClasses>[2]): ClassChange | null {
  if (nature !== undefined) return isNature(nature) ? { nature, nature_by: [] } : null;
  if (category !== undefined) return isCategory(category) ? { category, category_by: [] } : null;
  return urgent === "1" || urgent === "0" ? { urgent: urgent === "1", urgent_by: [] } : null;
}
