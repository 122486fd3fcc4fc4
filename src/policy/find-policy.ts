import { fold } from "../lib/fold.ts";
import { ASKING, SAME_IDEA } from "./dialect.ts";
import type { PolicyWords } from "./policy.ts";

export type Found<Entry> =
  | { kind: "sure"; entry: Entry }
  /** Up to three, the likeliest first. */
  | { kind: "unsure"; entries: Entry[] }
  | { kind: "none" }
  /** Nothing was said of what is wanted. */
  | { kind: "unsaid" };

/** An entry below this is not meant; one at SURE that leads by half again is. */
const LIKELY = 12;
const SURE = 30;
const LEAD = 1.5;
const MOST_CHOICES = 3;

/**
 * Finds what "政策 高龄补贴" or "俺娘八十了有啥补贴" asks for, by words folded on both sides: the title above all, then the
 * entry's own keywords, then words of one idea, then what the two have in common letter by letter. Pure, so the page
 * that edits the entries can show what a villager would get.
 */
export function findPolicy<Entry extends PolicyWords>(words: string, entries: readonly Entry[]): Found<Entry> {
  const whole = fold(words);
  const exact = entries.find((entry) => fold(entry.title) === whole);
  if (exact) return { kind: "sure", entry: exact };
  const asked = readAsked(whole);
  if (asked === "") return { kind: "unsaid" };
  const scored = entries
    .map((entry) => ({ entry, score: scorePolicy(asked, entry) }))
    .filter(({ score }) => score >= LIKELY)
    .sort((a, b) => b.score - a.score);
  const [first, second] = scored;
  if (!first) return { kind: "none" };
  if (first.score >= SURE && first.score >= LEAD * (second?.score ?? 0)) return { kind: "sure", entry: first.entry };
  return { kind: "unsure", entries: scored.slice(0, MOST_CHOICES).map(({ entry }) => entry) };
}

/** What is left of a question without the asking: "高龄补贴咋领" asks for 高龄补贴, "有啥政策" for nothing in particular. */
const readAsked = (folded: string): string => folded.replace(ASKING, "");

function scorePolicy(asked: string, entry: PolicyWords): number {
  const title = fold(entry.title);
  const named = [title, ...entry.keywords.map(fold)].filter((name) => name !== "");
  let score = Math.max(0, ...named.map((name) => matchName(asked, name)));
  if (SAME_IDEA.some((idea) => includesOne(asked, idea) && named.some((name) => includesOne(name, idea)))) score += 30;
  score += 24 * shared(asked, title);
  score += 8 * shared(asked, fold(entry.scope + entry.standard + entry.process));
  return score;
}

function matchName(asked: string, name: string): number {
  if (asked === name) return 50;
  if (asked.includes(name)) return 40;
  return asked.length >= 2 && name.includes(asked) ? 24 : 0;
}

const includesOne = (text: string, words: readonly string[]): boolean => words.some((word) => text.includes(word));

/** The part of the pairs of letters in `asked` that `text` has too, 0 to 1. */
function shared(asked: string, text: string): number {
  const letters = Array.from(asked);
  if (letters.length < 2) return 0;
  const pairs = new Set(letters.slice(1).map((letter, i) => `${letters[i]}${letter}`));
  return [...pairs].filter((pair) => text.includes(pair)).length / pairs.size;
}
