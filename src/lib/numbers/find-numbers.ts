import { CARD_BEGINS, isIdNumber, isOldIdNumber, looksLikeId, passesLuhn } from "./checks.ts";
import { findRuns, isInFours, isRow, isTime, isUnbroken, isWhole, type Run } from "./runs.ts";

export const NUMBER_KINDS = ["id_number", "bank_card", "mobile"] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];

/** `digits`: `0`–`9`, and `x` at the end of some ID numbers; `at`: where it stands, in UTF-16 units. */
export type FoundNumber = { kind: NumberKind; digits: string; at: { from: number; to: number } };

/**
 * ID numbers, bank cards and mobiles in a text, in any spelling (reference/domain.md 1.7: prosecutors have acted on
 * exactly these). One that is masked is no number any more and is not found.
 */
export const findNumbers = (
  text: string,
  runs: readonly Run[] = findRuns(text),
  kinds: readonly NumberKind[] = NUMBER_KINDS,
): FoundNumber[] => kinds.flatMap((kind) => runs.flatMap((run) => scan(run, text, kind)));

/** Goes through a run once: what begins at a digit is taken whole, so that its tail is not read as another number. */
function scan(run: Run, text: string, kind: NumberKind): FoundNumber[] {
  const found: FoundNumber[] = [];
  for (let from = 0; from < run.digits.length; ) {
    const length = LENGTH_AT[kind](run, from, text);
    if (length > 0) {
      const at = { from: run.places[from]?.from ?? 0, to: run.places[from + length - 1]?.to ?? 0 };
      found.push({ kind, digits: run.digits.slice(from, from + length), at });
    }
    from += Math.max(length, 1);
  }
  return found;
}

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

const LENGTH_AT: Record<NumberKind, (run: Run, from: number, text: string) => number> = {
  id_number: idAt,
  bank_card: cardAt,
  mobile: phoneAt,
};
