import { sayDecimal, sayDialled, sayDigits, sayNumber, sayYuan } from "../../lib/numerals.ts";
import type { BroadcastKind } from "../broadcast.ts";

export type Script = { lines: string[]; seconds: number };

/**
 * A notice as somebody reads it into the loudspeaker: greeting, the text twice with every number in words, ending. No
 * signature, no brackets, no digits. Source of the wish: elders hear what they cannot read (reference/domain.md 6, 4).
 */
export function readAloud(
  { body, options, kind }: { body: string; options?: readonly string[] | null; kind?: BroadcastKind },
  villageName: string,
): Script {
  const said = [sayBody(body), ...(options?.length ? [sayChoice(options)] : [])];
  const urgent = kind === "emergency";
  const lines = [
    urgent ? "紧急通知！紧急通知！" : `${villageName}的各位村民，大家好！现在播送一个通知。`,
    ...said,
    urgent ? "紧急通知，再说一遍！" : "再说一遍。",
    ...said,
    urgent ? "请听到的人马上告诉邻居！" : "通知播送完了，谢谢大家！",
  ];
  return { lines, seconds: Math.ceil((lines.join("").length * 60) / CHARACTERS_A_MINUTE) };
}

/** What is understood over a village's loudspeakers, with their echo: slower than a newsreader's 300. */
const CHARACTERS_A_MINUTE = 180;

const sayChoice = (options: readonly string[]): string =>
  `请用手机回一个数字：${options.map((option, i) => `${sayNumber(String(i + 1))}，${sayBody(option)}`).join("；")}。`;

function sayBody(body: string): string {
  let text = body
    .normalize("NFKC")
    .replace(/[【】［\]〖〗[]/g, "")
    .replace(/\s*\n\s*/g, "。")
    .replace(/(?<=\p{P})。/gu, "");
  for (const [pattern, say] of READINGS) {
    text = text.replace(pattern, (...parts) => say(parts.slice(0, -2).map((part) => String(part ?? ""))));
  }
  return text
    .replace(/,/g, "，")
    .replace(/:/g, "：")
    .replace(/[!]/g, "！")
    .replace(/[?]/g, "？")
    .replace(/;/g, "；")
    .replace(/\(/g, "，")
    .replace(/\)/g, "，")
    .replace(/，(?=[，。！？；])/g, "");
}

type Say = (parts: string[]) => string;
const TO = "\\s*[-~—–至到]+\\s*";
const CLOCK = "([01]?\\d|2[0-4])[:：]([0-5]\\d)";
const HALF_OF_DAY = "(凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里)?";

/** In this order: what an earlier one has put into words holds no digits any more. */
const READINGS: readonly [RegExp, Say][] = [
  [/m2/gi, () => "平方米"],
  [/°C/g, () => "摄氏度"],
  [/kg/gi, () => "公斤"],
  [/&/g, () => "和"],
  [
    /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g,
    ([, y = "", m = "", d = ""]) => `${sayDigits(y)}年${sayNumber(m)}月${sayNumber(d)}日`,
  ],
  [/[〔[(](\d{4})[〕\])](?=\s*第?\d+号)/g, ([, y = ""]) => `${sayDigits(y)}年第`],
  [/(\d{4})(?=年)/g, ([, y = ""]) => sayDigits(y)],
  [
    new RegExp(`${HALF_OF_DAY}${CLOCK}${TO}${HALF_OF_DAY}${CLOCK}`, "g"),
    ([, day, h, m, day2, h2, m2]) => `${sayClock(day, h, m)}到${sayClock(day2 || day, h2, m2)}`,
  ],
  [new RegExp(`${HALF_OF_DAY}${CLOCK}`, "g"), ([, day, h, m]) => sayClock(day, h, m)],
  [
    /(?<!\d)(0\d{2,3})[-—\s]?(\d{3,4})(\d{4})(?!\d)/g,
    ([, area = "", a = "", b = ""]) => [area, a, b].map(sayDialled).join("，"),
  ],
  [
    /(?<!\d)(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)/g,
    ([, a = "", b = "", c = ""]) => [a, b, c].map(sayDialled).join("，"),
  ],
  [/(?<!\d)(1[12]\d|12\d{3}|9[56]\d{3})(?![\d.,]|\s*[元个户人亩斤米块])/g, ([, n = ""]) => sayDialled(n)],
  [/(?<=电话[:：是为]?|打|拨|拨打|热线)\s*(\d{5,8})(?!\d)/g, ([, n = ""]) => sayDialled(n)],
  [/¥?\s*(\d[\d,]*(?:\.\d{1,2})?)\s*元/g, ([, n = ""]) => sayYuan(n)],
  [/(\d[\d,]*(?:\.\d+)?)\s*[-~—–]+\s*(?=\d)/g, ([, n = ""]) => `${sayDecimal(n)}到`],
  [/(\d[\d,]*(?:\.\d+)?)\s*%/g, ([, n = ""]) => `百分之${sayDecimal(n)}`],
  [/(?<![\d.])2(?=[户个位点天条次家亩只件遍名斤袋])/g, () => "两"],
  [/\d{7,}|0\d+(?!\.)/g, ([n = ""]) => sayDigits(n)],
  [/\d[\d,]*\d(?:\.\d+)?|\d(?:\.\d+)?/g, ([n = ""]) => sayDecimal(n)],
];

/** 19:00 → 晚上七点; a part of the day that the text names stays, and then 7:30 is 七点半. */
function sayClock(named = "", hours = "0", minutes = "0"): string {
  const hour = Number(hours);
  const twelve = hour > 12 ? hour - 12 : hour;
  const part = named || (PARTS.find(([until]) => hour < until)?.[1] ?? "");
  const minute = Number(minutes);
  const rest = minute === 0 ? "" : minute === 30 ? "半" : `${minute < 10 ? "零" : ""}${sayNumber(minutes)}分`;
  return `${part}${twelve === 2 ? "两" : sayNumber(String(twelve))}点${rest}`;
}
const PARTS: readonly [until: number, words: string][] = [
  [5, "凌晨"],
  [8, "早上"],
  [12, "上午"],
  [13, "中午"],
  [18, "下午"],
  [25, "晚上"],
];
