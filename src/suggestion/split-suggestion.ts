import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { notAllowed, write } from "./move-suggestion.ts";
import { openSuggestion } from "./open-suggestion.ts";
import { readSaid } from "./relations.queries.ts";
import { findSuggestion, lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";
import { addEvent } from "./timeline.queries.ts";

/**
 * A part of what was said becomes a case of its own: the same villager, its own number, a date reckoned from when the
 * text came, and a receipt that names the part. `part` stands in the villager's own words.
 */
export async function splitSuggestion(work: Work, id: SuggestionId, part: string): Promise<Outcome<Suggestion>> {
  const suggestion = await lockSuggestion(work.tx, id);
  if (!suggestion) return refusal("not_found", "没有这件意见");
  if (!isOpen(suggestion.state) || suggestion.sealed) return notAllowed(suggestion);
  const words = squeeze(part);
  const said = (await readSaid(work.tx, id)).find((one) => squeeze(one.text).includes(words));
  if (words === "" || !said || squeeze(said.text) === words) {
    return invalid({ field: "part", message: "请从村民的原话里照抄一段，不能是整条" });
  }
  const village = await getVillage(work.tx, suggestion.villageId);
  if (!suggestion.phone || !suggestion.phoneHash || !said.inboundId) {
    return refusal("move_not_allowed", "这件不是短信来的，请另外登记一件");
  }
  const made = await openSuggestion(work, village, {
    inboundId: said.inboundId,
    text: part.trim(),
    phone: { hash: suggestion.phoneHash, sealed: suggestion.phone },
    householdId: suggestion.householdId,
    villagerId: said.villagerId,
    channelId: said.channelId,
    since: said.at,
    splitFrom: id,
    receipt: "split",
  });
  const fresh = await findSuggestion(work.tx, made);
  if (!fresh) throw new Error("the case just made is not there");
  await write(work, suggestion, "split", { text: `第 ${fresh.number} 件：${part.trim()}` });
  const event = { suggestionId: made, villageId: village.id, actorId: work.actor.id, voice: "staff" } as const;
  await addEvent(work.tx, { ...event, kind: "split_from", text: `第 ${suggestion.number} 件` }, work.now);
  return ok(fresh);
}

/** A browser sends a form's line breaks as two characters, and people copy with or without spaces. */
const squeeze = (text: string): string => text.replace(/\s+/gu, "");
