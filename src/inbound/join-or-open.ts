import type { SystemWork } from "../queue/work.ts";
import { openSuggestion } from "../suggestion/open-suggestion.ts";
import { type Consequence, type Hearing, phoneOf } from "./hearing.ts";

/** A suggestion: an addition to a case of this phone that is still open, or a new case. */
export async function joinOrOpen(work: SystemWork, hearing: Hearing): Promise<Consequence> {
  const { text, sender, village } = hearing;
  const suggestionId = await openSuggestion(work, village, {
    inboundId: text.id,
    text: text.body,
    phone: phoneOf(hearing),
    householdId: sender.householdId,
    villagerId: sender.villagerId,
    channelId: text.channelId,
  });
  return { detail: null, suggestionId };
}
