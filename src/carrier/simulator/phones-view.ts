import type { Db } from "../../db/connect.ts";
import { maskPhone, type PhoneNumber } from "../../lib/phone.ts";
import { isOwned, MAGIC } from "./magic.ts";
import { usualLabel } from "./messages.queries.ts";
import { findLabels, listPhones, MOST_PHONES, readConversation } from "./phones.queries.ts";

/** More than three phones side by side are too narrow to read. */
export const MOST_OPEN = 3;
const TEXTS = 100;

/** What the page shows; `open` are the numbers asked for, or none to show whatever is newest. */
export async function readPhones(db: Db, open: readonly string[], now: Date) {
  const listed = await listPhones(db, now);
  const numbers = open.length > 0 ? open : listed.slice(0, MOST_OPEN).map((phone) => phone.number);
  const labels = numbers.length > 0 ? await findLabels(db, numbers) : new Map<string, string>();
  const screens = await Promise.all(
    numbers.map(async (number) => ({
      id: writeId(number),
      number,
      shown: showNumber(number),
      label: labels.get(number) ?? usualLabel(number),
      others: numbers.filter((other) => other !== number),
      close: writeAddress(numbers.filter((other) => other !== number)),
      texts: (await readConversation(db, number, now, TEXTS)).map((text, i, all) => ({
        ...text,
        id: `text-${text.sid}`,
        other: showNumber(text.other),
        // A phone says who wrote when it changes.
        named: text.other !== all[i - 1]?.other,
      })),
    })),
  );
  return {
    /** There are more; they open by their number. */
    cut: listed.length === MOST_PHONES,
    unread: listed.filter((phone) => phone.unread > 0).length,
    phones: listed.map((phone) => ({
      ...phone,
      id: writeId(phone.number),
      shown: showNumber(phone.number),
      open: numbers.includes(phone.number),
      href: writeAddress([phone.number, ...numbers.filter((other) => other !== phone.number)]),
    })),
    screens,
    magic: Object.entries(MAGIC).map(([number, { label }]) => ({ shown: showNumber(number), label })),
  };
}

/** For `id` attributes: a `+` there would need escaping in selectors. */
const writeId = (number: string): string => number.replace("+", "p");

export const writeAddress = (open: readonly string[]): string =>
  open.length === 0
    ? "/simulator"
    : `/simulator?${open
        .slice(0, MOST_OPEN)
        .map((number) => `phone=${encodeURIComponent(number)}`)
        .join("&")}`;

/** Numbers that are nobody's are shown whole, a person's number as everywhere: masked. */
function showNumber(number: string): string {
  if (isOwned(number)) return number.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3");
  if (number in MAGIC || !/^\+86\d{11}$/.test(number)) return number.replace(/^\+86(?=10)/, "");
  return maskPhone(number as PhoneNumber);
}
