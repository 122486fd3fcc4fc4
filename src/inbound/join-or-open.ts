import type { SystemWork } from "../queue/work.ts";
import { openSuggestion } from "../suggestion/open-suggestion.ts";
import type { Nature } from "../suggestion/suggestion.ts";
import { type Consequence, type Hearing, phoneOf } from "./hearing.ts";

/**
 * A suggestion: an addition to a case of this phone that is still open, or a new case. `nature` where it is known from
 * elsewhere than the words: a policy that nobody has written down is a question.
 */
export async function joinOrOpen(work: SystemWork, hearing: Hearing, nature?: Nature): Promise<Consequence> {
  const { text, sender, village } = hearing;
  const suggestionId = await openSuggestion(work, village, {
    inboundId: text.id,
    text: text.body,
    nature,
    phone: phoneOf(hearing),
    householdId: sender.householdId,
    villagerId: sender.villagerId,
    channelId: text.channelId,
  });
  return { detail: null, suggestionId };
}
