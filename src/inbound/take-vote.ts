import { storeVote } from "../broadcast/poll/poll.queries.ts";
import type { SystemWork } from "../queue/work.ts";
import { rateSuggestion } from "../suggestion/rate-suggestion.ts";
import { getVillage } from "../village/village.queries.ts";
import { type Consequence, type Hearing, NOTHING } from "./hearing.ts";
import type { Verdict } from "./verdict.ts";

/** The answer to a question that was open to the phone: a rating of a case, or an option of a poll. */
export async function takeVote(
  work: SystemWork,
  { text, village, questions }: Hearing,
  verdict: Extract<Verdict, { meaning: "rating" | "poll" }>,
): Promise<Consequence> {
  const question = questions[verdict.question];
  if (verdict.meaning === "poll") {
    if (!question?.broadcastId) return NOTHING;
    const { broadcastId } = question;
    const vote = { broadcastId, phoneHash: text.fromHash, option: verdict.option, inboundId: text.id };
    await storeVote(work.tx, vote, text.receivedAt);
    return { detail: { option: verdict.option, broadcastId }, suggestionId: null };
  }
  const suggestionId = question?.suggestionId ?? null;
  if (!question || !suggestionId) return NOTHING;
  const asking = question.villageId === village.id ? village : await getVillage(work.tx, question.villageId);
  await rateSuggestion(work, asking, suggestionId, { rating: verdict.rating, inboundId: text.id });
  return { detail: { rating: verdict.rating }, suggestionId };
}
