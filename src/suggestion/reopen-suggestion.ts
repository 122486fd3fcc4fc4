import { sayDate } from "../lib/china-time.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { endOfSpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { notAllowed, readWords, takeSuggestion, write } from "./move-suggestion.ts";
import { closeQuestions } from "./question.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { sayNumber } from "./suggestion.ts";
import { ownerOf, sayOwner, tellVillager } from "./tell-villager.ts";

/** The committee itself finds that something is not done: a new date, and the villager is told why. */
export async function reopenSuggestion(work: Work, id: SuggestionId, why: string): Promise<Outcome<Suggestion>> {
  const reason = readWords(why);
  if (reason === "") return invalid({ field: "reason", message: "请写明为什么重新办，这句话会发给村民" });
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  const village = await getVillage(work.tx, suggestion.villageId);
  const dueAt = endOfSpan(village.promises.result, work.now, village.calendar);
  const change = { due_at: dueAt, round_at: work.now, extended_once: false, closed_at: null, passed_to: null };
  if (!(await moveSuggestion(work.tx, id, "reopened", change))) return notAllowed(suggestion);
  await closeQuestions(work.tx, id, work.now);
  const text = renderSms("reopened-by-us", {
    number: sayNumber(suggestion),
    reason,
    owner: sayOwner(ownerOf(suggestion)),
    due: sayDate(new Date(dueAt.getTime() - 1), work.now),
  });
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  await write(work, suggestion, "reopened", { text, ...(messageId ? { messageId } : {}) });
  return taken;
}
