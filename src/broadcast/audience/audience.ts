import type { Audience, Doors } from "../broadcast.ts";

/** Why somebody of an audience is not texted, worst first: of several the first one counts. */
export const LEFT_OUT = [
  "excluded",
  "no_phone",
  "blocked",
  "bad_number",
  "same_phone",
  "opted_out",
  "declined",
  "no_value",
] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

/** What to say of it, and what can be done. */
export const LEFT_OUT_WORDS: Record<LeftOut, string> = {
  excluded: "您排除了",
  no_phone: "没有手机号，请入户告知",
  blocked: "号码被运营商拉黑，请入户告知",
  bad_number: "号码有问题，请入户问新号码",
  same_phone: "与别户同一部手机，只发一条",
  opted_out: "已退订全部通知",
  declined: "不看这个栏目",
  no_value: "要填的内容不全",
};

const SHORT_WORDS: Record<LeftOut, string> = {
  excluded: "被排除",
  no_phone: "没有手机号",
  blocked: "号码被拉黑",
  bad_number: "号码有问题",
  same_phone: "与别户同一部手机",
  opted_out: "已退订",
  declined: "不看这个栏目",
  no_value: "要填的内容不全",
};

export type AudienceCount = {
  recipients: number;
  /** Of everything; `declined`: of this column alone. Nobody is counted twice. */
  optedOut: number;
  declined: number;
  badNumber: number;
  /** By the carrier. */
  blocked: number;
  samePhone: number;
  noPhone: number;
  excluded: number;
  /** With blanks: a household for which something that belongs into them is not known. */
  noValue: number;
};

/** What a notice is counted in: doors, or the people behind them. With blanks it is one text a door. */
export type Unit = "户" | "人";
export const unitOf = (notice: { audience: Audience; personal: boolean }): Unit =>
  notice.audience.scope === "villagers" && !notice.personal ? "人" : "户";

/** `12 户已退订`, and so on: who is left out, in the order of `LEFT_OUT`; nothing where nobody is. */
export function sayLeftOut(count: AudienceCount, unit: Unit = "户"): string[] {
  const numbers: Record<LeftOut, number> = {
    excluded: count.excluded,
    no_phone: count.noPhone,
    blocked: count.blocked,
    bad_number: count.badNumber,
    same_phone: count.samePhone,
    opted_out: count.optedOut,
    declined: count.declined,
    no_value: count.noValue,
  };
  return LEFT_OUT.filter((why) => numbers[why] > 0).map((why) => `${numbers[why]} ${unit}${SHORT_WORDS[why]}`);
}

/** `12号`; a number that says so itself, as 1组03号, stays. */
export const sayDoor = (number: string): string => (/[号户室]$/.test(number) ? number : `${number}号`);

/** As people write it: `１２号` and 012 are 12, 1组3号 is 1组03号. Two doors may be alike in it. */
export const looseNumber = (number: string): string =>
  number
    .normalize("NFKC")
    .replace(/\s+/g, "")
    .replace(/[号户]$/, "")
    .replace(/(^|\D)0+(?=\d)/g, "$1")
    .replace(/\.0+$/, "");

/** `二组、东网格、党员、12 号`: an audience's doors as people name them. */
export function sayDoors({ groups = [], grids = [], tags = [], households = [] }: Doors): string {
  const doors = households.slice(0, 3).map(sayDoor);
  const more = households.length > 3 ? [`等 ${households.length} 户`] : [];
  return [...groups, ...grids, ...tags, ...doors].join("、") + more.join("");
}

/** `全村`, `1组、党员，除了3组`: to whom a notice goes, for whoever signs it. */
export function sayAudience({ unreachedOf, except = {}, ...doors }: Audience): string {
  const to = [sayDoors(doors), unreachedOf ? "前一条没收到的户" : ""].filter(Boolean).join("、") || "全村";
  const without = sayDoors(except);
  return without ? `${to}，除了${without}` : to;
}

/** The same beside a count, which says what is counted. */
export const sayTo = (audience: Audience, unit: Unit): string =>
  sayAudience(audience) + (unit === "人" ? "，发到本人手机" : "");
