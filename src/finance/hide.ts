import { findNumbers } from "../lib/numbers/find-numbers.ts";

/** ID numbers, bank accounts and mobile phones, however spelled, keep their ends: who is meant can check, nobody else can use them. */
export function hideNumbers(text: string): string {
  let hidden = text;
  // From the last, so that the places of the others stay what they are; of two at one place the longer hides both.
  for (const { at, digits } of findNumbers(text).sort((a, b) => b.at.to - a.at.to || a.at.from - b.at.from)) {
    if (hidden.slice(at.from, at.to) === text.slice(at.from, at.to)) {
      hidden = hidden.slice(0, at.from) + keepEnds(digits) + hidden.slice(at.to);
    }
  }
  return hidden.replace(LONG, keepEnds);
}

/** What is as long as an ID number or an account is hidden too, though it be none. */
const LONG =
  /(?<![\d０-９])(?:[\d０-９]{17}[\d０-９XxＸｘ]|[\d０-９]{15}|(?:[\d０-９][ -]?){15,18}[\d０-９])(?![\d０-９])/gu;

const keepEnds = (digits: string): string => `${digits.slice(0, 3)}****${digits.slice(-4).toUpperCase()}`;

/** `李建国`, `李 建国` → `李某某`: names of the roster, for what leaves the board. The longest first, as one may begin another. */
export function hideNames(text: string, names: readonly string[]): string {
  let hidden = text;
  const tight = joinSpaced(text);
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    const [first = "", ...rest] = Array.from(name);
    if (rest.length === 0 || !tight.includes(joinSpaced(name))) continue;
    const spaced = [first, ...rest].filter((one) => one.trim() !== "").map((one) => RegExp.escape(one));
    hidden = hidden.replace(new RegExp(spaced.join("\\s*"), "gu"), first + "某".repeat(spaced.length - 1));
  }
  return hidden;
}

/** Names are often spaced out, so that they stand flush: without what parts them. */
export const joinSpaced = (text: string): string => text.replace(/\s+/gu, "");
