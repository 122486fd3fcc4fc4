import type { Hit, LintRule } from "./finding.ts";
import { findAll, type Heard } from "./heard.ts";

/** What carriers, old phones and old eyes cannot read (reference/domain.md 2.3, 5.1). */
export const formRules: readonly LintRule[] = [
  {
    name: "signature_brackets",
    read: (heard) =>
      findAll(heard, /【[^】\n]{0,20}】|[【】]/g).map(({ at }) => ({
        level: "block",
        at,
        why: "【】只能用在签名上，内容里有会被运营商当成假签名拦下",
        remedy: "换成“”或者去掉",
      })),
  },
  {
    // The frames that the service begins a notice with have gaps to fill (src/disclosure/frames.ts).
    name: "unfilled_gap",
    read(heard) {
      const [at] = places(heard, /＿{2,}|_{2,}/g);
      return at ? [{ level: "block", at, why: "这里还空着没有填", remedy: "填上，或者把这一句删掉" }] : [];
    },
  },
  { name: "garbled_symbol", read: readSymbols },
  {
    name: "line_break",
    read(heard) {
      // A poll's options stand behind the body, each on its line: those lines are ours.
      const [at] = places(heard, /\n(?=[\s\S]*\S)/g).filter(({ from }) => from < heard.bodyEnd);
      return at
        ? [{ level: "warn", at, quote: "换行", why: "换行在有的手机上变成乱码", remedy: "用句号隔开，接着写" }]
        : [];
    },
  },
  {
    name: "foreign_letters",
    read: (heard) =>
      // Those of a link are told of as a link.
      places(heard, /(?<![.:/A-Za-z])[A-Za-zＡ-Ｚａ-ｚ]{3,}(?![.:/A-Za-z])/g)
        .filter(({ from, to }) => !KNOWN_LETTERS.test(heard.text.slice(from, to)))
        .slice(0, 1)
        .map((at) => ({ level: "warn", at, why: "有的老人不认识外文字母", remedy: "换成中文的说法" })),
  },
];

function readSymbols(heard: Heard): Hit[] {
  const [at] = places(heard, SYMBOL);
  return at ? [{ level: "warn", at, why: "这个符号到有的手机上是乱码", remedy: "换成文字，比如“¥”写成“元”" }] : [];
}
const SYMBOL = /[¥￥★☆&＆√※[\]［］●◆■▲◎→←↑↓]|\p{Extended_Pictographic}/gu;
const KNOWN_LETTERS = /^(?:app|wifi|pvc|ppr|led|ktv|etc|atm|usb|pos|dna|kwh|kva)$/i;

const places = ({ text }: Heard, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
