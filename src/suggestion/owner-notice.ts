import { maskPhone, type PhoneNumber } from "../lib/phone.ts";
import { shorten } from "../lib/text.ts";
import { countSegments } from "../message/segments.ts";
import { renderSms } from "../message/templates.ts";
import { writeSignature } from "../village/village.ts";

/** Why the owner of a case is texted. */
export const OWNER_NOTICE_KINDS = ["opened", "reopened", "assigned"] as const;
export type OwnerNoticeKind = (typeof OWNER_NOTICE_KINDS)[number];

/** How the text begins. */
const LEADS: Record<OwnerNoticeKind, string> = {
  opened: "新意见",
  reopened: "村民说没办好",
  assigned: "交给您办",
};

/** On a small phone more is not read, and it costs for every case. */
const MOST_SEGMENTS = 3;

export type CaseInBrief = {
  number: number;
  /** `2组12号郭传福`: never with his number. */
  who: string;
  text: string;
  due: string;
};

/** A case as its owner reads it on his phone, without the signature: shortened to what three segments hold. */
export function writeOwnerText(signature: string, kind: OwnerNoticeKind, of: CaseInBrief): string {
  const words = hideNumbers(of.text);
  for (let length = MOST_SEGMENTS * 67; ; length -= 5) {
    const body = renderSms("owner", {
      lead: LEADS[kind],
      number: String(of.number),
      who: of.who,
      words: shorten(words, Math.max(length, 1)),
      due: of.due,
    });
    if (length <= 1 || countSegments(writeSignature(signature) + body).segments <= MOST_SEGMENTS) return body;
  }
}

/** `2组12号郭传福`, `12号村民1`: door and name as the case's page shows them; a stranger is 一位村民. */
export function sayDoorAndName(household: string | null, villager: string | null): string {
  const door = household === null ? "" : /^\d+$/.test(household) ? `${household}号` : household;
  return `${door}${villager ?? "一位村民"}`;
}

/** A villager may write his own number, or another's, into his text: it does not travel on. */
export const hideNumbers = (text: string): string =>
  text.replace(/(?<!\d)(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})(?!\d)/g, (_, a: string, b: string, c: string) =>
    maskPhone(`+86${a}${b}${c}` as PhoneNumber),
  );
