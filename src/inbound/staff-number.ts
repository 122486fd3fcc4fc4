/** Which case a member of staff writes about, and what remains of his text without its number. */
export type CaseNumber = {
  number: number | null;
  /** A number that could as well be a date, a door or a count is not sure. */
  sure: boolean;
  rest: string;
};

/**
 * Reads the number at the beginning: "12 路灯已修好", "12号，…", "答12 …", "编号12：…", "第12件…", or a 编号12 anywhere.
 * `known` are his open cases: a bare number that is none of them is only taken for one if nothing else fits. Full-width
 * digits are digits; the rest stays as it was typed, because a villager will read it.
 */
export function readCaseNumber(text: string, known: readonly number[]): CaseNumber {
  const plain = text.replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).trim();
  const found = (match: RegExpExecArray, sure: boolean): CaseNumber => ({
    number: Number(match[1]),
    sure,
    rest: (match[2] ?? "").trim(),
  });
  const named = NAMED.exec(plain);
  if (named) return found(named, true);
  const bare = BARE.exec(plain);
  if (bare && !UNIT.test(bare[2] ?? "")) return found(bare, true);
  const numbered = NUMBERED.exec(plain);
  if (numbered && (known.includes(Number(numbered[1])) || !DAY_LIKE.test(numbered[2] ?? ""))) {
    return found(numbered, known.includes(Number(numbered[1])));
  }
  const tight = TIGHT.exec(plain);
  if (tight && VERB.test(tight[2] ?? "")) return found(tight, true);
  if (tight && known.includes(Number(tight[1])) && !UNIT.test(tight[2] ?? "")) return found(tight, false);
  if (/^\d{1,5}$/.test(plain) && known.includes(Number(plain))) return { number: Number(plain), sure: true, rest: "" };
  const inside = INSIDE.exec(plain);
  if (inside) return { number: Number(inside[1] ?? inside[2]), sure: true, rest: plain };
  // "12 月底前修好" may be December's end or case 12.
  return { number: null, sure: !(bare && known.includes(Number(bare[1]))), rest: plain };
}

const END = "[\\s:\uff1a,\uff0c、.。;\uff1b]*";
const NAMED = new RegExp(
  `^(?:(?:答复?|回复?|编号|編號|#)\\s*[:\uff1a]?\\s*(?=\\d)|第\\s*(?=\\d{1,5}\\s*[件号號]))(\\d{1,5})(?!\\d)\\s*(?:[件号號](?:意见|的?事)?)?${END}(.*)$`,
  "su",
);
/** `12 路灯…`, `12：路灯…`; not `10.15前` and `10:30去`. */
const BARE = /^(\d{1,5})(?:[\s\uff0c、。;\uff1b]+|[,:\uff1a.]\s*(?!\d))(.+)$/su;
/** `12号，路灯…`, `12件 路灯…`. */
const NUMBERED = /^(\d{1,5})\s*[号號件](?:意见|的?事)?[\s:\uff1a,\uff0c、.。;\uff1b]+(.+)$/su;
/** `12路灯…`, `12号路灯…`: surely only where a command follows. */
const TIGHT = /^(\d{1,5})(?:[号號件](?:意见|的?事)?)?(\D.*)$/su;
const INSIDE = /(?:编号|編號)\s*[:\uff1a]?\s*(\d{1,5})(?!\d)|第\s*(?=\d{1,5}\s*件)(\d{1,5})/u;

const VERB = /^(?:受理|[转轉](?!弯|向)|延(?:期|长|後|后|\d|[\s:\uff1a,\uff0c])|[记記](?!得|者|不|忆|性)|查)/u;
/** What is counted or dated: "3个路灯", "15日前", "2组", "10点". */
const UNIT =
  /^\s*(?:[个個盏户戶处處条條根块塊米公里吨天日月年周次遍人名元万千百点點时時分秒层楼组組队隊岁斤亩畝届期台辆套家袋车口座%％度]|几|多|左右|以|之?前|号[楼院门井杆])/u;
const DAY_LIKE = /^\s*(?:上午|下午|早|晚|中午|之?前|以前|左右|去|来|再|开|到)/u;
