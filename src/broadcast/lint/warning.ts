import { type Match, sentenceOf } from "./heard.ts";

/**
 * Whether a sentence warns of a fraud instead of being one: "凡是要验证码的都是骗子", "不要点击陌生链接". Villages send
 * these every month, and they are full of the frauds' own words.
 */
export function isWarning(match: Match): boolean {
  const { before, words, after } = sentenceOf(match);
  return FRAUD.test(before + words + after) || FORBIDDEN.test((before + words).slice(-WITHIN - words.length));
}

const WITHIN = 16;
const FRAUD = /诈骗|骗子|骗局|受骗|被骗|行骗|骗人|骗钱|反诈|防骗|上当|冒充|假冒|谨防|当心|警惕/;
const FORBIDDEN =
  /不要|别(?!人|的|处|错过)|勿|切莫|不得|不能|不可|禁止|严禁|拒绝|不会|绝不|从不|不用|无需|不需|不必|不轻信|不点|不随|不乱/;
