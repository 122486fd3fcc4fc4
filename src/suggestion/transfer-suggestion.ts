import type { SuggestionId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { refuseNamed } from "./choose-handler.ts";
import { tellFollowers } from "./follow-main.ts";
import { notAllowed, readWords, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import { closeQuestions } from "./question.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { sayNumber } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";

export type TransferWish = { to: string; phone: string; reason?: string | undefined };

/** Given to a body outside the village, by name and with the phone under which the villager can ask there. */
export async function transferSuggestion(
  work: Work,
  id: SuggestionId,
  wish: TransferWish,
): Promise<Outcome<Suggestion>> {
  const errors: FieldError[] = [];
  const to = readWords(wish.to, 40);
  const phone = wish.phone.normalize("NFKC").replace(/[^\d-]/g, "");
  if (to === "") errors.push({ field: "body", message: "请写明转给了哪个单位" });
  if (!/^\d[\d-]{1,14}\d$/.test(phone)) {
    errors.push({ field: "phone", message: "请写那个单位的电话，村民好去问，比如 0533-6781234" });
  }
  if (errors.length > 0) return invalid(...errors);
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  const free = await refuseNamed(work, suggestion);
  if (!free.ok) return free;
  const change = { closed_at: work.now, passed_to: `${to} ${phone}`, ...responseNow(suggestion, work.now) };
  if (!(await moveSuggestion(work.tx, id, "transferred", change))) return notAllowed(suggestion);
  await closeQuestions(work.tx, id, work.now);
  const village = await getVillage(work.tx, suggestion.villageId);
  const reason = readWords(wish.reason ?? "");
  const say = (number: string) => renderSms("transferred", { number, body: to, phone, reason });
  const text = say(sayNumber(suggestion));
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  await tellFollowers(work, village, suggestion, "transferred", (number) => say(String(number)));
  await write(work, suggestion, "transferred", { text, ...(messageId ? { messageId } : {}) });
  return taken;
}
