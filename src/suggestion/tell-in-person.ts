import { localDate, sayDate } from "../lib/china-time.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { refuseNamed } from "./choose-handler.ts";
import { notAllowed, readWords, takeSuggestion, write } from "./move-suggestion.ts";
import { rateSuggestion } from "./rate-suggestion.ts";
import { changeTold, type Suggestion } from "./suggestion.queries.ts";
import { RATING_WORDS, type Rating } from "./suggestion.ts";

/** `on` is a day `2026-10-15`, today without one; `rating` what he said to it, 1 to 4, nothing where he said nothing. */
export type Telling = { whom: string; on?: string | undefined; rating?: string | undefined };

/**
 * The answer told to somebody without a phone: to whom and when. His verdict may be written down, and counts apart:
 * whoever can text gives it himself.
 */
export async function tellInPerson(work: Work, id: SuggestionId, wish: Telling): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  if (suggestion.phoneHash) return refusal("move_not_allowed", "他有手机，答复已发短信，由他自己评价");
  if (suggestion.state !== "answered" || !suggestion.answeredAt) return notAllowed(suggestion);
  const errors: FieldError[] = [];
  const whom = readWords(wish.whom, 40);
  if (whom === "") errors.push({ field: "whom", message: "请写告诉了谁，比如本人、他儿子" });
  const day = readDay(wish.on ?? "", work.now);
  if (!day || localDate(day) < localDate(suggestion.answeredAt) || day > work.now) {
    errors.push({ field: "on", message: "当面告诉的日子要在答复以后、今天以前" });
  }
  const rating = readRating(wish.rating ?? "");
  if (rating === undefined) errors.push({ field: "rating", message: "评价请选 1 到 4，没问就不选" });
  if (errors.length > 0 || !day || rating === undefined) return invalid(...errors);
  if (rating !== null) {
    const free = await refuseNamed(work, suggestion);
    if (!free.ok) return free;
  }
  await changeTold(work.tx, id, day);
  await write(work, suggestion, "told", { text: `${sayDate(day, work.now)} 当面告诉了${whom}` });
  if (rating !== null) {
    const village = await getVillage(work.tx, suggestion.villageId);
    await rateSuggestion(work, village, id, { rating, heardBy: work.actor.id });
  }
  return taken;
}

/** Today counts as this moment, another day as its noon. */
function readDay(text: string, now: Date): Date | null {
  if (text.trim() === "" || text.trim() === localDate(now)) return now;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? new Date(`${text.trim()}T12:00:00+08:00`) : null;
  return day === null || Number.isNaN(day.getTime()) ? null : day;
}

/** Null: he was not asked. */
function readRating(text: string): Rating | null | undefined {
  if (text.trim() === "") return null;
  return text.trim() in RATING_WORDS ? (Number(text) as Rating) : undefined;
}
