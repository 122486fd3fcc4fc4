import { shorten } from "../lib/text.ts";
import { countSegments } from "../message/segments.ts";
import { renderSms } from "../message/templates.ts";
import { writeSignature } from "../village/village.ts";
import type { PolicyWords } from "./policy.ts";

const MOST_SEGMENTS = 3;

/**
 * What a villager reads of an entry: what there is to get, how, and whom to ask, in at most three segments with the
 * signature. Where it is too long the two long fields give way together; the office and its number never do.
 */
export function sayPolicy(policy: PolicyWords, signature: string): string {
  const write = (most: number) =>
    renderSms("policy", {
      title: policy.title,
      standard: shorten(policy.standard, most),
      process: shorten(policy.process, most),
      contact: sayContact(policy),
    });
  for (let most = Math.max(policy.standard.length, policy.process.length); ; most -= 5) {
    const text = write(Math.max(most, 10));
    if (most <= 10 || countSegments(writeSignature(signature) + text).segments <= MOST_SEGMENTS) return text;
  }
}

const sayContact = ({ office, person, phone }: PolicyWords): string =>
  `${office}${person}${phone === "" ? "" : `，电话${phone}`}`;

/** `1高龄津贴 2低保`: the choices, each with the digit that picks it. */
export const sayChoices = (titles: readonly string[]): string =>
  renderSms("policy-choices", { choices: titles.map((title, i) => `${i + 1}${title}`).join(" ") });
