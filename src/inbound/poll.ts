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
  if (!options || said.whole.length > LONGEST || /[?\uff1f]/.test(said.text)) return null;
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

const NOT = /(?:不|别|甭|不要|不想|不选|先别|不用|坚决不|绝不|没)(?:太|再|要|先)?$/;

/** Options named and not refused; the longest name wins where one is in another (同意, 不同意). */
function chosenIn(whole: string, options: readonly string[]): number[] {
  const yes = options.findIndex((one) => /^(?:同意|赞成|支持|愿意|参加|要|行|可以|是)$/.test(one));
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
  if (
    no >= 0 &&
    /(?:不|坚决不|不太)(?:同意|赞成|支持|愿意|赞同|想)|反对|有意见/.test(whole) &&
    !/没(?:有)?意见/.test(whole)
  )
    return [no];
  if (
    yes >= 0 &&
    /同意|赞成|支持|愿意|没(?:有|啥)?意见|赞同|举双手|^(?:行|可以|好|中|要得|成|好的|可以的|行啊)$/.test(whole)
  )
    return [yes];
  return [];
}

/** "装路灯" is also meant by "路灯", "修广场" by "广场": the thing without its verb. */
const shortName = (name: string): string =>
  /^[修建装改种挖打盖买安]/.test(name) && name.length > 2 ? name.slice(1) : "";
