import { sayDate } from "../lib/china-time.ts";
import { shorten } from "../lib/text.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { hideNumbers, sayDoorAndName } from "../suggestion/owner-notice.ts";
import type { Suggestion } from "../suggestion/suggestion.queries.ts";
import type { StaffHearing } from "./hear-staff.ts";

const MOST_LISTED = 8;

/** To the phone on record that wrote, and to no other. */
export const replyToStaff = (
  work: SystemWork,
  { text, village }: StaffHearing,
  body: string,
  suggestion?: Suggestion,
) =>
  queueText(work, {
    villageId: village.id,
    signature: village.signature,
    phone: { hash: text.fromHash, sealed: text.fromPhone },
    householdId: null,
    suggestionId: suggestion?.id ?? null,
    purpose: "staff_reply",
    body,
    sealed: false,
  });

/** His open cases, due first: `编号1（10月15日）、…`. */
export function writeList(work: SystemWork, { open, actor }: StaffHearing): string {
  const own = open.filter((one) => one.ownerId === actor.id);
  const lines = own.slice(0, MOST_LISTED).map((one) => `编号${one.number}（${sayDue(work, one.dueAt)}）`);
  const more = own.length > MOST_LISTED ? "等，其余请看台账。" : "。";
  if (own.length === 0) return renderSms("staff-hint", { hint: "现在没有等您答复的" });
  return renderSms("staff-cases", {
    count: String(own.length),
    cases: `${lines.join("、")}${more}查某一件请回“查”加编号。`,
  });
}

/** One case in words, without the villager's number. */
export const writeCase = (work: SystemWork, suggestion: Suggestion): string =>
  renderSms("staff-case", {
    number: String(suggestion.number),
    who: sayDoorAndName(suggestion.household, suggestion.villager),
    words: shorten(hideNumbers(suggestion.text), 150),
    due: sayDue(work, suggestion.dueAt),
  });

const sayDue = (work: SystemWork, dueAt: Date): string => sayDate(new Date(dueAt.getTime() - 1), work.now);
