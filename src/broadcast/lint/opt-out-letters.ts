import type { Hit, LintRule } from "./finding.ts";
import { findAll, type Heard } from "./heard.ts";

/** A villager who answers with one of these has opted out at the carrier (reference/domain.md 2.4). */
const LETTER = "(?:td?|r|n|qx|0000)";

export const optOutLetterRules: readonly LintRule[] = [{ name: "opt_out_letter", read: readLetters }];

function readLetters(heard: Heard): Hit[] {
  return findAll(heard, ASKED_FOR)
    .filter(({ before, after }) => !ABOUT_LEAVING.test(before.slice(-8) + after.slice(0, 8)))
    .map(({ at, words }) => ({
      level: "block",
      at,
      why: `村民回${/td?|qx|r|n|0000/.exec(words)?.[0].toUpperCase()}，运营商会当成退订，以后什么都收不到`,
      remedy: "换成数字，比如“回1同意，回2不同意”",
    }));
}

const CHOICE = "(?:不?同意|反对|赞成|是|否|要|不要|不?参加|不?去|有|没有|没|不?行|弃权|收到|报名|确认)";
const QUOTE = "[\"'“”‘’「」()]*";
const ASKED_FOR = new RegExp(
  [
    `(?:回复?|发送?|答复?|选择?|填|输入|编辑)(?:短信|字母|大写)*:?${QUOTE}(?<![a-z0-9])${LETTER}(?![a-z0-9])`,
    `(?<![a-z0-9])${LETTER}(?![a-z0-9])${QUOTE}[.、:)=]?(?:代表|表示|为)?${CHOICE}`,
    `${CHOICE}(?:的|请|就|,)*(?:回|按|选|写|打)${QUOTE}${LETTER}(?![a-z0-9])`,
    `(?<=^|\\n)${LETTER}(?=$|\\n)`,
  ].join("|"),
  "g",
);
/** "不想收请回TD退订": then it says what it does. */
const ABOUT_LEAVING = /退订|拒收|不想收|不想再收|不再接收|不愿收/;
