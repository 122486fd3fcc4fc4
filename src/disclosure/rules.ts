import type { IsoDay } from "../lib/iso-day.ts";
import {
  CATALOGUE,
  type CatalogueItem,
  CHAIN_ITEMS,
  GROUND_RULES,
  GROUND_SOURCE,
  type GroundRules,
  type ItemClass,
} from "./catalogue.ts";
import type { RegularCadence } from "./period.ts";

/** Who may say otherwise than the default catalogue; the narrower counts more. */
export const RULE_LEVELS = ["county", "township", "village"] as const;
export type RuleLevel = (typeof RULE_LEVELS)[number];
export const LEVEL_WORDS: Record<RuleLevel, string> = {
  county: "县里的目录",
  township: "乡镇定的",
  village: "本村定的",
};

/** The ground rules are changed under this code. */
export const GROUND = "*";

export type ItemChange = Partial<Omit<CatalogueItem, "code">> & { active?: boolean };
export type GroundChange = Partial<Omit<GroundRules, "due">> & {
  due?: Partial<GroundRules["due"]>;
  /** Which text says so. */
  lawRef?: string;
};

/** One change by one level, counting from a day on, until the same level says something else. */
export type Rule = { level: RuleLevel; fromOn: IsoDay; by: string } & (
  | { item: typeof GROUND; change: GroundChange }
  | { item: string; change: ItemChange }
);

/** Whose word stands behind what is shown; null for the default catalogue. */
export type RuleSource = { level: RuleLevel; by: string; fromOn: IsoDay };
export type EffectiveItem = CatalogueItem & { active: boolean; source: RuleSource | null };
export type EffectiveGround = GroundRules & { lawRef: string; source: RuleSource | null };
/** The catalogue as it holds for one village on one day. */
export type EffectiveRules = { ground: EffectiveGround; items: ReadonlyMap<string, EffectiveItem> };

/** What holds on that day: the default, with each level's newest word laid over it in turn. */
export function rulesOn(rules: readonly Rule[], day: IsoDay): EffectiveRules {
  const items = new Map<string, EffectiveItem>(
    CATALOGUE.map((one) => [one.code, { ...one, active: true, source: null }]),
  );
  let ground: EffectiveGround = { ...GROUND_RULES, lawRef: GROUND_SOURCE, source: null };
  for (const rule of newest(rules, day)) {
    const source = { level: rule.level, by: rule.by, fromOn: rule.fromOn };
    if (rule.item === GROUND) {
      const { due, ...change } = rule.change as GroundChange;
      ground = { ...ground, ...change, due: { ...ground.due, ...due }, source };
    } else {
      const before = items.get(rule.item) ?? blank(rule.item);
      items.set(rule.item, { ...before, ...(rule.change as ItemChange), source });
    }
  }
  return { ground, items };
}

/** Of each level and item the last change that holds by then; wide levels first. */
function newest(rules: readonly Rule[], day: IsoDay): Rule[] {
  const last = new Map<string, Rule>();
  const inForce = rules.filter((rule) => rule.fromOn <= day).toSorted((a, b) => (a.fromOn < b.fromOn ? -1 : 1));
  for (const rule of inForce) last.set(`${rule.level} ${rule.item}`, rule);
  return [...last.values()].toSorted((a, b) => RULE_LEVELS.indexOf(a.level) - RULE_LEVELS.indexOf(b.level));
}

/** An item that somebody added: its change says everything. */
const blank = (code: string): EffectiveItem => ({
  code,
  class: "village",
  title: code,
  cadence: "Q",
  audience: "all",
  lawRef: "",
  note: "",
  overseer: false,
  due: null,
  within: null,
  active: true,
  source: null,
});

/** Any item that a row may name: of the catalogue, of a chain, or one that nobody knows any more. */
export function itemOf({ items }: EffectiveRules, code: string): EffectiveItem {
  const ofChain = CHAIN_ITEMS.find((one) => one.code === code);
  return items.get(code) ?? (ofChain ? { ...ofChain, active: true, source: null } : blank(code));
}

const OWN_CODES: Record<RuleLevel, string> = { county: "X", township: "Z", village: "B" };

/** `Z03`: the next code for an item that a level adds; the letter says who (县 X, 镇 Z, 村 B). */
export function nextCode(level: RuleLevel, taken: Iterable<string>): string {
  const letter = OWN_CODES[level];
  const numbers = [...taken].filter((code) => code.startsWith(letter)).map((code) => Number(code.slice(1)));
  return `${letter}${String(Math.max(0, ...numbers) + 1).padStart(2, "0")}`;
}

export const dueDayOf = (item: CatalogueItem, cadence: RegularCadence, ground: GroundRules) =>
  item.due ?? ground.due[cadence];
export const withinOf = (item: CatalogueItem, ground: GroundRules) => item.within ?? ground.event;

/** Finance first, as the law's strictest; then as the catalogue counts. */
export const inOrder = (items: Iterable<EffectiveItem>, classes: readonly ItemClass[]): EffectiveItem[] =>
  [...items].toSorted(
    (a, b) => classes.indexOf(a.class) - classes.indexOf(b.class) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
