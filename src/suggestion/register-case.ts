import { sayDate } from "../lib/china-time.ts";
import type { ActorId, InboundId, SuggestionId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { endOfSpan } from "../lib/spans.ts";
import type { Lane } from "../message/message.ts";
import { queueText } from "../message/queue-text.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import type { Danger } from "./alarm.ts";
import { auditCase } from "./audit-case.ts";
import { insertSuggestion } from "./change-suggestion.queries.ts";
import { classify } from "./classify.ts";
import { readLexicon } from "./lexicon.queries.ts";
import type { VillagerText } from "./open-suggestion.ts";
import { nextNumber } from "./suggestion.queries.ts";
import { type Nature, sayNumber } from "./suggestion.ts";
import { addEvent } from "./timeline.queries.ts";

/** What kind of case a text opens, where that is more than "a suggestion". */
export type CaseKind = {
  nature: Nature;
  sealed: boolean;
  danger: Danger | null;
  ownerId: ActorId | null;
  hiddenFrom: readonly ActorId[];
  lane: Lane;
  /** The words that go back to the villager at once, without the signature. */
  receipt(number: string, due: string): string;
};

type TextedWords = Omit<VillagerText, "phone"> & { phone: { hash: Buffer; sealed: Buffer }; inboundId: InboundId };

/** Registers a case that is urgent or sealed: its number, its owner, its date, and the receipt that goes with it. */
export async function registerCase(
  work: SystemWork,
  village: Village,
  said: TextedWords,
  kind: CaseKind,
): Promise<SuggestionId> {
  const { tx, now } = work;
  const { sealed } = kind;
  const id = newId<SuggestionId>(now.getTime());
  const number = await nextNumber(tx, village.id, sealed);
  const dueAt = endOfSpan(village.promises.result, now, village.calendar);
  const { text, phone, householdId, villagerId, channelId } = said;
  const classes = { ...classify(text, await readLexicon(tx, village.id)), nature: kind.nature, natureBy: [] };
  await insertSuggestion(
    tx,
    {
      ...{ id, villageId: village.id, number, text, classes, householdId, villagerId, phone, channelId },
      ...{
        escalatedAt: null,
        heard: null,
        about: said.about ?? null,
        relatedTo: null,
        splitFrom: null,
        movedFrom: null,
      },
      ...{ ownerId: kind.ownerId, dueAt, sealed, danger: kind.danger, hiddenFrom: kind.hiddenFrom },
    },
    now,
  );
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  await addEvent(tx, { ...event, voice: "villager", kind: "opened", text, inboundId: said.inboundId }, now);
  const receipt = kind.receipt(sayNumber({ number, sealed }), sayDate(new Date(dueAt.getTime() - 1), now));
  const messageId = await queueText(work, {
    ...{ villageId: village.id, signature: village.signature, phone, householdId, suggestionId: id },
    ...{ purpose: "receipt", body: receipt, sealed, lane: kind.lane },
  });
  await addEvent(tx, { ...event, voice: "service", kind: "receipt", text: receipt, messageId }, now);
  await auditCase(work, { id, villageId: village.id, sealed }, "suggestion.open");
  return id;
}
