/** What an ID number (GB 11643) and a bank card number (ISO/IEC 7812) look like. Digits in, yes or no out. */

/** Eighteen: a province, a birthday and the check digit, which may be x. */
export const isIdNumber = (digits: string): boolean =>
  looksLikeId(digits) && checkDigit(digits.slice(0, 17)) === digits[17];

/** The same with whatever check digit: a mistyped ID number gives somebody away as well. */
export const looksLikeId = (digits: string): boolean =>
  /^\d{17}[\dx]$/.test(digits) && isProvince(digits) && isBirthday(digits.slice(6, 14));

/** Fifteen, as issued before 1999: the year has two digits and nothing checks it. */
export const isOldIdNumber = (digits: string): boolean =>
  /^\d{15}$/.test(digits) && isProvince(digits) && isBirthday(`19${digits.slice(6, 12)}`);

/** GB/T 2260, the first two digits. */
const PROVINCES = new Set(
  "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split(" "),
);
const isProvince = (digits: string): boolean => PROVINCES.has(digits.slice(0, 2));

function isBirthday(digits: string): boolean {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].map(Number) as [
    number,
    number,
    number,
  ];
  if (year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
export function checkDigit(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return "10x98765432"[sum % 11] as string;
}

export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** How cards issued in China begin: UnionPay's 62, the banks' own older ranges, Visa, MasterCard, JCB. */
export const CARD_BEGINS = /^(?:62|60|68|69|81|88|4|5[1-5]|3[05]|9[1-8])/;
