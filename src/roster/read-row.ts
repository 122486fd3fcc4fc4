import { explainPhoneProblem, type PhoneNumber, parsePhone } from "../lib/phone.ts";
import { cleanText } from "../lib/text.ts";
import type { Places, RosterColumn } from "./roster-columns.ts";

/** One person of a roster file. `row` is the number that the spreadsheet shows. */
export type RosterRow = {
  row: number;
  household: string;
  name: string;
  phone: PhoneNumber | null;
  group: string | null;
  grid: string | null;
  tags: string[];
  cadre: string | null;
};

/** What is wrong with a row, and the remedy. */
export type RowProblem = { column: RosterColumn; code: string; message: string };

const LONGEST = 40;
const MOST_TAGS = 20;

/** A person, or everything that is wrong with him: whoever mends a file wants to do it once. */
export function readRow(
  row: number,
  record: readonly string[],
  places: Places,
): { person: RosterRow } | { problems: RowProblem[] } {
  const cell = (column: RosterColumn): string => {
    const place = places[column];
    return place === undefined ? "" : tidy(cleanText(record[place] ?? ""));
  };
  const problems: RowProblem[] = [];
  const wrong = (column: RosterColumn, code: string, message: string) => problems.push({ column, code, message });

  const household = cell("household");
  if (household === "") wrong("household", "missing_household", "没有填户号");
  else if (isFormula(household))
    wrong("household", "household_formula", `户号以“${household[0]}”开头，像公式，请直接填户号`);
  else if (isDate(household)) {
    wrong("household", "household_date", `户号像是被表格软件改成了日期：${household}。请把这一列设成“文本”，再填一次`);
  } else if (household.length > LONGEST) wrong("household", "household_too_long", `户号超过 ${LONGEST} 个字，请改短`);

  const name = joinHan(cell("name"));
  if (name === "") wrong("name", "missing_name", "没有填姓名");
  else if (isFormula(name)) wrong("name", "name_formula", `姓名以“${name[0]}”开头，像公式，请直接填姓名`);
  else if (/^[\d\s-]{5,}[\dXx]?$/.test(name)) wrong("name", "name_digits", "姓名里填的是号码，请填姓名");
  else if (name.length > LONGEST) wrong("name", "name_too_long", `姓名超过 ${LONGEST} 个字，请改短`);

  const written = cell("phone");
  const phone = parsePhone(written);
  if (!phone.ok && phone.refusal !== "empty") {
    wrong("phone", `phone_${phone.refusal}`, explainPhoneProblem(phone.refusal, written));
  }
  for (const column of ["group", "grid", "cadre"] as const) {
    if (cell(column).length > LONGEST) wrong(column, `${column}_too_long`, `这一格超过 ${LONGEST} 个字，请改短`);
  }
  const tags = readTags(cell("tags"));
  if (tags.length > MOST_TAGS || tags.some((tag) => tag.length > LONGEST)) {
    wrong("tags", "tags_too_long", "身份太长或太多，请用分号隔开，每个写短些");
  }
  if (problems.length > 0) return { problems };
  return {
    person: {
      row,
      household,
      name,
      phone: phone.ok ? phone.value : null,
      group: cell("group") || null,
      grid: cell("grid") || null,
      tags,
      cadre: joinHan(cell("cadre")) || null,
    },
  };
}

/** One line, one width: the same door typed on two keyboards is the same door. */
const tidy = (text: string): string =>
  text
    .replace(/[\uff01-\uff5e]/g, (wide) =>
      KEPT_WIDE.has(wide) ? wide : String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
    )
    .replace(/[\s\u3000]+/g, " ")
    .trim();

/** Punctuation that is Chinese, not a wide twin of ASCII. */
const KEPT_WIDE = new Set("\uff0c\uff01\uff1f\uff1a\uff08\uff09\uff1b");

/** 张　三 is spaced out so that it stands flush with 欧阳三. */
export const joinHan = (name: string): string =>
  /^[\p{Script=Han}· ]+$/u.test(name) ? name.replaceAll(" ", "") : name;

/** A text that a spreadsheet would run; "+86…" is a phone's way to begin. */
const isFormula = (text: string): boolean => /^[=+\-@]/.test(text);

/** 3-5 becomes one of these, and nobody can tell any more which door it was. */
const isDate = (text: string): boolean =>
  /^(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?$|^\d{1,2}月\d{1,2}日$|^\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/i.test(
    text,
  );

const readTags = (text: string): string[] => [
  ...new Set(
    text
      .split(/[;\uff1b、,\uff0c/|]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
  ),
];
