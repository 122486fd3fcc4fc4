import type { SuggestionId } from "../lib/ids.ts";
import { LANE } from "../message/message.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { auditCase } from "../suggestion/audit-case.ts";
import { changeSuggestion } from "../suggestion/change-suggestion.queries.ts";
import { chooseReaders } from "../suggestion/choose-reader.ts";
import { registerCase } from "../suggestion/register-case.ts";
import { SEALED_TALK_MS } from "../suggestion/sealed.ts";
import { findSuggestion, lockSuggestion } from "../suggestion/suggestion.queries.ts";
import { isOpen } from "../suggestion/suggestion.ts";
import { tellReader } from "../suggestion/tell-reader.ts";
import { addEvent } from "../suggestion/timeline.queries.ts";
import { type Consequence, type Hearing, phoneOf } from "./hearing.ts";
import type { Verdict } from "./verdict.ts";

/**
 * A sealed case: for the township and an overseer whom it is not about. The receipt says who reads it, and that the
 * committee cannot. A second text soon after belongs to the same case.
 */
export async function openSealed(
  work: SystemWork,
  hearing: Hearing,
  verdict: Extract<Verdict, { meaning: "sealed" }>,
): Promise<Consequence> {
  const { text, sender, village } = hearing;
  const joined = await continueSealed(work, hearing, verdict.accused);
  if (joined) return joined;
  const readers = await chooseReaders(work, village.id, text.body, verdict.accused);
  const said = {
    ...{ inboundId: text.id, text: text.body, phone: phoneOf(hearing) },
    ...{ householdId: sender.householdId, villagerId: sender.villagerId, channelId: text.channelId },
  };
  const suggestionId = await registerCase(work, village, said, {
    ...{ nature: "report", sealed: true, danger: null, lane: LANE.personal },
    ...{ ownerId: readers.ownerId, hiddenFrom: readers.hiddenFrom },
    receipt: (number, due) =>
      readers.words === null
        ? renderSms("sealed-unread", {})
        : renderSms("sealed-receipt", { number, due, readers: readers.words }),
  });
  const suggestion = await findSuggestion(work.tx, suggestionId);
  if (suggestion) await tellReader(work, village, suggestion);
  return { detail: null, suggestionId, sealed: true };
}

/**
 * What a phone writes while the last thing it had from us is sealed and fresh belongs to that case, whatever words it
 * uses; if it names an overseer, he loses sight of it. Null: the phone is not speaking under seal, or its case is over.
 */
export async function continueSealed(
  work: SystemWork,
  { text, village, talk }: Hearing,
  accused: readonly string[] = [],
): Promise<Consequence | null> {
  if (!talk?.suggestionId || text.receivedAt.getTime() - talk.lastAt.getTime() > SEALED_TALK_MS) return null;
  const id: SuggestionId = talk.suggestionId;
  const suggestion = await lockSuggestion(work.tx, id);
  if (!suggestion || !isOpen(suggestion.state)) return null;
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  const added = { ...event, voice: "villager", kind: "added", text: text.body, inboundId: text.id } as const;
  await addEvent(work.tx, added, work.now);
  const readers = await chooseReaders(work, village.id, `${suggestion.text}\n${text.body}`, accused);
  const fresh = readers.hiddenFrom.filter((one) => !suggestion.hiddenFrom.includes(one));
  if (fresh.length > 0) {
    const hidden = [...suggestion.hiddenFrom, ...fresh];
    const kept = suggestion.ownerId !== null && !hidden.includes(suggestion.ownerId);
    const ownerId = kept ? suggestion.ownerId : readers.ownerId;
    await changeSuggestion(work.tx, id, { hidden_from: hidden, owner_id: ownerId });
    if (!kept) await tellReader(work, village, { ...suggestion, ownerId });
  }
  await auditCase(work, suggestion, "suggestion.added");
  return { detail: null, suggestionId: id, sealed: true, rule: "sealed_talk", why: "接着密件说的，归入密件" };
}
