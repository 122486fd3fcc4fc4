import type { SuggestionId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { auditCase } from "./audit-case.ts";
import { chooseReaders } from "./choose-reader.ts";
import { sealRows, takeSealedNumber } from "./sealed.queries.ts";
import { lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen, SUGGESTION_STATE_WORDS, sayNumber } from "./suggestion.ts";
import { tellReader } from "./tell-reader.ts";
import { tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

/**
 * Seals a case that lies open, because it turns out to be about one of the village's own. The villager is told who
 * reads it now, under which number. For the village's staff, who may have sealed it themselves, it is gone.
 */
export async function sealSuggestion(work: Work, id: SuggestionId): Promise<Outcome<Suggestion>> {
  const { tx, now } = work;
  const suggestion = await lockSuggestion(tx, id);
  if (!suggestion) return refusal("not_found", "没有这件意见");
  if (suggestion.sealed || !isOpen(suggestion.state)) {
    const state = suggestion.sealed ? "密件" : SUGGESTION_STATE_WORDS[suggestion.state];
    return refusal("move_not_allowed", `这件现在是“${state}”，不能转为密件`);
  }
  const { villageId } = suggestion;
  const village = await getVillage(tx, villageId);
  const readers = await chooseReaders(work, villageId, suggestion.text, []);
  if (readers.words === null) {
    return refusal("move_not_allowed", "村里没有村监会、也不归哪个乡镇，转成密件就没有人能看了");
  }
  const number = await takeSealedNumber(tx, villageId);
  const fresh = sayNumber({ number, sealed: true });
  const body = renderSms("sealed-by-hand", { number: sayNumber(suggestion), fresh, readers: readers.words });
  // Written while the case still lies open, and sealed with it in the next step.
  const messageId = await tellVillager(work, village, suggestion, "notice", body);
  const event = { suggestionId: id, villageId, actorId: work.actor.id, voice: "staff", kind: "sealed" } as const;
  await addEvent(tx, { ...event, text: body, ...(messageId ? { messageId } : {}) }, now);
  const dueAt = suggestion.dueAt;
  await tellReader(work, village, { id, ownerId: readers.ownerId, number, sealed: false, dueAt });
  await sealRows(tx, id, { number, readerId: readers.ownerId, hiddenFrom: readers.hiddenFrom });
  await auditCase(work, { id, villageId, sealed: true }, "suggestion.seal");
  return ok(suggestion);
}
