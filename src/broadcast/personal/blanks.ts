import { foldForms } from "../../lib/fold.ts";
import { nearest } from "../../lib/nearest.ts";

/**
 * Blanks of a notice: {{姓名}} stands for something else in each household's text. People type them with spaces, with
 * the braces of a Chinese keyboard, in traditional characters: all of these are the same blank. A single brace is a
 * letter like any other, and what a blank is filled with is never looked through for blanks again.
 */
const BLANK = /[{｛][{｛]([^{}｛｝\n]{1,40})[}｝][}｝]/gu;

/** What the roster knows of every household; any other name stands in the table that came with the notice. */
export const ROSTER_BLANKS = ["姓名", "户号", "小组", "网格", "联户干部"] as const;

/** The one spelling of a blank's name: `{{ 金　额 }}` and the heading `金額` of a table are both 金额. */
export const blankName = (written: string): string => foldForms(written).replace(/\s+/gu, "");

/** The names of a text's blanks, each once, in the order in which they come. */
export const findBlanks = (body: string): string[] => [
  ...new Set([...body.matchAll(BLANK)].map(([, written = ""]) => blankName(written)).filter((name) => name !== "")),
];

type Filled = { text: string; missing: string[] };
/** `values`: by the names that `findBlanks` gives. What has no value, or an empty one, stays as written and is told. */
export const fillBlanks = (body: string, values: Readonly<Record<string, string>>): Filled => blankFiller(body)(values);

/** The same for the households of a village, whose blanks need to be read only once. */
export function blankFiller(body: string): (values: Readonly<Record<string, string>>) => Filled {
  const names = new Map([...body.matchAll(BLANK)].map(([blank, written = ""]) => [blank, blankName(written)]));
  return (values) => {
    const missing = new Set<string>();
    const text = body.replace(BLANK, (blank) => {
      const name = names.get(blank) ?? "";
      if (name === "") return blank;
      const value = Object.hasOwn(values, name) ? (values[name] ?? "").trim() : "";
      if (value === "") missing.add(name);
      return value === "" ? blank : value;
    });
    return { text, missing: [...missing] };
  };
}

/**
 * Why a text with these blanks cannot be filled, in words, or null: a name that neither the roster nor the table has,
 * or braces that were meant as a blank and are none. Villagers would read the braces.
 */
export function blankProblem(body: string, tableNames: readonly string[]): string | null {
  const known = [...ROSTER_BLANKS, ...tableNames];
  const unknown = findBlanks(body).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    return near === null
      ? `不知道“{{${unknown}}}”填什么：请附上有“${unknown}”这一列的表格，或者改成名册里有的：${ROSTER_BLANKS.join("、")}`
      : `没有“{{${unknown}}}”这一项，是不是“{{${near}}}”？不是的话，请附上有“${unknown}”这一列的表格`;
  }
  const rest = body.replace(BLANK, (blank, written: string) => (blankName(written) === "" ? blank : ""));
  const broken = /[{｛]\s*[{｛][^{}｛｝\n]{0,12}|[^{}｛｝\n]{0,12}[}｝]\s*[}｝]/u.exec(rest)?.[0];
  if (broken !== undefined) return `“${broken.trim()}”的括号没写完整，要填的地方请写成 {{姓名}} 这样`;
  const single = [...rest.matchAll(/[{｛]([^{}｛｝\n]{1,40})[}｝]/gu)].find(([, name = ""]) =>
    known.includes(blankName(name)),
  );
  return single ? `“${single[0]}”少了一层括号，请写成 {{${blankName(single[1] ?? "")}}}` : null;
}
