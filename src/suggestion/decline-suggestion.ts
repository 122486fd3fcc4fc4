import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { renderSms } from "../message/templates.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { refuseNamed } from "./choose-handler.ts";
import { tellFollowers } from "./follow-main.ts";
import { notAllowed, readWords, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import { PROPER_CHANNELS, readChannel } from "./proper-channel.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { sayNumber } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";

/**
 * Not taken on, with the reason and the proper channel: "not our job" alone is being fobbed off. `channel` is a code
 * or the words of `PROPER_CHANNELS`; without one the reason must say where to go.
 */
export async function declineSuggestion(
  work: Work,
  id: SuggestionId,
  why: string,
  channel = "other",
): Promise<Outcome<Suggestion>> {
  const reason = readWords(why);
  if (reason === "") return invalid({ field: "reason", message: "请写明为什么办不了，该找哪里，这句话会发给村民" });
  const known = readChannel(channel);
  if (!known) return invalid({ field: "channel", message: "请选村民该去找哪里" });
  const passedTo = PROPER_CHANNELS[known];
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const suggestion = taken.value;
  const free = await refuseNamed(work, suggestion);
  if (!free.ok) return free;
  const change = { closed_at: work.now, passed_to: passedTo, ...responseNow(suggestion, work.now) };
  if (!(await moveSuggestion(work.tx, id, "declined", change))) return notAllowed(suggestion);
  const village = await getVillage(work.tx, suggestion.villageId);
  const say = (number: string) => renderSms("declined", { number, reason, channel: sayWhere(passedTo) });
  const text = say(sayNumber(suggestion));
  const messageId = await tellVillager(work, village, suggestion, "notice", text);
  await tellFollowers(work, village, suggestion, "declined", (number) => say(String(number)));
  await write(work, suggestion, "declined", { text, ...(messageId ? { messageId } : {}) });
  return taken;
}

const sayWhere = (passedTo: string | null): string => (passedTo === null ? "" : `请找${passedTo}。`);
