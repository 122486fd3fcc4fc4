import type { Nature } from "./suggestion.ts";

/** The six ledger classes of a village (reference/domain.md 0, 固阳县). */
export const CATEGORIES = ["economy", "livelihood", "conflict", "production", "poverty", "organisation"] as const;
export type Category = (typeof CATEGORIES)[number];
export const CATEGORY_WORDS: Record<Category, string> = {
  economy: "经济发展",
  livelihood: "民生改善",
  conflict: "社会矛盾",
  production: "生产经营",
  poverty: "扶贫帮困",
  organisation: "基层组织",
};

/** What kind of thing a suggestion is, each with the words of the text that decided it (none: the default). */
export type Classification = {
  nature: Nature;
  natureBy: readonly string[];
  category: Category | null;
  categoryBy: readonly string[];
  urgent: boolean;
  urgentBy: readonly string[];
};

export type Lexicon = readonly { sort: "nature" | "category" | "urgent"; value: string; words: readonly string[] }[];

export function classify(_text: string, _lexicon: Lexicon): Classification {
  return { nature: "suggestion", natureBy: [], category: null, categoryBy: [], urgent: false, urgentBy: [] };
}
