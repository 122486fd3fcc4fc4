import { cutBubble } from "../../message/cut-bubble.ts";
import type { SystemWork } from "../../queue/work.ts";
import { LEFT_OUT_WORDS, sayDoor } from "../audience/audience.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import type { Letter } from "../lint/letters.ts";
import { countTextLengths, findText } from "../sending/texts.queries.ts";
import { findBlanks } from "./blanks.ts";
import { previewPersonal, sayLengths, sayMissing } from "./personal.ts";

export type PersonalView = {
  problem: string | null;
  recipients: number;
  segments: number;
  lengths: string;
  longest: string[];
  missing: string[];
  shown: LetterView | null;
  worst: LetterView | null;
  unknown: boolean;
};
/** `why`: it is not sent, and that is why. */
type LetterView = { door: string; parts: string[]; why: string | null };

/**
 * What a page shows of a notice with blanks, null for one that has none: as it would be now, or as it was frozen.
 * `door`: whose text is wanted, by the door's number.
 */
export async function describePersonal(
  work: SystemWork,
  broadcast: Broadcast,
  door: string | null = null,
): Promise<PersonalView | null> {
  if (findBlanks(broadcast.body).length === 0) return null;
  return broadcast.text === null ? await describeDraft(work, broadcast, door) : await describeFrozen(work, broadcast);
}

async function describeDraft(work: SystemWork, broadcast: Broadcast, door: string | null): Promise<PersonalView> {
  const seen = await previewPersonal(work, broadcast, door);
  const { shown, worst, lengths, longest } = seen;
  return {
    problem: seen.problem,
    recipients: seen.recipients,
    segments: seen.segments,
    lengths: sayLengths(lengths),
    longest: longest.map((one) => sayDoor(one.household)),
    missing: sayMissing(seen.missing),
    shown: shown && describeLetter(shown),
    worst: worst && worst.household !== shown?.household ? describeLetter(worst) : null,
    unknown: door !== null && shown === null,
  };
}

const describeLetter = ({ household, text, missing, reason }: Letter): LetterView => ({
  door: sayDoor(household),
  parts: cutBubble(text),
  why: reason
    ? LEFT_OUT_WORDS[reason]
    : missing.length > 0
      ? `缺${missing.map((name) => `“${name}”`).join("、")}`
      : null,
});

async function describeFrozen(
  { tx }: SystemWork,
  { id, recipients, personalSegments }: Broadcast,
): Promise<PersonalView> {
  const longest = await findText(tx, id, null);
  return {
    ...{ problem: null, longest: [], missing: [], shown: null, unknown: false },
    recipients,
    segments: personalSegments ?? 0,
    lengths: sayLengths(await countTextLengths(tx, id)),
    worst: longest ? { door: sayDoor(longest.household), parts: cutBubble(longest.body), why: null } : null,
  };
}
