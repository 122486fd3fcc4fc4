import { sayDate } from "../lib/china-time.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { endOfSpan, saySpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { changeSuggestion } from "./change-suggestion.queries.ts";
import { tellFollowers } from "./follow-main.ts";
import { notAllowed, readWords, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen, sayNumber } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";

/** Once, within the village's limit, with a reason that the villager is told. */
export async function extendSuggestion(
  work: Work,
  id: SuggestionId,
  wish: { reason: string; dueAt: Date },
): Promise<Outcome<Suggestion>> {
  const reason = readWords(wish.reason);
  if (reason === "") return invalid({ field: "reason", message: "请写明为什么延期，这句话会发给村民" });
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  if (!isOpen(suggestion.state)) return notAllowed(suggestion);
  if (suggestion.extendedOnce) return refusal("move_not_allowed", "已经延期过一次，不能再延");
  const village = await getVillage(work.tx, suggestion.villageId);
  const latest = endOfSpan(village.promises.extension, new Date(suggestion.dueAt.getTime() - 1), village.calendar);
  if (wish.dueAt <= suggestion.dueAt) return invalid({ field: "dueAt", message: "新的日期要晚于原来承诺的日期" });
  if (wish.dueAt > latest) {
    const day = sayDate(new Date(latest.getTime() - 1), work.now);
    return invalid({ field: "dueAt", message: `最多延到 ${day}（${saySpan(village.promises.extension)}）` });
  }
  await changeSuggestion(work.tx, id, {
    due_at: wish.dueAt,
    extended_once: true,
    ...responseNow(suggestion, work.now),
  });
  const due = sayDate(new Date(wish.dueAt.getTime() - 1), work.now);
  const say = (number: string) => renderSms("extended", { number, reason, due });
  const text = say(sayNumber(suggestion));
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  await tellFollowers(work, village, suggestion, "extended", (number) => say(String(number)));
  await write(work, suggestion, "extended", { text, ...(messageId ? { messageId } : {}) });
  return taken;
}
