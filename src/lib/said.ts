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
  const whole = (spelled ?? (clauses.join("") || mendTypos(folded))).replace(TWICE, "$2");
  return { text, whole, bare: dropParticles(whole), clauses };
}

/** "同意同意", "修好啦修好啦": said twice, meant once; "哈哈哈哈" is a key held down. */
const TWICE = /^(?!(.)\1+$)(\p{Script=Han}{2,8}?)\2+$/u;

/** Slips of pinyin, stroke and voice input, and dialect, that hide a word the rules look for. Only ones that are no word themselves. */
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
  收倒: "收到",
  收道: "收到",
  守到: "收到",
  知到了: "知道了",
  只道了: "知道了",
  // Dialect for words that the rules know in the standard language.
  恁们: "你们",
  恁: "你",
  您们: "你们",
  咧: "了",
  木有: "没有",
  莫得: "没有",
  冒得: "没有",
  冇: "没有",
  啷个: "怎么",
  咋个: "怎么",
  咋子: "咋",
  前儿: "前天",
  昨儿: "昨天",
  夜儿: "昨天",
  今儿: "今天",
  明儿: "明天",
};
const TYPO = new RegExp(Object.keys(TYPOS).join("|"), "g");
const mendTypos = (folded: string): string => folded.replace(TYPO, (slip) => TYPOS[slip] ?? slip);
