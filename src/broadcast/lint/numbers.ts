import { isInFours, isRow, isTime, isUnbroken, isWhole, type Run } from "./digits.ts";
import type { Hit, LintRule } from "./finding.ts";
import { CARD_BEGINS, isIdNumber, isOldIdNumber, looksLikeId, passesLuhn } from "./number-checks.ts";

/**
 * ID numbers, bank cards and private phones, in any spelling (reference/domain.md 1.7: prosecutors have acted on exactly
 * these). A number that is masked is no number any more and passes.
 */
export const numberRules: readonly LintRule[] = [
  {
    name: "id_number",
    read: (heard) => heard.runs.flatMap((run) => scan(run, (from) => idAt(run, from, heard.text), ID)),
  },
  {
    name: "bank_card",
    read: (heard) => heard.runs.flatMap((run) => scan(run, (from) => cardAt(run, from, heard.text), CARD)),
  },
  {
    name: "private_phone",
    read(heard, { officialPhones = [] }) {
      const official = new Set(officialPhones);
      return heard.runs.flatMap((run) =>
        scan(run, (from) => phoneAt(run, from, heard.text), PHONE).filter(({ number }) => !official.has(number)),
      );
    },
  },
];

const ID = { why: "这像是身份证号，发出去就收不回来", remedy: "删掉；名单上要用，写成 3701**********1234 这样" };
const CARD = { why: "这像是银行卡号或账号", remedy: "删掉；要核对卡号，请本人到村委会当面看" };
const PHONE = {
  why: "这像是个人的手机号，不是村里公布的电话",
  remedy: "换成村委会的电话，或写成 138****0001；是村里公布的电话，请先登记到“公布的电话”",
};

/** Goes through a run once: what begins at a digit is taken whole, so that its tail is not read as another number. */
function scan(
  run: Run,
  lengthAt: (from: number) => number,
  words: { why: string; remedy: string },
): (Hit & { number: string })[] {
  const hits: (Hit & { number: string })[] = [];
  for (let from = 0; from < run.digits.length; ) {
    const length = lengthAt(from);
    if (length > 0) {
      const number = run.digits.slice(from, from + length);
      const at = { from: run.places[from]?.from ?? 0, to: run.places[from + length - 1]?.to ?? 0 };
      hits.push({ level: "block", at, quote: maskMiddle(number), ...words, number: number.slice(-11) });
    }
    from += Math.max(length, 1);
  }
  return hits;
}

/** `3701…123x`: enough to find it by. */
const maskMiddle = (number: string): string => `${number.slice(0, 3)}…${number.slice(-2)}`;

/** The rest of the functions say how many digits from `from` on are such a number; 0 for none. */
function idAt(run: Run, from: number, text: string): number {
  const eighteen = run.digits.slice(from, from + 18);
  if (isIdNumber(eighteen)) return 18;
  if (looksLikeId(eighteen) && isWhole(run, from, from + 18)) return 18;
  const old = isOldIdNumber(run.digits.slice(from, from + 15)) && isWhole(run, from, from + 15);
  if (!old || isTime(run, text) || isRow(run, text) || isCode(run)) return 0;
  // A mobile and an area code behind it are fifteen digits too.
  return phoneAt(run, from, text) > 0 && isWhole(run, from, from + 11) ? 0 : 15;
}

function cardAt(run: Run, from: number, text: string): number {
  const named = CARD_NAMED.test(run.before);
  const harmless = isTime(run, text) || isRow(run, text);
  for (const length of [19, 18, 17, 16]) {
    const number = run.digits.slice(from, from + length);
    if (number.length < length || number.includes("x")) continue;
    const union = number.startsWith("62");
    const sound = passesLuhn(number);
    const unbroken = isUnbroken(run, from, from + length);
    const whole = isWhole(run, from, from + length);
    if (union && sound && (unbroken || (whole && !isLandline(run, from)))) return length;
    if (harmless || !whole) continue;
    if (unbroken || isInFours(run, from, from + length)) {
      if (named || union || (sound && !isCode(run))) return length;
    } else if (sound && (named || (CARD_BEGINS.test(number) && !isLandline(run, from)))) return length;
  }
  return named && !harmless && from === 0 && ACCOUNT.test(run.digits) ? run.digits.length : 0;
}
const CARD_NAMED = /(?:卡号|账号|帐号|账户|帐户|存折|一卡通|银行卡|社保卡)[^。；\n]{0,8}$/;
const ACCOUNT = /^\d{12,22}$/;
/** Land parcels, contracts and meters have long numbers too. */
const CODE_NAMED = /(?:编码|代码|编号|单号|订单|文号|地块|合同|户号|表号|条码|证号|批号|设备)[^。；\n]{0,6}$/;
const isCode = (run: Run): boolean => CODE_NAMED.test(run.before);
/** Seven or eight digits in a row that begins with an area code: two such numbers are as long as a card. */
const isLandline = ({ digits, joints }: Run, from: number): boolean =>
  /^0\d{2,3}/.test(digits) && [7, 8].includes(joints.findIndex((joint, i) => i > from && joint !== "") - from);

function phoneAt(run: Run, from: number, text: string): number {
  const match = /^(?:0{0,2}86|0)?1[3-9]\d{9}/.exec(run.digits.slice(from));
  if (!match || !isWhole(run, from, from + match[0].length)) return 0;
  if (isUnbroken(run, from, from + match[0].length)) return match[0].length;
  return isTime(run, text) || isRow(run, text) ? 0 : match[0].length;
}
