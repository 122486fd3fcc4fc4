import { Converter } from "opencc-js/t2cn";

/**
 * Folds a text for matching, never for storage: width, letter case, traditional → simplified, circled and
 * enclosed digits, emoji key-caps, white space, punctuation. "ＴＤ。", " td " and "Td!" fold alike.
 * Source of the forms villagers really send: reference/domain.md 5.9, data/command_char_variants.csv.
 */
export function fold(text: string): string {
  return toSimplified(text.toWellFormed().normalize("NFKC").toLowerCase().replace(DINGBAT_DIGIT, dingbatDigit)).replace(
    NOISE,
    "",
  );
}

/** Folds and drops the particles people end a sentence with: "好的呢。" → "好的", "收到啦" → "收到". */
export function foldTrailing(text: string): string {
  const folded = fold(text);
  const bare = folded.replace(/[啊呀哈啦嘞哦噢喔呢吧嘛哩咯呐诶哎了~]+$/u, "");
  return bare === "" ? folded : bare;
}

export const toSimplified = Converter({ from: "t", to: "cn" });

/** ❶ ➀ ➊ have no compatibility decomposition, so NFKC leaves them alone. */
const DINGBAT_DIGIT = /[\u2776-\u277e\u2780-\u2788\u278a-\u2792]/g;
const dingbatDigit = (character: string): string => {
  const code = character.charCodeAt(0);
  const first = code >= 0x278a ? 0x278a : code >= 0x2780 ? 0x2780 : 0x2776;
  return String(code - first + 1);
};

/** Everything that carries no word: separators, punctuation, symbols, joiners, variation selectors, controls. */
const NOISE = /[\p{Z}\p{P}\p{S}\p{C}\p{M}\s]/gu;
