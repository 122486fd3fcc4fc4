import { sayDate } from "../lib/china-time.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { listReachable } from "../staff/reachable.queries.ts";
import { getVillage } from "../village/village.queries.ts";
import { changeSuggestion } from "./change-suggestion.queries.ts";
import { lookAtAll } from "./ladder.queries.ts";
import { escalatedInRound } from "./ladder.ts";
import { notAllowed, write } from "./move-suggestion.ts";
import { textStaff } from "./remind-staff.ts";
import { lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen, sayNumber } from "./suggestion.ts";
import { insertOrder, listOrders } from "./supervision.queries.ts";

/**
 * A supervisor's own order on any open case of his villages: a demand, and the day by which the village replies. The
 * secretary is texted at once; a case that had not climbed is with the township from now.
 */
export async function issueSupervision(
  work: Work,
  id: SuggestionId,
  wish: { demand: string; replyBy: Date | null },
): Promise<Outcome<{ suggestion: Suggestion; nth: number }>> {
  const { tx, now, actor } = work;
  const demand = cleanText(wish.demand).trim().slice(0, 300);
  const errors: FieldError[] = [];
  if (demand === "") errors.push({ field: "demand", message: "请写明要村里做什么" });
  if (!wish.replyBy || wish.replyBy <= now) errors.push({ field: "replyBy", message: "请选今天以后的回复日期" });
  if (errors.length > 0 || !wish.replyBy) return invalid(...errors);
  const suggestion = await lockSuggestion(tx, id);
  if (!suggestion) return refusal("not_found", "没有这件意见");
  if (!isOpen(suggestion.state)) return notAllowed(suggestion);

  const village = await getVillage(tx, suggestion.villageId);
  const nth = (await listOrders(tx, id)).length + 1;
  await insertOrder(tx, suggestion, { nth, demand, issuedBy: actor.id, replyBy: wish.replyBy }, now);
  if (escalatedInRound(suggestion) === null) await changeSuggestion(tx, id, { escalated_at: now });
  await lookAtAll(tx, village.id);
  await write(work, suggestion, "supervised", { text: demand });
  const due = sayDate(new Date(wish.replyBy.getTime() - 1), now);
  // A sealed case is ordered in the township's own house; a text would tell the village.
  const people = suggestion.sealed ? [] : await listReachable(tx, { secretariesOf: village.id });
  const body = renderSms("supervised", { number: sayNumber(suggestion), demand, due });
  await textStaff(work, village, suggestion, people, body);
  return ok({ suggestion, nth });
}
