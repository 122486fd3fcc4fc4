import { audit } from "../db/audit.queries.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { isUuid } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { changeSuggestion, moveSuggestion } from "./change-suggestion.queries.ts";
import { changeMerged, findByNumber, handOverFollowers } from "./merge.queries.ts";
import { notAllowed, write } from "./move-suggestion.ts";
import { closeQuestions } from "./question.queries.ts";
import { findSuggestion, lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";

/**
 * One case follows another of the village: what is answered there answers this one's villager too, and he may rate it.
 * `into` is the main case's id, or its number. The main case keeps the earlier of the two dates, because that one was
 * promised. Refuses sealed cases, a main case that is settled, and one that itself follows another.
 */
export async function mergeSuggestion(work: Work, id: SuggestionId, into: string): Promise<Outcome<Suggestion>> {
  const asked = await findSuggestion(work.tx, id);
  if (!asked) return refusal("not_found", "没有这件意见");
  const mainId = isUuid(into) ? (into as SuggestionId) : await findTyped(work, asked, into);
  if (!mainId) return invalid({ field: "into", message: "本村没有这个编号，请核对" });
  if (mainId === id) return invalid({ field: "into", message: "不能并入自己，请填别的编号" });
  // Always in the same order, so that two people who merge crosswise do not wait for each other.
  for (const one of [id, mainId].sort()) await lockSuggestion(work.tx, one);
  const suggestion = await findSuggestion(work.tx, id);
  const main = await findSuggestion(work.tx, mainId);
  if (!suggestion) return refusal("not_found", "没有这件意见");
  if (main?.villageId !== suggestion.villageId || main.sealed || suggestion.sealed) {
    return invalid({ field: "into", message: "本村没有这个编号，请核对" });
  }
  if (!isOpen(main.state)) return invalid({ field: "into", message: `第 ${main.number} 件已经不在办，不能再并进去` });

  const change = { merged_into: mainId, ...(main.ownerId === null ? {} : { owner_id: main.ownerId }) };
  if (!(await moveSuggestion(work.tx, id, "merged", change))) return notAllowed(suggestion);
  await handOverFollowers(work.tx, id, mainId);
  await closeQuestions(work.tx, id, work.now);
  if (suggestion.dueAt < main.dueAt) await changeSuggestion(work.tx, mainId, { due_at: suggestion.dueAt });
  await changeMerged(work.tx, [id], { due_at: suggestion.dueAt < main.dueAt ? suggestion.dueAt : main.dueAt });

  const village = await getVillage(work.tx, suggestion.villageId);
  const numbers = { number: String(suggestion.number), main: String(main.number) };
  const text = renderSms("merged", numbers);
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  await write(work, suggestion, "merged", { text, ...(messageId ? { messageId } : {}) });
  await write(work, main, "took_in", { text: `第 ${suggestion.number} 件` });
  await audit(work, {
    chain: village.id,
    action: "suggestion.merge",
    subject: "suggestion",
    subjectId: id,
    detail: { into: mainId },
  });
  return ok(main);
}

/** `12`, `第12件`, `编号 12`. */
async function findTyped(work: Work, { villageId }: Suggestion, typed: string): Promise<SuggestionId | undefined> {
  const digits = /\d{1,9}/.exec(typed.normalize("NFKC"))?.[0];
  return digits ? await findByNumber(work.tx, villageId, Number(digits)) : undefined;
}
