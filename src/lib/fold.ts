import { Converter } from "opencc-js/t2cn";

/**
 * Folds a text for matching, never for storage: width, letter case, traditional → simplified, circled and
 * enclosed digits, digits of other scripts, emoji key-caps, white space, punctuation. "ＴＤ。", " td " and "Td!" fold
 * alike. Source of the forms villagers really send: reference/domain.md 5.9, data/command_char_variants.csv.
 */
export const fold = (text: string): string => foldForms(text).replace(NO_WORD, "");

/** The same, in the pieces that spaces and punctuation (or the spoken "逗号") part: "书记，水停了！" → ["书记", "水停了"]. */
export const foldClauses = (text: string): string[] =>
  foldForms(text)
    .replace(SPOKEN, ",")
    .replace(UNSEEN, "")
    .split(PARTING)
    .filter((clause) => clause !== "");

/** Folds and drops the particles people end a sentence with: "好的呢。" → "好的", "收到啦" → "收到". */
export const foldTrailing = (text: string): string => dropParticles(fold(text));

export function dropParticles(folded: string): string {
  const bare = folded.replace(PARTICLES, "");
  return bare === "" ? folded : bare;
}
const PARTICLES = /[啊呀哈啦嘞哦噢喔呢吧嘛哩咯呐诶哎了~]+$/u;

/** Width, case, script and digits; spaces and punctuation stay. */
export const foldForms = (text: string): string =>
  toSimplified(
    text
      .toWellFormed()
      .normalize("NFKC")
      .toLowerCase()
      .replace(DINGBAT_DIGIT, dingbatDigit)
      .replace(OTHER_DIGIT, otherDigit)
      .replace(LOOK_ALIKE, (letter) => LOOK_ALIKES[letter] ?? letter),
  );

export const toSimplified = Converter({ from: "t", to: "cn" });

/** ❶ ➀ ➊ have no compatibility decomposition, so NFKC leaves them alone. */
const DINGBAT_DIGIT = /[\u2776-\u277e\u2780-\u2788\u278a-\u2792]/g;
const dingbatDigit = (character: string): string => {
  const code = character.charCodeAt(0);
  const first = code >= 0x278a ? 0x278a : code >= 0x2780 ? 0x2780 : 0x2776;
  return String(code - first + 1);
};

/** Digits of other scripts (Uyghur, Mongolian and Tibetan phones have them): ten in a row, zero first. */
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;
const otherDigit = (character: string): string => {
  let zero = character.codePointAt(0) ?? 0;
  const code = zero;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
};

/** Greek and Cyrillic letters that phones offer beside the Latin ones, after lower-casing: a "ТD" of either is a "td". */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...{ т: "t", τ: "t", х: "x", χ: "x", а: "a", α: "a", с: "c", о: "o", ο: "o", е: "e", ѕ: "s", ν: "n", р: "p", ρ: "p" },
  ...{ в: "b", β: "b", у: "y", υ: "y", ԛ: "q", ԁ: "d", з: "3", б: "6" },
};
const LOOK_ALIKE = new RegExp(`[${Object.keys(LOOK_ALIKES).join("")}]`, "g");

/** Everything that carries no word: separators, punctuation, symbols, joiners, variation selectors, controls. */
const NO_WORD = /[\p{Z}\p{P}\p{S}\p{C}\p{M}\s]/gu;
/** Of that, what nobody sees: it parts no words. */
const UNSEEN = /(?![\s])[\p{C}\p{M}]/gu;
const PARTING = /[\p{Z}\p{P}\p{S}\s]+/u;
/** What voice input makes of the word for a mark. */
const SPOKEN = /逗号|句号|问号|感叹号|顿号/g;
