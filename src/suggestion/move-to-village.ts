import { audit } from "../db/audit.queries.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { listFollowers } from "./merge.queries.ts";
import { notAllowed, write } from "./move-suggestion.ts";
import { closeQuestions } from "./question.queries.ts";
import { otherVillages, replaceTexts } from "./relations.queries.ts";
import { lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";

/**
 * A case whose phone two villages know goes to the other one, by its code. Here it ends as transferred; there its
 * texts are understood again, which opens a case with that village's number, person and date, and tells the villager.
 * The service does that part, because nobody of this village may write there.
 */
export async function moveToVillage(work: Work, id: SuggestionId, code: string): Promise<Outcome<Suggestion>> {
  const suggestion = await lockSuggestion(work.tx, id);
  if (!suggestion) return refusal("not_found", "没有这件意见");
  if (!isOpen(suggestion.state) || suggestion.sealed) return notAllowed(suggestion);
  const target = (await otherVillages(work.tx, suggestion)).find((one) => one.code === code.trim());
  if (!target) return invalid({ field: "village", message: "这个号码不在那个村的名册上，不能转过去" });
  if ((await listFollowers(work.tx, id)).length > 0) {
    return refusal("move_not_allowed", "这件并入了别的件，不能转到别村");
  }
  if (!(await moveSuggestion(work.tx, id, "transferred", { closed_at: work.now }))) return notAllowed(suggestion);
  const inboundId = await replaceTexts(work.tx, id, target.id, work.now);
  if (!inboundId) return refusal("move_not_allowed", "这件不是短信来的，请那边另外登记");
  await closeQuestions(work.tx, id, work.now);
  await write(work, suggestion, "moved", { text: target.name });
  await audit(work, {
    chain: suggestion.villageId,
    action: "suggestion.move",
    subject: "suggestion",
    subjectId: id,
    detail: { to: target.id },
  });
  work.ring({ queue: "understand-inbound", payload: { inboundId } });
  return ok(suggestion);
}
