import { MINUTE, SECOND } from "../lib/clock.ts";
import type { MessageState } from "../message/message.ts";
import { SENT } from "./notices.ts";
import { pick, randomFrom } from "./random.ts";

/** What became of one text: its last state, the carrier's code, and how long after the call that was known. */
export type Fate = {
  state: Extract<MessageState, "sent" | "delivered" | "undelivered" | "failed" | "unknown">;
  code: string | null;
  afterMs: number;
};

/** One text of a notice: its door, and its place among all of them. */
export type Place = { door: string | null; index: number; count: number };
export type Fates = (place: Place) => Fate;

const DELIVERED: Fate = { state: "delivered", code: null, afterMs: 3 * SECOND };
/** Phones that are off: the carrier gives up after a while. */
const SWITCHED_OFF: Fate = { state: "undelivered", code: "30003", afterMs: 20 * MINUTE };
const UNEXPLAINED: Fate = { state: "undelivered", code: "30008", afterMs: 40 * SECOND };
const NO_SUCH_NUMBER: Fate = { state: "undelivered", code: "30005", afterMs: 4 * SECOND };
const BLOCKED: Fate = { state: "failed", code: "21610", afterMs: 300 };
const NO_REPORT: Fate = { state: "sent", code: null, afterMs: SECOND };
/** The carrier never answered; our client gives up after 15 s. */
const NO_ANSWER: Fate = { state: "unknown", code: "UND_ERR_HEADERS_TIMEOUT", afterMs: 15 * SECOND };

/** Numbers that went bad, and the first notice that found out; afterwards the roster knows and nothing is sent. */
const WENT_BAD: Readonly<Record<string, { since: number; fate: Fate }>> = {
  "1组28号": { since: 0, fate: NO_SUCH_NUMBER },
  "2组17号": { since: 0, fate: NO_SUCH_NUMBER },
  "3组26号": { since: 3, fate: BLOCKED },
  "4组08号": { since: 6, fate: NO_SUCH_NUMBER },
};

/** A text to one person about his own affair always arrives in the demo: his verdict must find the question open. */
export const arrives: Fates = () => DELIVERED;

/** Of the texts of the n-th sent notice. */
export function fatesOfNotice(nth: number): Fates {
  const random = randomFrom(`notice ${nth}`);
  const newest = nth === SENT.length - 1;
  return ({ door, index, count }) => {
    const bad = WENT_BAD[door ?? ""];
    if (bad && nth >= bad.since) return bad.fate;
    if (newest && index === count - 1) return NO_ANSWER;
    if (newest && (index === 12 || index === 57)) return NO_REPORT;
    const luck = random();
    if (luck < 0.02) return SWITCHED_OFF;
    if (luck < 0.026) return UNEXPLAINED;
    return { ...DELIVERED, afterMs: pick(random, [2, 3, 4, 6]) * SECOND };
  };
}
