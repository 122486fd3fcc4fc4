/**
 * The case a villager names: "编号12", "第12件", "12号件", "关于12号路灯", "第十二件". `sure` words say that a case is
 * meant; "12号" may as well be a day or a lamp post, so the rule that asks weighs it against what the case is about.
 * Null if none is named. Only a case of his own household counts, which the caller looks up.
 */
export function readCaseNumber(text: string): { number: number; sure: boolean } | null {
  const plain = text.normalize("NFKC").replace(/\s+/g, "");
  const sure = SURE.exec(plain);
  if (sure) return named(sure[1] ?? sure[2], true);
  const weak = WEAK.exec(plain);
  return weak ? named(weak[1], false) : null;
}

const N = "(\\d{1,6}|[〇零一二三四五六七八九十百千]{1,9})";
const SURE = new RegExp(
  `编号(?:是|为|:)?第?${N}(?!\\d)|第?${N}(?:号?件(?!套|儿?衣)|号(?:意见|建议|问题|事(?!故)|反映|案|单))`,
  "u",
);
/** At the head of the text or after 关于; not a day ("12号上午", "10月12号"), nor a door ("12号楼"). */
const WEAK = new RegExp(
  `^(?:关于|我的|俺的|我那|俺那|补充|回复|就)?第?${N}号(?!楼|院|门|户|线|车|文|晚|早|上午|下午|中午|之前|以前|以后|前|后|那天|开|到|至|起|来|停)`,
  "u",
);

function named(digits: string | undefined, sure: boolean): { number: number; sure: boolean } | null {
  const number = digits === undefined ? 0 : /^\d/.test(digits) ? Number(digits) : readChinese(digits);
  return number > 0 ? { number, sure } : null;
}

const DIGITS = "零一二三四五六七八九";

/** 十二 → 12, 一百零三 → 103; digits one after another (一二) as they stand. */
function readChinese(text: string): number {
  const plain = text.replaceAll("〇", "零");
  if (!/[十百千]/.test(plain)) return Number(Array.from(plain, (one) => DIGITS.indexOf(one)).join(""));
  let sum = 0;
  let digit = 0;
  for (const one of plain) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[one];
    if (unit) {
      sum += (digit || 1) * unit;
      digit = 0;
    } else digit = DIGITS.indexOf(one);
  }
  return sum + digit;
}
