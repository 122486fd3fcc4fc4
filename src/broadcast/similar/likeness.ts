import { fold } from "../../lib/fold.ts";
import { shorten } from "../../lib/text.ts";

/** A notice's words for comparing: how it is written does not count, what it says does, its numbers too. */
export type Print = { folded: string; pairs: ReadonlySet<string> };

export function printOf(body: string): Print {
  const folded = fold(body);
  const letters = Array.from(folded);
  const pairs = new Set<string>();
  for (let i = 1; i < letters.length; i++) pairs.add(`${letters[i - 1]}${letters[i]}`);
  return { folded, pairs };
}

/** The same text letter for letter, however it was typed. */
export const isSame = (a: Print, b: Print): boolean => a.folded !== "" && a.folded === b.folded;

/** 0 to 1: of both texts' pairs of neighbouring letters the share that they have in common (Dice's coefficient). */
export function likeness(a: Print, b: Print): number {
  if (isSame(a, b)) return 1;
  if (a.pairs.size < 4 || b.pairs.size < 4) return 0;
  let shared = 0;
  for (const pair of a.pairs) if (b.pairs.has(pair)) shared++;
  return (2 * shared) / (a.pairs.size + b.pairs.size);
}

/** From here on somebody who has read one thinks of it at the other: a word, a date or a number was changed. */
export const ALIKE = 0.6;

/** Of these notices the likest ones, likest first and newest first among equals. */
export function rankAlike<Notice extends { body: string; at: Date }>(
  body: string,
  others: readonly Notice[],
  most: number,
): (Notice & { alike: number; same: boolean })[] {
  const print = printOf(body);
  return others
    .map((one) => ({ one, other: printOf(one.body) }))
    .map(({ one, other }) => ({ ...one, alike: likeness(print, other), same: isSame(print, other) }))
    .filter((one) => one.alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike || b.at.getTime() - a.at.getTime())
    .slice(0, most);
}

/** `“明天停电…”`: enough of a text to know it again. */
export const quoteNotice = (body: string): string => `“${shorten(body, 20)}”`;
