import { foldForms } from "./fold.ts";

const FOLDED = new Map<string, string>();
/** One character folded; nothing for a space and for what is not seen. A line's end stays. */
export function foldCharacter(character: string): string {
  const known = FOLDED.get(character);
  if (known !== undefined) return known;
  const folded = character === "\n" ? "\n" : foldForms(character).replace(UNSEEN, "");
  if (FOLDED.size < MOST_FOLDED) FOLDED.set(character, folded);
  return folded;
}
/** The last is Hangul's filler: a letter by its class, a space to the eye. */
const UNSEEN = /[\p{Z}\p{C}\p{M}\s\u115f\u1160]/gu;
/** A notice uses some hundreds; whoever sends all of Unicode shall not fill the memory. */
const MOST_FOLDED = 20_000;
