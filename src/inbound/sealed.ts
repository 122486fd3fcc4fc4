import { foldForms } from "../lib/fold.ts";
import type { Said } from "../lib/said.ts";
import { readAccusation } from "./accusation.ts";
import type { Known, Verdict } from "./verdict.ts";

/**
 * What the village's own staff must not see: a text that begins with 密, one that asks not to be known, and one that
 * accuses a cadre. In doubt it is sealed: the overseer and the township can hand it back, nobody can take back a leak.
 */
export function readSealed(said: Said, known: Pick<Known, "cadres">): Verdict | null {
  const accusation = readAccusation(said, known.cadres);
  const mark = readMark(said);
  const secret = SECRET.exec(said.whole);
  const why = mark ?? (secret ? `说了“${secret[0]}”，不愿让人知道` : accusation?.why);
  return why ? { meaning: "sealed", why, accused: accusation?.accused ?? [] } : null;
}

/** 密 as a mark of its own: before a sign or a space, in brackets, as 密件, or before what is no word that begins so. */
function readMark({ text, whole }: Said): string | null {
  const shown = foldForms(text.slice(0, 80)).replace(/^[\s\p{C}\p{M}]+/u, "");
  if (
    /^(?:[[【(（〔「『<《{"“]\s*密(?:件|信)?\s*[\]】)）〕」』>》}"”]|mi\s*[:：]|mi\s+(?=\p{Script=Han}))/u.test(shown)
  )
    return "用“密”字开头";
  if (!whole.startsWith("密")) return null;
  if (/^密\s*(?:件|信|报|函|告|奏)?\s*[:：,，.。!！;；、\-—=]/u.test(shown)) return "用“密”字开头，后面有标点";
  return ORDINARY_WORD.test(whole) ? null : "用“密”字开头";
}

/** 密码, 密集, 密植, 密封 … and places: 密云, 密村 (but not "密村主任…"). Alone, 密 is a mark that nothing follows yet. */
const ORDINARY_WORD =
  /^密(?:[码集植度切室云林友谋约令实麻不闭闻使探探电歇布匝织封丛斯苏西山城河庄家县]|村(?!主任|支书|书记|长|会计|干部|委|里|务)|密|件?(?:是(?:啥|什么|干|做|弄|咋|怎么)|有(?:啥|什么)用|咋|怎么|啥意思|什么意思|干啥))/;

const SECRET =
  /(?:请|麻烦|求|一定|务必|千万)(?:你们?|您)?(?:给|替|帮|为|对)?(?:我|俺)?(?:要)?保密|(?:给|替|帮|为)(?:我|俺)保密|(?:别|不要|不能|千万别)(?:让|叫|给)(?:村里|村干部|村?支?书记|支书|村?主任|村长|村委会?|他们|会计|队长)(?:的?人)?(?:知道|晓得|看见|看到|听见)|(?:别|不要|不能|千万别)(?:让|叫|告诉|跟|给)(?:村里|村干部|书记|主任|村委|他们|别人|会计|队长|任何人)(?:人|的人)?(?:知道|说)?(?:是)?(?:我|俺)(?:说|反映|举报|写|告|提)|匿名(?:举报|反映|检举)/;
