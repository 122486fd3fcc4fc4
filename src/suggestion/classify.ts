import { fold } from "../lib/fold.ts";
import { hear } from "../lib/said.ts";
import { CATEGORIES, type Category } from "./category.ts";
import type { Lexicon, LexiconWord } from "./lexicon.ts";
import { NATURES, type Nature } from "./suggestion.ts";

/** What kind of thing a suggestion is, each with the words of the text that decided it (none: the default). */
export type Classification = {
  nature: Nature;
  natureBy: readonly string[];
  category: Category | null;
  categoryBy: readonly string[];
  urgent: boolean;
  urgentBy: readonly string[];
};

/**
 * Weighs the lexicon's words that stand in the text: at each place the longest one of its sort counts, once per word,
 * and the heaviest value wins. Praise with a "but" is no thanks. A person can correct it with one tap.
 */
export function classify(text: string, lexicon: Lexicon): Classification {
  const folded = hear(text.slice(0, LONGEST)).whole;
  const index = indexOf(lexicon);
  const nature = weigh(wordsIn(folded, index.nature), NATURE_ORDER);
  const category = weigh(wordsIn(folded, index.category), CATEGORY_ORDER);
  const urgentBy = [...new Set(wordsIn(folded, index.urgent).map((one) => one.word))];
  const thanksBut = nature?.value === "thanks" && /不过|可是|但是|但|就是(?!好)|只是/.test(folded);
  return {
    nature: thanksBut ? "complaint" : ((nature?.value as Nature | undefined) ?? "suggestion"),
    natureBy: nature?.by ?? [],
    category: (category?.value as Category | undefined) ?? null,
    categoryBy: category?.by ?? [],
    urgent: urgentBy.length > 0,
    urgentBy,
  };
}

/** Pages of text say no more about the kind than their first. */
const LONGEST = 1200;
/** Where two weigh the same: what asks for more comes first. */
const NATURE_ORDER: readonly Nature[] = ["report", "complaint", "help", "suggestion", "consult", "thanks"];
const CATEGORY_ORDER: readonly Category[] = [
  "poverty",
  "conflict",
  "production",
  "organisation",
  "economy",
  "livelihood",
];

type Index = Record<LexiconWord["sort"], { words: Map<string, LexiconWord[]>; longest: number }>;
const indexes = new WeakMap<Lexicon, Index>();

function indexOf(lexicon: Lexicon): Index {
  const known = indexes.get(lexicon);
  if (known) return known;
  const index: Index = { nature: emptyShelf(), category: emptyShelf(), urgent: emptyShelf() };
  for (const one of lexicon) {
    const shelf = index[one.sort];
    const word = fold(one.word);
    shelf.words.set(word, [...(shelf.words.get(word) ?? []), one]);
    shelf.longest = Math.max(shelf.longest, word.length);
  }
  indexes.set(lexicon, index);
  return index;
}
const emptyShelf = (): Index["nature"] => ({ words: new Map(), longest: 0 });

function wordsIn(folded: string, { words, longest }: Index["nature"]): LexiconWord[] {
  const found = new Map<string, LexiconWord[]>();
  for (let at = 0; at < folded.length; ) {
    let length = Math.min(longest, folded.length - at);
    while (length > 0 && !words.has(folded.slice(at, at + length))) length--;
    const word = folded.slice(at, at + length);
    if (length > 0 && !isDenied(folded, at, word)) found.set(word, words.get(word) ?? []);
    at += Math.max(length, 1);
  }
  return [...found.values()].flat();
}

/** "没危险", "不感谢", "不着急": a word with a no before it says the opposite. Words that begin with a no say it themselves. */
const isDenied = (folded: string, at: number, word: string): boolean =>
  /^(?:危险|感谢|满意|高兴|很好|漏电|触电|建议|希望|投诉|举报|矛盾|纠纷|困难)/.test(word) &&
  /(?:不|没|没有|无|未|不是|不太|不很)$/.test(folded.slice(Math.max(0, at - 2), at));

function weigh(words: readonly LexiconWord[], order: readonly string[]): { value: string; by: string[] } | null {
  const sums = new Map<string, number>();
  for (const { value, weight } of words) sums.set(value, (sums.get(value) ?? 0) + weight);
  const [best] = order.filter((value) => sums.has(value)).sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0));
  if (best === undefined) return null;
  return {
    value: best,
    by: words
      .filter((one) => one.value === best)
      .map((one) => one.word)
      .slice(0, 6),
  };
}

export const isNature = (text: string): text is Nature => (NATURES as readonly string[]).includes(text);
export const isCategory = (text: string): text is Category => (CATEGORIES as readonly string[]).includes(text);
