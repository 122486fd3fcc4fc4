import { foldCharacter } from "../fold-character.ts";

/**
 * Digits that stand together, however they are spelled: 138 0000 0001, 一三八…, ①③⑧, １３８, "1.3.8", l38. What
 * parts them (spaces, dashes, any punctuation, a line's end) is a joint; any other character ends the run, and so do two
 * or more asterisks, because then somebody has masked the number.
 */
export type Run = {
  /** `0`–`9`, and `x`, which ends some ID numbers. */
  digits: string;
  /** Where each digit stands in the original. */
  places: { from: number; to: number }[];
  /** What stands between digit `i - 1` and `i`: "" where nothing does. */
  joints: string[];
  /** What stands before and behind it in the original. */
  before: string;
  after: string;
};

export function findRuns(text: string): Run[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  let joint = "";
  let at = 0;
  const characters = Array.from(text);
  characters.forEach((character, i) => {
    const from = at;
    at += character.length;
    const spelled = spellOf(character) ?? lookAlike(character, characters[i - 1], characters[i + 1]);
    if (spelled !== null) {
      run ??= { digits: "", places: [], joints: [], before: text.slice(Math.max(0, from - NEARBY), from), after: "" };
      for (const digit of spelled) {
        run.digits += digit;
        run.places.push({ from, to: at });
        run.joints.push(joint);
        joint = "";
      }
    } else if (run) {
      joint += character;
      if (!JOINT.test(character) || joint.length > LONGEST_JOINT || MASK.test(joint)) {
        run.after = text.slice(run.places.at(-1)?.to, (run.places.at(-1)?.to ?? 0) + NEARBY);
        runs.push(run);
        run = null;
        joint = "";
      }
    }
  });
  if (run) runs.push({ ...(run as Run), after: "" });
  return runs;
}

const NEARBY = 16;
const LONGEST_JOINT = 12;
const JOINT = /[\p{Z}\p{P}\p{S}\p{C}\p{M}\s\u115f\u1160\u3164\uffa0]/u;
/** 138****0001, 3701●●●●1234. One of them alone only parts digits. */
const MASK = /[*＊×●■█]\s?[*＊×●■█]/u;

const SPELLED: Readonly<Record<string, string>> = {
  ...{ 〇: "0", 零: "0", "○": "0", "◯": "0", 一: "1", 二: "2", 三: "3", 四: "4", 五: "5", 六: "6", 七: "7", 八: "8" },
  ...{ 九: "9", 壹: "1", 贰: "2", 叁: "3", 参: "3", 肆: "4", 伍: "5", 陆: "6", 柒: "7", 捌: "8", 玖: "9", 幺: "1" },
  ...{ 弌: "1", 弍: "2", 弎: "3", 亖: "4", 两: "2", 洞: "0", 拐: "7", 勾: "9", x: "x", 叉: "x" },
  // As market scales have them.
  ...{ 〡: "1", 〢: "2", 〣: "3", 〤: "4", 〥: "5", 〦: "6", 〧: "7", 〨: "8", 〩: "9" },
};

const KNOWN = new Map<string, string | null>();
/** ⑩ is two digits in one place; ㈠ and ⒈ bring their own punctuation. Null for what is none. */
function spellOf(character: string): string | null {
  const known = KNOWN.get(character);
  if (known !== undefined) return known;
  const spelled = readSpelled(character);
  if (KNOWN.size < MOST_KNOWN) KNOWN.set(character, spelled);
  return spelled;
}
/** As in fold-character.ts. */
const MOST_KNOWN = 20_000;

function readSpelled(character: string): string | null {
  const folded = foldCharacter(character).replace(/[().]/g, "");
  if (folded === "") return null;
  const digits = Array.from(folded, (one) => (/\d/.test(one) ? one : SPELLED[one]));
  return digits.every((one) => one !== undefined) ? digits.join("") : null;
}

/** An o or l that touches a digit is read as one. */
function lookAlike(character: string, before = "", after = ""): string | null {
  const digit = { o: "0", l: "1", i: "1" }[foldCharacter(character)];
  return digit && [before, after].some((one) => /^[\dol]$/.test(foldCharacter(one))) ? digit : null;
}

/** Digits `from` up to `to` of a run that could be one number: nothing of the same unbroken piece is left outside. */
export const isWhole = (run: Run, from: number, to: number): boolean =>
  isBorder(run, from) && isBorder(run, to) && from >= 0 && to <= run.digits.length;
const isBorder = ({ digits, joints }: Run, i: number): boolean =>
  i === 0 || i >= digits.length || joints[i] !== "" || digits[i - 1] === "x" || digits[i] === "x";

export const isUnbroken = ({ joints }: Run, from: number, to: number): boolean =>
  joints.slice(from + 1, to).every((joint) => joint === "");

/** 6222 0212 3456 7890 123: as a card has them printed. */
export const isInFours = ({ joints }: Run, from: number, to: number): boolean =>
  joints.slice(from + 1, to).every((joint, i) => (joint !== "") === (i % 4 === 3));

/** A moment, a span of hours or days and nothing else: many digits that say nothing of anybody. */
export const isTime = (run: Run, text: string): boolean => TIMES.test(writtenAs(run, text));

/** "156、142、133、98票": a row of amounts with their unit behind it. */
export const isRow = (run: Run, text: string): boolean => UNIT.test(run.after) && ROW.test(writtenAs(run, text));

const writtenAs = ({ places }: Run, text: string): string =>
  text.slice(places[0]?.from ?? 0, places.at(-1)?.to ?? 0).normalize("NFKC");
const TIMES = /^(?:(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?)(?:[\s,、;~—–-]+|$))+$/;
const AMOUNT = "(?:0|[1-9]\\d{0,6})(?:\\.\\d{1,2})?";
const ROW = new RegExp(`^${AMOUNT}(?:[,、;]\\s*${AMOUNT}){2,}$`);
const UNIT = /^\s*(?:[元票户亩人斤个栋幢米岁天名只头吨方度盏棵块件本份袋组%]|公里|公斤|平方|立方|万)/;
