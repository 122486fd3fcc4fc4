import fc from "fast-check";
import { checkDigit, passesLuhn } from "../../src/lib/numbers/checks.ts";

/** Numbers that give somebody away, and every way people spell a number. Invented. */
const PROVINCES = ["11", "13", "21", "32", "37", "41", "44", "51", "65"];
const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(""));
const two = (n: number) => String(n).padStart(2, "0");
const place = fc.tuple(fc.constantFrom(...PROVINCES), digits(4)).map((parts) => parts.join(""));
const birthday = fc
  .record({
    y: fc.integer({ min: 1921, max: 2024 }),
    m: fc.integer({ min: 1, max: 12 }),
    d: fc.integer({ min: 1, max: 28 }),
  })
  .map(({ y, m, d }) => `${y}${two(m)}${two(d)}`);

export const idNumbers = fc
  .tuple(place, birthday, digits(3))
  .map((parts) => parts.join(""))
  .map((first) => first + checkDigit(first).toUpperCase());
export const oldIdNumbers = fc
  .tuple(place, birthday, digits(3))
  .map(([where, born, rest]) => `${where}${born.slice(2)}${rest}`);
export const cards = fc
  .tuple(
    fc.constantFrom("622202", "621700", "623094", "436742", "552245", "955880", "601382"),
    fc.integer({ min: 16, max: 19 }),
    digits(13),
  )
  .map(([begin, length, rest]) => {
    const most = (begin + rest).slice(0, length - 1);
    return most + [..."0123456789"].find((last) => passesLuhn(most + last));
  });
export const mobiles = fc.tuple(fc.integer({ min: 3, max: 9 }), digits(9)).map(([second, rest]) => `1${second}${rest}`);

const SPELLINGS: readonly ((digit: string) => string)[] = [
  (digit) => digit,
  (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
  (digit) => [..."〇一二三四五六七八九"][Number(digit)] ?? digit,
  (digit) => [..."零壹贰叁肆伍陆柒捌玖"][Number(digit)] ?? digit,
  (digit) => [..."零壹貳參肆伍陸柒捌玖"][Number(digit)] ?? digit,
  (digit) => [..."⓪①②③④⑤⑥⑦⑧⑨"][Number(digit)] ?? digit,
  (digit) => [..."0❶❷❸❹❺❻❼❽❾"][Number(digit)] ?? digit,
  (digit) => `${digit}\ufe0f\u20e3`,
  (digit) => String.fromCodePoint(0x1d7ce + Number(digit)),
];
const JOINTS = [
  "",
  " ",
  "\u3000",
  "-",
  "—",
  ".",
  "·",
  "_",
  "/",
  "，",
  "、",
  "。",
  "；",
  "\n",
  "\u200b",
  "（",
  "）",
  "“",
  "”",
  "~",
  "|",
  "*",
];

/** The same number in a random spelling, digit by digit where `mixed`, with joints at random places. */
export const spelled = (numbers: fc.Arbitrary<string>) =>
  fc
    .record({
      number: numbers,
      mixed: fc.boolean(),
      spellings: fc.array(fc.constantFrom(...SPELLINGS), { minLength: 20, maxLength: 20 }),
      often: fc.constantFrom(0, 0.2, 1),
      joints: fc.array(fc.constantFrom(...JOINTS), { minLength: 20, maxLength: 20 }),
      chances: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 20, maxLength: 20 }),
    })
    .map(({ number, mixed, spellings, often, joints, chances }) =>
      Array.from(number, (digit, i) => {
        const spell = spellings[mixed ? i : 0] ?? String;
        const joint = i > 0 && (chances[i] ?? 1) < often ? joints[i] : "";
        return joint + (/\d/.test(digit) ? spell(digit) : digit);
      }).join(""),
    );

/** Ordinary words to hide a number in; none ends or begins with a digit in any spelling. */
const WORDS =
  "村委会通知明天上午文化大院开会请带好户口本到东头老槐树下集合停水检修路灯补贴名单公示栏，。！？：；、“”（）\n".split(
    "",
  );
export const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((all) => all.join(""));
