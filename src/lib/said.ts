import { dropParticles, fold, foldClauses } from "./fold.ts";
import { readPinyin } from "./pinyin.ts";

/** A text as the rules look at it, folded once for all of them. Nothing of it is stored. */
export type Said = {
  /** As it came. */
  text: string;
  /** Without spaces and marks; letters that spell Chinese are read as Chinese. */
  whole: string;
  /** `whole` without the particles at its end. */
  bare: string;
  /** `whole` where spaces and marks part it. */
  clauses: readonly string[];
};

export function hear(text: string): Said {
  const folded = fold(text);
  const spelled = readPinyin(folded);
  const clauses = spelled ? [spelled] : foldClauses(text).map(mendTypos);
  const whole = spelled ?? (clauses.join("") || mendTypos(folded));
  return { text, whole, bare: dropParticles(whole), clauses };
}

/** Slips of pinyin, stroke and voice input that hide a word the rules look for. Only ones that are no word themselves. */
const TYPOS: Readonly<Record<string, string>> = {
  村之书: "村支书",
  村只书: "村支书",
  之书: "支书",
  著火: "着火",
  著起来: "着起来",
  地保: "低保",
  底保: "低保",
  抵保: "低保",
  水官: "水管",
  路登: "路灯",
  反应的: "反映的",
  退丁: "退订",
  退汀: "退订",
  朱任: "主任",
  蜜件: "密件",
};
const TYPO = new RegExp(Object.keys(TYPOS).join("|"), "g");
const mendTypos = (folded: string): string => folded.replace(TYPO, (slip) => TYPOS[slip] ?? slip);
