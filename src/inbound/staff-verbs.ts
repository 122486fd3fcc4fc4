import { localDate } from "../lib/china-time.ts";
import { findDay, readSmallNumber } from "../lib/chinese-dates.ts";
import type { ActorId } from "../lib/ids.ts";

/** Somebody who can be given a case. */
export type Colleague = { id: ActorId; name: string; post: string };

export type Deed =
  | { action: "accept" }
  | { action: "note"; text: string }
  /** `to` is empty where nobody is called so, and more than one where several are. */
  | { action: "assign"; to: readonly Colleague[]; named: string }
  /** Without days and date: as long as the village allows. */
  | { action: "extend"; reason: string; workdays: number | null; until: string | null };

type Found = { deed: Deed; sure: boolean; why: string };

/** 受理, 转 + name, 延 + reason, 记 + note, or null: then it is an answer. The case's number is off already. */
export function readVerb(text: string, colleagues: readonly Colleague[], now: Date): Found | null {
  return readAcceptance(text) ?? readAssignment(text, colleagues) ?? readExtension(text, now) ?? readNote(text);
}

const bare = (text: string) => text.replace(/[\s\p{P}\p{S}]/gu, "");

function readAcceptance(text: string): Found | null {
  if (!/^(?:我|已|同意|可以)?受理(?:了|吧|此件|这件)?$/u.test(bare(text))) return null;
  return { deed: { action: "accept" }, sure: true, why: "整条是“受理”" };
}

/** `转王春霞`, `转给王春霞办`, `交给老王`, `转 王主任`; "转给镇上了" and "转到供电所" are answers. */
function readAssignment(text: string, colleagues: readonly Colleague[]): Found | null {
  const match =
    /^[\s,\uff0c]*(?:请|麻烦)?(?:[转轉](?:给|給|交给?|交給?|办给?|辦)?|交给|派给)[\s:\uff1a,\uff0c]*(.{0,20})$/su.exec(
      text,
    );
  if (!match) return null;
  const named = bare(match[1] ?? "").replace(/(?:同志)?(?:去|来)?(?:办|辦|处理|看看|负责|办理|吧|了)*$/u, "");
  if (named === "") return { deed: { action: "assign", to: [], named }, sure: true, why: "以“转”开头" };
  const to = findColleagues(named, colleagues);
  if (to.length === 0 && !LOOKS_LIKE_A_NAME.test(named)) return null;
  return { deed: { action: "assign", to, named }, sure: true, why: "以“转”开头，后面是人名" };
}

const LOOKS_LIKE_A_NAME = /^(?!.*[镇乡县区市局所站村部司给到了]|上级|有关|上面)[\p{Script=Han}]{2,4}$/u;

function findColleagues(named: string, colleagues: readonly Colleague[]): readonly Colleague[] {
  const exact = colleagues.filter((one) => one.name === named);
  if (exact.length > 0) return exact;
  const within = colleagues.filter((one) => one.name.length >= 2 && named.startsWith(one.name));
  if (within.length > 0) return within;
  const given = colleagues.filter((one) => named.length >= 2 && one.name.endsWith(named));
  if (given.length > 0) return given;
  // 老王, 小王, 王主任, 王: whoever has the surname, and the post where one is named.
  const surname = /^[老小]?(\p{Script=Han})(主任|书记|支书|委员|会计|文书|网格员|干部|姐|哥|叔)?$/u.exec(named);
  if (!surname) return [];
  const family = colleagues.filter((one) => one.name.startsWith(surname[1] ?? " "));
  const titled = family.filter((one) => surname[2] && one.post.includes(surname[2]));
  return titled.length > 0 ? titled : family;
}

/** `延3天 等材料`, `延期到10月20日，等施工队`, `延 等配件`. Days are working days, as the village promises. */
function readExtension(text: string, now: Date): Found | null {
  const match = /^[\s,\uff0c]*(?:请|申请|要)?延(期|长|后|後|迟)?(.*)$/su.exec(text);
  if (!match || (!match[1] && /^[安伸续續误誤津边邊庆慶年]/u.test(match[2] ?? ""))) return null;
  let rest = (match[2] ?? "").replace(LEADING, "");
  const days = /^([\d一二两三四五六七八九十]{1,3})\s*个?\s*(?:工作)?(天|日(?!前)|周|星期)/u.exec(rest);
  let workdays: number | null = null;
  let until: string | null = null;
  if (days) {
    const count = readSmallNumber(days[1] ?? "");
    workdays = count === null ? null : count * (days[2] === "天" || days[2] === "日" ? 1 : 5);
    rest = rest.slice(days[0].length);
  } else {
    const date =
      /^(?:到|至)[\s:\uff1a]*([^\s,\uff0c。;\uff1b]{1,12}?(?:[日号]|底|[周期][一二三四五六日天]|天))(?:之前|以前|前)?/u.exec(
        rest,
      );
    const day = date ? findDay(date[1] ?? "", now) : null;
    if (date && day) {
      until = localDate(new Date(Date.UTC(day.year, day.month - 1, day.day)));
      rest = rest.slice(date[0].length);
    }
  }
  const reason = rest
    .replace(LEADING, "")
    .replace(/^(?:因为|因|由于|原因是?|理由是?)[\s:\uff1a,\uff0c]*/u, "")
    .trim();
  const marked =
    match[1] !== undefined || days !== null || until !== null || /^[\s:\uff1a,\uff0c]/u.test(match[2] ?? "");
  return { deed: { action: "extend", reason, workdays, until }, sure: marked, why: "以“延”开头" };
}

const LEADING = /^[\s:\uff1a,\uff0c、。;\uff1b]+/u;

/** `记 去看过了`; "记得" is none. */
function readNote(text: string): Found | null {
  const match = /^[\s,\uff0c]*[记記](?:录|錄|下|一笔|上)?(?![得者不忆性住号挂])[\s:\uff1a,\uff0c]*(.*)$/su.exec(text);
  if (!match) return null;
  return { deed: { action: "note", text: (match[1] ?? "").trim() }, sure: true, why: "以“记”开头" };
}
