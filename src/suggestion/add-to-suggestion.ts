import { audit } from "../db/audit.queries.ts";
import type { InboundId, SuggestionId } from "../lib/ids.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { mergedInto } from "./merge.queries.ts";
import { lockSuggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

export type Addition = {
  inboundId: InboundId;
  text: string;
  /** Whether he is told, in one line, where his words went. */
  reply: boolean;
};

/**
 * More words for a case. Its text stays what was said first; these are lines of its timeline. What was waited for sets
 * the case to work again; what comes after an answer opens nothing and waits for a person's eyes.
 */
export async function addToSuggestion(
  work: SystemWork,
  village: Village,
  id: SuggestionId,
  said: Addition,
): Promise<void> {
  const { tx, now } = work;
  const suggestion = await lockSuggestion(tx, id);
  if (!suggestion) throw new Error(`no case ${id} to add to`);
  const followed = suggestion.state === "merged" ? await mergedInto(tx, id) : undefined;
  const late = !isOpen(followed?.state ?? suggestion.state);
  const kind = late ? "added_after_answer" : "added";
  const event = { villageId: village.id, actorId: null, voice: "villager", kind, text: said.text } as const;
  await addEvent(tx, { ...event, suggestionId: id, inboundId: said.inboundId }, now);
  // Whoever works on the case that this one was merged into must read it too.
  if (followed) {
    await addEvent(
      tx,
      { ...event, suggestionId: followed.id, text: `（第 ${suggestion.number} 件）${said.text}` },
      now,
    );
  }
  if (suggestion.state === "need_info") await moveSuggestion(tx, id, "working", {});
  if (said.reply) {
    const text = renderSms(late ? "added-after-answer" : "joined", { number: String(suggestion.number) });
    const messageId = await tellVillager(work, village, suggestion, "receipt", text);
    const told = { suggestionId: id, villageId: village.id, actorId: null, voice: "service", kind: "receipt" } as const;
    await addEvent(tx, { ...told, text, ...(messageId ? { messageId } : {}) }, now);
  }
  await audit(work, { chain: village.id, action: `suggestion.${kind}`, subject: "suggestion", subjectId: id });
}
