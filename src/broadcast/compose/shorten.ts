import { countSegments, unitsOverBorder } from "../../message/segments.ts";
import { writeSignature } from "../../village/village.ts";

/** Words that could go, or be fewer: `quote` at `from`–`to` becomes `becomes` and saves so many units. */
export type Cut = { from: number; to: number; quote: string; becomes: string; saves: number; why: string };

export type Shortening = {
  /** Units that must go for one segment less; 0 where there is one only. */
  over: number;
  /** By place; none touches another. */
  cuts: Cut[];
  /** The fewest of them that save a segment; null where all together do not, or nothing is over. */
  enough: Cut[] | null;
};

/**
 * What to cut from a notice to save a segment: empty courtesies, doubled marks, spaces, and long words that a short one
 * says as well. It never touches numbers, titles in 《》 or blanks, and proposes only: what a text loses is a person's
 * to decide. `signature` without its brackets.
 */
export function proposeCuts(body: string, signature: string): Shortening {
  const sign = writeSignature(signature);
  const over = unitsOverBorder(sign + body);
  const kept = [...body.matchAll(KEPT)].map((match) => [match.index, match.index + match[0].length] as const);
  const cuts: Cut[] = [];
  for (const { words, becomes, why } of SHORTER) {
    for (const match of body.matchAll(words)) {
      const from = match.index;
      const to = from + match[0].length;
      const shorter = becomes.replace("$1", match[1] ?? "");
      const saves = match[0].length - shorter.length;
      const free = [...kept, ...cuts.map((cut) => [cut.from, cut.to] as const)].every(([a, b]) => to <= a || from >= b);
      if (saves > 0 && free) cuts.push({ from, to, quote: match[0], becomes: shorter, saves, why });
    }
  }
  cuts.sort((a, b) => a.from - b.from);
  return { over, cuts, enough: over > 0 ? fewest(body, sign, cuts) : null };
}

export function applyCuts(body: string, cuts: readonly Cut[]): string {
  let text = body;
  for (const { from, to, becomes } of [...cuts].sort((a, b) => b.from - a.from)) {
    text = text.slice(0, from) + becomes + text.slice(to);
  }
  return text;
}

/** The largest first, until a segment is saved; then without those that turn out not to be needed. */
function fewest(body: string, sign: string, cuts: readonly Cut[]): Cut[] | null {
  const { segments } = countSegments(sign + body);
  const saves = (chosen: readonly Cut[]) => countSegments(sign + applyCuts(body, chosen)).segments < segments;
  let chosen: Cut[] = [];
  for (const cut of [...cuts].sort((a, b) => b.saves - a.saves)) {
    if (saves(chosen)) break;
    chosen.push(cut);
  }
  if (!saves(chosen)) return null;
  for (const cut of [...chosen].reverse()) {
    const without = chosen.filter((one) => one !== cut);
    if (saves(without)) chosen = without;
  }
  return chosen.sort((a, b) => a.from - b.from);
}

const KEPT = /《[^》\n]*》|[{｛]{2}[^{}｛｝]*[}｝]{2}/g;

const PEOPLE = "(?:广大|各位|全体)?(?:村民|居民|父老)(?:朋友|同志|乡亲)?们?";
/** In this order: what an earlier one takes, a later one leaves. `$1` in `becomes` is what the pattern keeps. */
const SHORTER: readonly { words: RegExp; becomes: string; why: string }[] = [
  ...[
    new RegExp(`(?:尊敬的)?(?:广大|各位|全体|亲爱的)${PEOPLE}[,，:：!！]*(?:您好|你们好|大家好)?[,，:：!！。]*`, "g"),
    new RegExp(`^(?:尊敬的)?${PEOPLE}[,，:：!！]+(?:您好|你们好|大家好)?[,，:：!！。]*`, "g"),
    /(?:您好|你们好|大家好)[,，:：!！。]*/g,
  ].map((words) => ({ words, becomes: "", why: "签名已经说明是村里发给村民的" })),
  ...[
    /[,，。;；]?(?:特此|现予|此致)(?:通知|公告|告知|公示|敬礼)/g,
    /[,，。;；]?(?:由此)?(?:给|对)(?:您|大家|村民)?(?:的)?(?:生活|出行)?(?:带来|造成)的?不便[,，]?(?:之处[,，]?)?(?:敬请|请|望)?(?:大家)?(?:谅解|理解|见谅|原谅)/g,
    /[,，。;；]?(?:敬请|请|望|希望)(?:大家|广大村民|各位村民|各户)?(?:予以)?(?:周知|知悉|知晓|悉知|谅解|理解|支持|配合)/g,
    /[,，。;；]?(?:敬请|请|望)?(?:大家)?(?:相互|互相)(?:转告|告知)/g,
    /[,，。;；]?(?:感谢|谢谢)(?:您|大家|各位|广大村民)?(?:的)?(?:理解|支持|配合|合作|关注)?(?:(?:和|与|、)(?:理解|支持|配合|合作))?/g,
    /(?:温馨|友情|特别)提[示醒][,，:：]*/g,
  ].map((words) => ({ words, becomes: "", why: "客气话，不说也不失礼" })),
  { words: /([!！。,，、;；?？~～])\1+/g, becomes: "$1", why: "标点重了" },
  { words: /(?:\.{3,}|…+)/g, becomes: "…", why: "省略号一个就够" },
  { words: /([\p{P}])[^\S\n]*\n\s*/gu, becomes: "$1", why: "换行在有的手机上是乱的" },
  { words: /\n\s*/g, becomes: "", why: "换行在有的手机上是乱的" },
  {
    words: /[^\S\n]+(?=[\p{Script=Han}\p{P}])|(?<=[\p{Script=Han}\p{P}])[^\S\n]+/gu,
    becomes: "",
    why: "空格也算一个字",
  },
  { words: /[。.]$/g, becomes: "", why: "最后的句号可以不要" },
  ...(
    [
      [/村民委员会/g, "村委会"],
      [/村务监督委员会/g, "村监会"],
      [/人民政府/g, "政府"],
      [/人民币/g, ""],
      [/元整/g, "元"],
      [/(?<=\d)\.00元/g, "元"],
      [/星期(?=[一二三四五六日天])/g, "周"],
      [/联系电话[:：]?/g, "电话"],
      [/联系人[:：]?/g, "找"],
      [/咨询电话[:：]?/g, "电话"],
      [/(?<=\d{1,2}[点时])整/g, ""],
      [/上午(?=0?[5-9][:：点时]|1[01][:：点时])/g, "早"],
      [/的时候/g, "时"],
      [/进行(?=\p{Script=Han}{2})/gu, ""],
      [/对于?(?=没有|未)/g, ""],
      [/截止到|截至/g, "到"],
      [/届时|目前|现将|兹/g, ""],
      [/由于|因为/g, "因"],
      [/如果|倘若/g, "如"],
      [/以及|并且/g, "和"],
      [/或者/g, "或"],
      [/但是/g, "但"],
      [/已经/g, "已"],
      [/能够/g, "能"],
      [/需要/g, "要"],
      [/按照|根据/g, "按"],
      [/有关部门的?有关/g, "有关"],
      [/请(?:大家|广大村民|各位村民|各户村民)/g, "请"],
      [/广大/g, ""],
      [/务必要/g, "务必"],
      [/为了(?:进一步)?/g, "为"],
      [/于(?=\d{1,2}月|今天|明天|本周|下周)/g, ""],
    ] as const
  ).map(([words, becomes]) => ({ words, becomes, why: "短的说法一样清楚" })),
];
