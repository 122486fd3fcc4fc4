import { CATEGORIES, CATEGORY_WORDS, type Category } from "./category.ts";
import { NATURE_WORDS, NATURES, type Nature } from "./suggestion.ts";

/** What a word speaks for. Urgency has one value: a word for it makes a case urgent. */
export type Speaks =
  | { sort: "nature"; value: Nature }
  | { sort: "category"; value: Category }
  | { sort: "urgent"; value: "urgent" };
export type LexiconWord = Speaks & { word: string; weight: number };
export type Lexicon = readonly LexiconWord[];

/** A word a village added (`active`), or a word of the service that it switched off. */
export type OwnWord = Speaks & { word: string; active: boolean };

export const SHELVES: readonly (Speaks & { label: string })[] = [
  ...CATEGORIES.map((value) => ({ sort: "category" as const, value, label: CATEGORY_WORDS[value] })),
  ...NATURES.map((value) => ({ sort: "nature" as const, value, label: NATURE_WORDS[value] })),
  { sort: "urgent", value: "urgent", label: "要紧" },
];

/** How much a word a village added counts: as much as the clearest of ours. */
const OWN_WEIGHT = 3;

/** The words that hold in a village: ours, less what it switched off, and its own. */
export function lexiconOf(ours: Lexicon, own: readonly OwnWord[]): Lexicon {
  const key = (one: Speaks & { word: string }) => `${one.sort} ${one.value} ${one.word}`;
  const off = new Set(own.filter((one) => !one.active).map(key));
  const added = own.filter((one) => one.active);
  const kept = ours.filter((one) => !off.has(key(one)));
  return [...kept, ...added.map(({ active: _, ...one }) => ({ ...one, weight: OWN_WEIGHT }))];
}
