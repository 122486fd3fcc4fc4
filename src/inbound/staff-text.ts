import { fold, foldTrailing } from "../lib/fold.ts";
import { hear } from "../lib/said.ts";
import type { ResultKind } from "../suggestion/suggestion.ts";
import { isCourtesy } from "./courtesy.ts";
import type { Meaning } from "./meaning.ts";
import { readResult } from "./staff-answer.ts";
import { readCaseNumber } from "./staff-number.ts";
import { type Colleague, type Deed, readVerb } from "./staff-verbs.ts";

/** What is known of a member of staff who texts: all that this rule may look at besides the words. */
export type StaffKnown = {
  /** His open cases. */
  open: readonly number[];
  /** Those of them that were texted to this phone within a week, last first. */
  texted: readonly number[];
  /** What he was asked last, if it is still open, with how many choices; and whether the last one ran out unanswered. */
  asked: { choices: number } | null;
  lapsed: boolean;
  colleagues: readonly Colleague[];
  /** What the same words would mean from a villager. */
  asVillager: Meaning;
  now: Date;
};

export type StaffCommand = Deed | { action: "answer"; text: string; result: ResultKind; plannedFor: string | null };

/** `sure: false`: the case or the meaning could be another, so he is shown what would happen first. */
export type StaffVerdict =
  | { kind: "command"; number: number; command: StaffCommand; sure: boolean; why: string }
  | { kind: "choice"; option: number; why: string }
  | { kind: "rejection"; why: string }
  | { kind: "lapsed"; why: string }
  | { kind: "list"; why: string }
  | { kind: "show"; number: number; why: string }
  | { kind: "help"; why: string }
  | { kind: "unclear"; hint: string; why: string };

/**
 * What a text from a staff phone on record does, or null: then it is read like any villager's. Pure. Nothing that
 * could be a villager's word, and nothing ambiguous, acts by itself.
 */
export function readStaffText(text: string, known: StaffKnown): StaffVerdict | null {
  const folded = foldTrailing(text);
  const said = readReplyToQuestion(folded, known);
  if (said) return said;
  if (HELP.has(folded)) return { kind: "help", why: `整条是“${folded}”` };
  if (LIST.has(folded)) return { kind: "list", why: `整条是“${folded}”` };
  if (known.asVillager === "opt_out" || known.asVillager === "opt_in" || AS_VILLAGER.test(text.trim())) return null;

  // His own case was answered too: a bare digit is his verdict on that.
  const rates = known.asVillager === "rating" || known.asVillager === "poll";
  if (rates && Array.from(folded).length <= 1) return null;

  const { number, sure, rest } = readCaseNumber(text, known.open);
  const lookUp = /^(?:查|查询|查看)(?:一下)?(?:编号)?(\d{1,5})(?:号|件)?$/.exec(fold(text));
  if (lookUp) return { kind: "show", number: Number(lookUp[1]), why: "以“查”开头" };
  const verb = readVerb(rest, known.colleagues, known.now);
  const target = number ?? known.texted[0] ?? (verb && known.open.length === 1 ? known.open[0] : undefined);
  if (target === undefined) return verb ? withoutCase(verb.deed) : null;
  const certain = sure && (number !== null || new Set(known.texted).size <= 1);

  if (verb) return command(target, verb.deed, certain && verb.sure, verb.why);
  if (number !== null && /^查/.test(rest)) return { kind: "show", number, why: "编号后面是“查”" };
  if (number === null) {
    // "好的" to our own text, "着火了": what a villager means by them, a secretary means too.
    if (isPolite(text) || !/\p{L}/u.test(text)) return null;
    if (known.asVillager === "emergency" || /^\s*密/u.test(text)) return null;
  } else if (isPolite(rest) || !/\p{L}/u.test(rest)) {
    if (/^\s*\p{N}+\s*$/u.test(text) && isPolite(text)) return null;
    return { kind: "unclear", hint: `要答复编号${target}，请在编号后面写清办得怎样`, why: "只有编号，没有答复" };
  }
  const { result, plannedFor, sure: resultSure, why } = readResult(rest, known.now);
  const calm =
    known.asVillager !== "sealed" && !(rates && number === null) && (number !== null || !COMPLAINS.test(rest));
  return {
    kind: "command",
    number: target,
    command: { action: "answer", text: rest, result, plannedFor },
    sure: certain && resultSure && calm,
    why: number === null ? `回复最近那件，${why}` : `写了编号${number}，${why}`,
  };
}

