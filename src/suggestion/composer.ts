import { findDate } from "../lib/chinese-dates.ts";
import { cutBubble } from "../message/cut-bubble.ts";
import { countSegments, unitsOverBorder } from "../message/segments.ts";
import type { Village } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { writeAnswer } from "./answer-suggestion.ts";
import { type AnswerWish, isBare, readAnswer } from "./read-answer.ts";

/** One thing that a good answer has, whether this one has it, and what to write if not. It warns and never forbids. */
export type Check = { name: "person" | "action" | "date"; label: string; fine: boolean; remedy: string };

const PERSON =
  /我|俺|咱|村委会|两委|书记|主任|会计|文书|网格员|联户干部|村医|卫生室|电工|水工|木匠|瓦匠|焊工|工人|师傅|施工队|工程队|保洁|供电所|供水站|派出所|司法所|农技站|民政|[镇乡县](?:里|上|政府)|[站所局队办]长|代表会|理事会/;
const ACTION =
  /修|换|清|装|拉|查|量|补|通|铺|送|发|调|联系|约|说和|劝|申请|上报|报[到给了]|打[了通扫]|立项|研究|开会|商量|定[了在下]|建|挖|砌|焊|搬|拆|收|浇|测|验|问过|看[过了]|去了|办[了好理]|交[给到]|划|垫|种|喷|领|登记|核实|通过|同意|答应|安排|添/;
const DATE =
  /今[天早晚日年]|昨[天晚日]|前天|明[天早晚日年]|后天|周[一二三四五六日天末]|星期|礼拜|[上下]午|[上中下]旬|[本下这上]个?[月周]|月底|年底|\d+\s*[日号天]|[一二三四五六七八九十两]+天|往后|每[天周月年]/;

/** Who did what, and when: the three things a villager asks (reference/domain.md 6, idea 26). */
export function checkDraft(text: string, names: readonly string[], now: Date): Check[] {
  const plain = text.normalize("NFKC");
  // 刘建国 builds nothing.
  const nameless = names.reduce((rest, name) => rest.replaceAll(name, ""), plain);
  return [
    {
      name: "person",
      label: "谁办的",
      fine: PERSON.test(plain) || names.some((name) => plain.includes(name)),
      remedy: "写上是谁办的，比如“电工老张”“我”",
    },
    { name: "action", label: "做了什么", fine: ACTION.test(nameless), remedy: "写上做了什么，比如“换了新灯头”" },
    {
      name: "date",
      label: "什么时候",
      fine: DATE.test(plain) || findDate(plain, now) !== null,
      remedy: "写上哪天，比如“今天上午”“10月15日前”",
    },
  ];
}

/**
 * What the writer sees beside his words: exactly what the villager will read, cut where it will be cut, its length, and
 * what is missing. A plan's day that stands only in its field is told too, so it is shown. Whoever has no phone
 * (`texted` false) is told the words alone.
 */
export function previewAnswer(
  village: Village,
  to: { number: number; sealed: boolean; texted: boolean },
  wish: AnswerWish,
  names: readonly string[],
  now: Date,
) {
  const read = readAnswer(wish, now);
  const text = read.ok ? read.value.text : wish.text.trim();
  const words = text || "……";
  const { texted } = to;
  const body = texted ? writeSignature(village.signature) + writeAnswer(to, words) : words;
  const { segments, units } = countSegments(body);
  return {
    texted,
    parts: texted ? cutBubble(body) : [body],
    segments,
    units,
    over: unitsOverBorder(body),
    empty: text === "",
    bare: text !== "" && isBare(text),
    checks: text === "" ? [] : checkDraft(text, names, now),
  };
}
