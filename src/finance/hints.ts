import { sayAmount } from "./amount.ts";
import { type Entry, KIND_WORDS } from "./sheet.ts";

/**
 * Where a difference may come from. Each that names an entry is true in this sense: mended as it says, the sheet
 * balances. `instead` is the amount that would then stand there.
 */
export type Hint =
  | { kind: "twice"; index: number }
  | { kind: "wrong_side"; index: number }
  | { kind: "swapped" | "shifted"; index: number; instead: number }
  | { kind: "closing_swapped"; instead: number }
  | { kind: "nines" };

type Line = Pick<Entry, "kind" | "amount">;

/** More would be a list of guesses. */
const MOST = 6;

/** @param difference computed minus stated closing, not 0 */
export function explainDifference(difference: number, entries: readonly Line[], closing: number): Hint[] {
  // What an entry adds to the computed balance; a mend must take `difference` away.
  const weight = ({ kind, amount }: Line) => (kind === "income" ? amount : -amount);
  const hints: Hint[] = [];
  entries.forEach((entry, index) => {
    if (weight(entry) === difference) hints.push({ kind: "twice", index });
    if (2 * weight(entry) === difference) hints.push({ kind: "wrong_side", index });
    const sign = entry.kind === "income" ? 1 : -1;
    const wanted = entry.amount - sign * difference;
    if (wanted <= 0) return;
    if (swapsOf(entry.amount).includes(wanted)) hints.push({ kind: "swapped", index, instead: wanted });
    else if (isShift(entry.amount, wanted)) hints.push({ kind: "shifted", index, instead: wanted });
  });
  if (swapsOf(closing).includes(closing + difference)) {
    hints.push({ kind: "closing_swapped", instead: closing + difference });
  }
  if (hints.length === 0 && difference % 9 === 0) hints.push({ kind: "nines" });
  return hints.slice(0, MOST);
}

/** The amounts that two neighbouring digits in each other's place would make. */
export function swapsOf(amount: number): number[] {
  const digits = String(amount).padStart(3, "0");
  return Array.from({ length: digits.length - 1 }, (_, i) =>
    Number(digits.slice(0, i) + digits[i + 1] + digits[i] + digits.slice(i + 2)),
  ).filter((other) => other !== amount);
}

/** A nought too many or too few, or the point one or two places off. */
const isShift = (a: number, b: number): boolean => a === b * 10 || a === b * 100 || b === a * 10 || b === a * 100;

export function sayHint(hint: Hint, entries: readonly Pick<Entry, "kind" | "amount" | "purpose">[]): string {
  if (hint.kind === "nines") return "差额能被 9 除尽：多半是哪一笔有两个数字写颠倒了，或者多写、少写了一个 0";
  if (hint.kind === "closing_swapped") return `月末结余是不是 ${sayAmount(hint.instead)} 元，两个数字写颠倒了？`;
  const entry = entries[hint.index];
  if (!entry) throw new Error("a hint at an entry that is not there");
  const which = `第 ${hint.index + 1} 笔“${entry.purpose}” ${sayAmount(entry.amount)} 元`;
  switch (hint.kind) {
    case "twice":
      return `${which}正好是差额：是不是记了两遍，或者这笔钱还没${entry.kind === "income" ? "到账" : "付"}？`;
    case "wrong_side":
      return `${which}正好是差额的一半：它是不是${KIND_WORDS[entry.kind === "income" ? "expense" : "income"]}，记反了？`;
    case "swapped":
      return `${which}：是不是 ${sayAmount(hint.instead)} 元，两个数字写颠倒了？`;
    case "shifted":
      return `${which}：是不是 ${sayAmount(hint.instead)} 元，多写或少写了 0？`;
  }
}
