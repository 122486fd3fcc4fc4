import type { SuggestionId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import { channelOfVillage } from "../message/channel.queries.ts";
import { giveUpDoubts, requeueDoubts } from "../message/doubts.queries.ts";
import { ACCEPT_FIRST, type DoubtDecision, NOTHING_LEFT, sayInquiry } from "../message/doubts.ts";
import type { Inquiry } from "../message/reconcile.ts";
import type { Work } from "../queue/work.ts";
import { takeSuggestion, write } from "./move-suggestion.ts";
import type { Suggestion } from "./suggestion.queries.ts";

/**
 * A receipt or an answer of which nobody knows whether it left. Whoever may answer for the case decides, closed or not:
 * the villager may be waiting for the words.
 */
export async function resendDoubts(
  work: Work,
  id: SuggestionId,
  { seen, acceptRepeats }: DoubtDecision,
): Promise<Outcome<Suggestion>> {
  if (!acceptRepeats) return ACCEPT_FIRST;
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const texts = await requeueDoubts(work.tx, { suggestionId: id }, seen);
  if (texts === 0) return NOTHING_LEFT;
  const channel = await channelOfVillage(work.tx, taken.value.villageId);
  work.ring({ queue: "dispatch-messages", payload: { channelId: channel.id } });
  await write(work, taken.value, "resent", { text: `${texts} 条，村民可能收到两遍` });
  return taken;
}

/** Leaves unknown texts as they are, and counts them as failed. */
export async function surrenderDoubts(
  work: Work,
  id: SuggestionId,
  { seen }: DoubtDecision,
): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const texts = await giveUpDoubts(work.tx, { suggestionId: id }, seen);
  if (texts === 0) return NOTHING_LEFT;
  await write(work, taken.value, "surrendered", { text: `${texts} 条不再查，也不再发` });
  return taken;
}

/** The carrier has been asked already, outside of this unit of work: what it said is written down. */
export async function noteInquiry(work: Work, id: SuggestionId, found: Inquiry): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  if (found.asked === 0) return NOTHING_LEFT;
  await write(work, taken.value, "inquired", { text: sayInquiry(found) });
  return taken;
}
