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
