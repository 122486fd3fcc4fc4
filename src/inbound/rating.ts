import { fold, foldTrailing } from "../lib/fold.ts";
import type { Rating } from "../suggestion/suggestion.ts";

/**
 * A verdict of one digit, or the words for it. Words match by meaning and negation comes first: "不太满意" is not 满意,
 * and of the real petitions with 满意 a third say 不满意. Asked only while a question is open to the phone.
 */
export function readRating(text: string): { rating: Rating; why: string } | null {
  const folded = fold(text);
  const digit = /^(?:选|评|回复|我选)?([1-4])(?:分|号)?(?:非常满意|满意|基本满意|不满意|没解决)?$/.exec(
    readNumeral(folded),
  );
  if (digit) return { rating: Number(digit[1]) as Rating, why: `回了数字 ${digit[1]}` };
  if (Array.from(folded).length > LONGEST_VERDICT) return null;
  for (const { rating, pattern } of WORDS) {
    const match = pattern.exec(foldTrailing(text)) ?? pattern.exec(folded);
    if (match) return { rating, why: `说了“${match[0]}”` };
  }
  return null;
}

/** A longer text says something new, whatever word of praise or blame is in it: it belongs to a person. */
const LONGEST_VERDICT = 12;

/** Chinese numerals as people text them, only where the whole text is one. */
const NUMERALS: Record<string, string> = {
  一: "1",
  二: "2",
  三: "3",
  四: "4",
  壹: "1",
  贰: "2",
  叁: "3",
  肆: "4",
  两: "2",
};
const readNumeral = (folded: string): string => NUMERALS[folded] ?? folded;

/** In this order: what was not done outweighs how it was liked, and a "not" turns what follows. */
const WORDS: readonly { rating: Rating; pattern: RegExp }[] = [
  {
    rating: 4,
    pattern:
      /(?:还|仍|根本|都|也|一直)?(?:是)?(?:没|没有|未)(?:有)?(?:给)?(?:解决|办好|办成|修好|弄好|处理|人管|人来|动静|结果|好)/,
  },
  { rating: 4, pattern: /^(?:还是|仍然|仍|又)(?:没|不|老样|那样|坏|漏|堵|断)/ },
  { rating: 3, pattern: /(?:不|没|谈不上|说不上|算不上)(?:太|怎么|是很|很|大|够|咋)?(?:满意|好(?!意思)|行|中)/ },
  { rating: 3, pattern: /^(?:差|很差|太差|失望|一点也不满意)/ },
  { rating: 2, pattern: /(?:基本|还算|比较|大致|凑合|差不多)(?:上)?(?:满意|可以|解决|行)|^(?:还行|还可以|一般|凑合)$/ },
  {
    rating: 1,
    pattern: /(?:非常|很|挺|十分|特别|相当|太)?满意|^(?:解决了|办好了|修好了|好了|都好了|已经好了|解决|修好)$/,
  },
];
