import { findNumbers, type NumberKind } from "../lib/numbers/find-numbers.ts";

/** What makes a text say who somebody is. */
export type Personal = { what: "name" | "phone" | "id" | "card" | "door"; words: string };

/**
 * What in a text for everybody's eyes points at a person: names of the roster, phones, ID and bank card numbers, doors.
 * Prosecutors have acted on exactly these (reference/domain.md 1.7). `doors` are household numbers as the roster has
 * them; one that is only a number counts where a text calls it a door (12号, 12户), and not as a date or a case.
 */
export function findPersonal(text: string, roster: { names: readonly string[]; doors: readonly string[] }): Personal[] {
  const plain = text.normalize("NFKC");
  const tight = plain.replace(/[\s\-–—·.]/g, "");
  const found: Personal[] = [];
  const numbers = [...tight.matchAll(/\d{6,}[Xx]?/g)].map(([digits]) => digits);
  for (const digits of numbers) {
    if (/^\d{17}[\dXx]$|^\d{15}$/.test(digits)) found.push({ what: "id", words: digits });
    else if (/^\d{16,19}$/.test(digits)) found.push({ what: "card", words: digits });
    else if (/1[3-9]\d{9}/.test(digits) || /^(?:0\d{2,3})?\d{7,8}$/.test(digits)) {
      found.push({ what: "phone", words: digits });
    }
  }
  if (found.length === 0) {
    for (const { kind, at } of findNumbers(text)) {
      found.push({ what: KIND_OF[kind], words: text.slice(at.from, at.to) });
    }
  }
  const letters = plain.replace(/\s/g, "");
  for (const name of roster.names) {
    if (Array.from(name).length >= 2 && letters.includes(name)) found.push({ what: "name", words: name });
  }
  const doors = new Set(roster.doors.map((door) => door.normalize("NFKC").replace(/\s/g, "")));
  for (const door of doors) {
    if (!/^\d+$/.test(door) && letters.includes(door)) found.push({ what: "door", words: door });
  }
  for (const [words, digits = ""] of letters.matchAll(
    /(?<!月|\d|编号|第)0*(\d{1,5})(?:号(?![楼线机井])|户(?![以人都反家]))/g,
  )) {
    if ([...doors].some((door) => /^\d+$/.test(door) && Number(door) === Number(digits))) {
      found.push({ what: "door", words });
    }
  }
  return found;
}

/** Spelled out as well: 一三八…; the plain ones are taken more strictly above, whatever their check digits. */
const KIND_OF: Record<NumberKind, Personal["what"]> = { id_number: "id", bank_card: "card", mobile: "phone" };

const WHAT_WORDS: Record<Personal["what"], string> = {
  name: "姓名",
  phone: "电话号码",
  id: "身份证号",
  card: "银行卡号",
  door: "户号",
};

/** `姓名“丁老四”、户号“12号”`: what to take out. */
export const sayPersonal = (found: readonly Personal[]): string =>
  found.map(({ what, words }) => `${WHAT_WORDS[what]}“${words}”`).join("、");
