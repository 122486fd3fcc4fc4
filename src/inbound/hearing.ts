import type { AlarmId, BroadcastId, HouseholdId, InboundId, VillageId, VillagerId } from "../lib/ids.ts";
import type { OpenQuestion } from "../suggestion/question.queries.ts";
import type { SealedTalk } from "../suggestion/sealed.queries.ts";
import type { Village } from "../village/village.queries.ts";
import type { StoredText, Understanding } from "./inbound.queries.ts";

export type Sender = { villageId: VillageId; householdId: HouseholdId | null; villagerId: VillagerId | null };

/** A stored text, whose it is, and what was asked of its phone: what every consequence of a text starts from. */
export type Hearing = {
  text: StoredText;
  sender: Sender;
  village: Village;
  /** In the order of `Known.questions`. */
  questions: readonly OpenQuestion[];
  /** What was said to this phone alone before, if it was sealed. */
  talk: SealedTalk | null;
  /** It answers something sealed: this text, and whatever goes back to it, is sealed too. */
  sealed: boolean;
  /** The notice it answers, if one was sent to this phone lately. */
  about: BroadcastId | null;
};

/**
 * What became of a text. `rule` and `why` stand instead of the reading rule's where what we know of the phone, not
 * the words, decided (a follow-up of an open case).
 */
export type Consequence = Pick<Understanding, "detail" | "suggestionId"> &
  Partial<Pick<Understanding, "rule" | "why" | "sealed" | "aboutBroadcastId">> & {
    /** An alarm that this text raised, for the log. */
    alarmId?: AlarmId;
  };

export const NOTHING: Consequence = { detail: null, suggestionId: null };

/** The phone that spoke, as a text back needs it. */
export const phoneOf = ({ text }: { text: { fromHash: Buffer; fromPhone: Buffer; id: InboundId } }) => ({
  hash: text.fromHash,
  sealed: text.fromPhone,
});