const YES = new Set([
  "1",
  "是",
  "是的",
  "对",
  "对的",
  "确认",
  "发",
  "发出",
  "发送",
  "可以",
  "好",
  "好的",
  "行",
  "ok",
  "同意",
]);
const NO = new Set(["0", "否", "不", "不是", "改", "不发", "不对", "别发", "取消", "先不发", "重写", "不转"]);
const HELP = new Set(["帮助", "怎么用", "怎么回", "怎么办理", "用法", "help", "说明"]);
const LIST = new Set([
  ...["查", "查询", "查一下", "查台账", "台账", "待办", "清单", "我的待办", "还有哪些", "查待办", "进度"],
]);
/** He speaks for himself. */
const AS_VILLAGER =
  /^(?:我|俺|咱)?(?:要|想|来)?(?:反映|举报|投诉|建议|提个?意见)|^(?:我|俺|咱)(?:家|们家|这|村|们村)|^请问|^密|^政策/u;
/** From whoever has just been texted a case, this may be about another matter. */
const COMPLAINS = /坏了(?!的)|没人管|没人修|啥时候|什么时候|能不能|怎么办|咋办|希望|[吗?\uff1f]\s*$/u;

function readReplyToQuestion(folded: string, known: StaffKnown): StaffVerdict | null {
  const word = NUMERALS[folded] ?? folded;
  if (!known.asked) {
    const sent = word === "1" || word === "确认" || word === "发" || word === "发出";
    return known.lapsed && sent ? { kind: "lapsed", why: `回了“${word}”，但已过时间` } : null;
  }
  if (NO.has(word)) return { kind: "rejection", why: `回了“${word}”` };
  if (known.asked.choices <= 1) return YES.has(word) ? { kind: "choice", option: 1, why: `回了“${word}”` } : null;
  const option = /^[1-9]$/.test(word) ? Number(word) : 0;
  return option >= 1 && option <= known.asked.choices ? { kind: "choice", option, why: `选了${option}` } : null;
}
const NUMERALS: Record<string, string> = { 一: "1", 二: "2", 三: "3", 四: "4", 五: "5", 零: "0", o: "0" };

/** A command without a case: asked back where it surely is one, else it is anybody's text. */
function withoutCase(deed: Deed): StaffVerdict | null {
  const certain = deed.action === "accept" || (deed.action === "assign" && deed.to.length > 0);
  return certain ? { kind: "unclear", hint: "是哪一件？请把编号写在前面", why: "没说是哪一件" } : null;
}

function command(number: number, deed: Deed, sure: boolean, why: string): StaffVerdict {
  const hint = whatIsMissing(deed);
  return hint ? { kind: "unclear", hint, why } : { kind: "command", number, command: deed, sure, why };
}

function whatIsMissing(deed: Deed): string | null {
  switch (deed.action) {
    case "accept":
      return null;
    case "note":
      return deed.text === "" ? "请在“记”后面写内容" : null;
    case "extend":
      return deed.reason === "" ? "延期要写原因，会发给村民，如：延3天 等配件" : null;
    case "assign":
      return deed.to.length > 0 ? null : deed.named === "" ? "请在“转”后面写姓名" : `没有叫${deed.named}的承办人`;
  }
}

const isPolite = (text: string): boolean => isCourtesy(hear(text), []) !== null;
