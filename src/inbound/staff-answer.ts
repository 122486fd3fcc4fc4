import { localDate } from "../lib/china-time.ts";
import { findDay } from "../lib/chinese-dates.ts";
import type { ResultKind } from "../suggestion/suggestion.ts";

export type ReadResult = {
  result: ResultKind;
  /** `2026-10-31`, for what is planned. */
  plannedFor: string | null;
  /** Two readings speak against each other, or none speaks: a person looks before it is sent. */
  sure: boolean;
  why: string;
};

/**
 * Which of the five honest results an answer is: what is put off or handed up outweighs what is done, because "下周修好"
 * is not done. What says nothing of the kind explains.
 */
export function readResult(text: string, now: Date): ReadResult {
  const said = (pattern: RegExp) => pattern.exec(text)?.[0] ?? null;
  const done = said(DONE);
  const notDone = said(NOT_DONE);
  const partly = said(PARTLY);
  const later = said(LATER);
  const up = said(HANDED_UP);
  const day = later ? findDay(text, now) : null;
  const plannedFor = day ? `${day.year}-${two(day.month)}-${two(day.day)}` : null;
  const planned = later !== null && (plannedFor === null || plannedFor > localDate(now) || notDone !== null);
  if (up && !done) return { result: "transferred", plannedFor: null, sure: later === null, why: `说了“${up}”` };
  if (planned && !FINISHED.test(text)) {
    return { result: "planned", plannedFor, sure: plannedFor !== null && !up, why: `说了“${later}”` };
  }
  if (partly) return { result: "partly", plannedFor: null, sure: !up, why: `说了“${partly}”` };
  if (done && !notDone)
    return { result: "solved", plannedFor: null, sure: !up && later === null, why: `说了“${done}”` };
  const explains = said(EXPLAINS);
  return {
    result: "explained",
    plannedFor: null,
    sure: explains !== null && !notDone && !/[?\uff1f]/.test(text) && !ASKS.test(text),
    why: explains ? `说了“${explains}”` : "没说办成、计划或上报，按解释说明",
  };
}

const two = (n: number) => String(n).padStart(2, "0");

const DONE =
  /解决|修好|修复|修通|办好|办妥|办成|办完|弄好|换好|换上|换了|装好|装上|安好|安上|接通|通水|通电|通上|疏通|清理(?:完|干净|了|好)|清完|清走|清掉|拉走|运走|处理好|处理完|处理了|补发|发到|到账|送到|送去了?|补好|填平|铺好|加固好|搞定|调好|说和了|好了/u;
const NOT_DONE =
  /(?:没有?|未|还没|不能|不好|无法|没法|办不|修不|解决不|暂时不|等(?!级)|正在|才能|再(?=修|换|办|处理))(?:[^，。,；]{0,6})?(?:解决|修|办|弄|换|装|安|接|通|清|处理|发|好|了)|不了/u;
const PARTLY = /部分|一半|大部|先(?:修|换|装|清|垫|补|临时)|临时|剩下的?|只(?:修|换|装)了?/u;
const LATER =
  /计划|打算|准备(?!好)|预计|争取|安排(?:在|到|于)|列入|明年|下个?月|[本这]?月底|月末|年底|年内|下下?个?(?:周|星期|礼拜)|[本这]个?(?:周|星期|礼拜)[一二三四五六日天末内]|明天|明日|明早|后天|(?:[\d一二两三四五六七八九十]+)(?:个工作)?(?:天|日|周|个月)(?:之|以)?内|(?:[\d]{1,2}月(?:[\d]{1,2}[日号])?|[\d]{1,2}[日号])(?:之|以)?前|[底初]前|前(?=[^，。,;；]{0,6}(?:修|办|解决|完成|弄|换|装|通|到位))/u;
const HANDED_UP =
  /(?:已经?|都|我们|村里|昨天|今天)?(?:上报|报(?:给|到|请)(?=[^。，]{0,8}(?:镇|乡|县|区|市|局|所|站|上级|部门|公司|供电|水务|电力|办))|报到?(?:镇|乡|县)|反映给|反映到|反映上去|转给?到?(?=[^。，]{0,8}(?:镇|乡|县|区|局|所|站|上级|部门|公司|供电|水务|办))|转(?:上级|有关部门)|移交|报修(?!好))/u;
/** Whoever says this speaks of the past, whatever he plans besides. */
const FINISHED = /(?:已经?|都|全)(?:[^，。,；没未不]{0,6})(?:修好|解决|办好|换好|装好|清理|处理|通了|发到|到账|好了)/u;
const EXPLAINS =
  /请|可以|可到|按(?:照)?(?:规定|政策|标准)|规定|政策|因为|由于|不(?:属于|符合|归|在)|没有这|标准|每(?:人|户|年|月|亩)|需要|要带|带上|到村(?:委|部|里)|电话|放心|公示|公开|原因/u;
const ASKS = /(?:吗|呢|么|谁|哪|啥|咋|怎么|多少)(?:[?\uff1f。!\uff01]|$)/u;
