import { fold } from "../lib/fold.ts";
import type { Said } from "../lib/said.ts";
import { readNumeral } from "./numeral.ts";

/** Which option a text chooses, counted from 1: by its number, its words, or a sentence with just one of them. */
export function readOption(said: Said, options: readonly string[] | undefined): { option: number; why: string } | null {
  const number = readNumeral(said.whole) ?? readNumbered(said.whole);
  if (number !== null) {
    // A poll whose options are not known to us takes any single digit.
    return number >= 1 && number <= (options?.length ?? 9) ? { option: number, why: `回了数字 ${number}` } : null;
  }
  if (!options || said.whole.length > LONGEST || /[?\uff1f]/.test(said.text) || ASKED.test(said.whole)) return null;
  const folded = options.map(fold);
  const chosen = [...new Set(chosenIn(said.whole, folded))];
  const [option] = chosen;
  return chosen.length === 1 && option !== undefined
    ? { option: option + 1, why: `说了选项“${options[option]}”` }
    : null;
}

/** A longer text argues; a person reads it. */
const LONGEST = 40;

const readNumbered = (whole: string): number | null => {
  const match = /^(?:我|俺)?(?:选)?(\d)(?:号|个|项)?[\p{Script=Han}]{1,8}$/u.exec(whole);
  return match && !/^\d[点月年组队岁块元天日户人亩]/.test(whole) ? Number(match[1]) : null;
};

/** Asked of, not chosen: "修广场的钱从哪来". */
const ASKED = /(?:啥|什么)时候|多少钱|为啥|为什么|凭啥|凭什么|从哪|哪来|怎么(?!都)|咋(?!都)/;
/** Leaves it to others. */
const ABSTAIN =
  /^(?:我|俺|我家|俺家)?(?:随便|随意|都行|都可以|都中|咋都行|怎么都行|无所谓|没想好|不好说|听(?:大家|村里|大伙|你们)的|随大流|不参与|不表态|保留意见|看(?:大家|大伙|着办))/;
const NOT = /(?:不|别|甭|不要|不想|不选|先别|不用|坚决不|绝不|没)(?:太|再|要|先)?$/;

/** Options named and not refused; the longest name wins where one is in another (同意, 不同意). */
function chosenIn(said: string, options: readonly string[]): number[] {
  // 同意村, 支持屯: a place, not a choice.
  const whole = said.replace(/^(.{2,4})\1+$/u, "$1").replace(/(?:同意|支持|赞成|愿意)[村庄屯寨]/g, "");
  const yes = options.findIndex((one) => /^(?:同意|赞成|支持|愿意|参加|要|行|可以|是)$/.test(one));
  const neither = options.findIndex((one) => /^(?:弃权|中立|都行|都可以|无所谓|随便)$/.test(one));
  const no = options.findIndex((one) => /^(?:不同意|不赞成|反对|不支持|不愿意|不参加|不要|不行|不可以|否)$/.test(one));
  const found: number[] = [];
  let rest = whole;
  const byLength = options.map((name, i) => ({ name, i })).sort((a, b) => b.name.length - a.name.length);
  for (const { name, i } of byLength) {
    for (const part of name.length > 2 ? [name, shortName(name)] : [name]) {
      const at = part === "" ? -1 : rest.indexOf(part);
      if (at < 0) continue;
      if (!NOT.test(rest.slice(0, at))) found.push(i);
      else if (i === yes && no >= 0) found.push(no);
      rest = rest.split(part).join("/");
    }
  }
  if (found.length > 0) return found;
  if (neither >= 0 && ABSTAIN.test(whole)) return [neither];
  if (
    no >= 0 &&
    /(?:不|坚决不|不太)(?:同意|赞成|支持|愿意|赞同|想|赞成)|反对|有意见|^(?:我|俺|我家|俺家)?(?:看|觉得)?(?:坚决)?不(?:中|行|好|可以|要|干|成)(?:吧|啊|的)?$|要不得|不得行|使不得/.test(
      whole,
    ) &&
    !/没(?:有)?意见/.test(whole)
  )
    return [no];
  if (
    yes >= 0 &&
    /同意|赞成|支持|愿意|没(?:有|啥)?意见|赞同|举双手|^(?:我|俺|我家|俺家)?(?:看|觉得)?(?:行|可以|好|中|要得|成|好的|可以的|行啊|没问题)(?:吧|啊|的)?$/.test(
      whole,
    )
  )
    return [yes];
  const initial = options.flatMap((one, i) => (one.startsWith(whole) ? [i] : []));
  if (whole.length === 1 && initial.length === 1) return initial;
  return whole.length <= SHORT ? options.flatMap((one, i) => (hasOwnPart(whole, one, options) ? [i] : [])) : [];
}

/** As many words as name an option by a piece of it. */
const SHORT = 10;

/** "周日吧" of 周六上午 and 周日上午: two characters that only one option has. */
const hasOwnPart = (whole: string, option: string, options: readonly string[]): boolean =>
  Array.from({ length: Math.max(0, option.length - 1) }, (_, at) => option.slice(at, at + 2)).some(
    (part) =>
      whole.includes(part) &&
      !NOT.test(whole.slice(0, whole.indexOf(part))) &&
      options.every((one) => one === option || !one.includes(part)),
  );

/** "装路灯" is also meant by "路灯", "修广场" by "广场": the thing without its verb. */
const shortName = (name: string): string =>
  /^[修建装改种挖打盖买安]/.test(name) && name.length > 2 ? name.slice(1) : "";
