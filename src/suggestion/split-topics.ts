import { compareGists, gistOf } from "./kinship.ts";

/**
 * The parts of a text that speaks of several things, word for word as written: "1.路灯坏了 2.水停了", "一是…二是…",
 * "…，另外…，还有…". Empty where it speaks of one thing. It only offers: a person decides. Pure.
 */
export function splitTopics(text: string): string[] {
  // What stands before the first number is a greeting or a heading.
  const numbered = cutAt(text, NUMBERED).filter((part) => STARTS.test(part) && says(part));
  // "3.5米宽" is no list: the numbers count up from one.
  if (numbered.length >= 2 && countsUp(text)) return numbered.map(bare);
  const joined = cutAt(text, ALSO).filter(says);
  if (joined.length < 2) return [];
  return apart(joined) ? joined.map(bare) : [];
}

const MARK =
  "(?:[（(]?[1-9][.．、:：)）](?!\\d)|[①-⑨]|[一二三四五六七八九][、，,.．:：]|[一二三四五六]是|第[一二三四五六][,，、:：是])";
const NUMBERED = new RegExp(`(?<=^|[\\s。；;，,！!？?\\n:：]|\\p{Script=Han})(?=${MARK})`, "gu");
const STARTS = new RegExp(`^${MARK}`, "u");
const ALSO = /(?<=[。；;，,！!？?\n\s])(?=(?:另外|还有|再一个|再就是|再有|顺便|其次|第二)[^。]{3,})/gu;

function cutAt(text: string, marks: RegExp): string[] {
  const at = [...text.matchAll(marks)].map((match) => match.index);
  const borders = [0, ...at.filter((one) => one > 0), text.length];
  return borders.slice(1).map((end, i) => text.slice(borders[i], end));
}

/** A part says something: a heading ("有两件事：") or a greeting alone is none. */
function says(part: string): boolean {
  const words = bare(part).replace(
    /^(?:书记|主任|领导)?您?你?好?|(?:有|反映|说)(?:几|两|三|[2-9])(?:件|个)(?:事|问题)?/gu,
    "",
  );
  return (words.match(/\p{Script=Han}/gu) ?? []).length >= 3;
}

function countsUp(text: string): boolean {
  const values = [...text.matchAll(new RegExp(`(?<=^|[\\s。；;，,！!？?\\n:：]|\\p{Script=Han})${MARK}`, "gu"))].map(
    ([mark]) => {
      const found = /[1-9①-⑨一二三四五六七八九]/u.exec(mark)?.[0] ?? "";
      return (
        ["123456789", "①②③④⑤⑥⑦⑧⑨", "一二三四五六七八九"].map((row) => row.indexOf(found)).find((i) => i >= 0) ?? -1
      );
    },
  );
  return values.length >= 2 && values[0] === 0 && values.every((value, i) => value === i);
}

const LEADING = new RegExp(`^[\\s，,。；;]*(?:${MARK})?\\s*`, "u");
const bare = (part: string): string => part.replace(LEADING, "").replace(/[\s，,；;]+$/u, "");

/** "路灯坏了，还有两盏也不亮" is one thing. */
function apart(parts: readonly string[]): boolean {
  const gists = parts.map(gistOf);
  return gists.some((one, i) => i > 0 && compareGists(gists[0] ?? one, one) !== "same");
}
