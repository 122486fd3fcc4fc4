import { CATEGORIES, CATEGORY_WORDS, type Category } from "./category.ts";
import { NATURE_WORDS, NATURES, type Nature } from "./suggestion.ts";

/** How a case was sorted and by which words, and what it can be instead. */
export function describeClasses(one: {
  nature: Nature;
  natureBy: readonly string[];
  category: string | null;
  categoryBy: readonly string[];
  urgent: boolean;
  urgentBy: readonly string[];
  classedBy: string | null;
}) {
  const category = one.category === null ? "还没有分类" : CATEGORY_WORDS[one.category as Category];
  const words = [...new Set([...one.categoryBy, ...one.natureBy, ...one.urgentBy])];
  return {
    said: [category, NATURE_WORDS[one.nature], ...(one.urgent ? ["要紧"] : [])].join(" · "),
    urgent: one.urgent,
    why: [
      ...(words.length > 0 ? [`因为说到${words.map((word) => `“${word}”`).join("")}`] : []),
      ...(one.classedBy ? [`${one.classedBy}改过`] : []),
    ].join("，"),
    categories: CATEGORIES.map((value) => ({ value, label: CATEGORY_WORDS[value], chosen: value === one.category })),
    natures: NATURES.map((value) => ({ value, label: NATURE_WORDS[value], chosen: value === one.nature })),
  };
}
