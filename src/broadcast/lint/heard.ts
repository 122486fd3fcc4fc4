import { foldCharacter } from "../../lib/fold-character.ts";
import { findRuns, type Run } from "../../lib/numbers/runs.ts";

/**
 * A text as the rules hear it: folded for width, letter case and script, without spaces and without what nobody sees,
 * so that "验 證 码" is a "验证码". Each folded unit knows its place in the original, because a finding points there.
 */
export type Heard = {
  text: string;
  /** Where the body ends and the options of a poll begin, each on a line of its own. */
  bodyEnd: number;
  folded: string;
  runs: readonly Run[];
  /** Where a stretch of the folded text stands in the original. */
  place(from: number, to: number): { from: number; to: number };
};

export function hearNotice(body: string, options: readonly string[] = []): Heard {
  const text = [body, ...options].join("\n");
  let folded = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    const heard = foldCharacter(character);
    folded += heard;
    for (let i = 0; i < heard.length; i++) {
      starts.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }
  const place = (from: number, to: number) => ({ from: starts[from] ?? text.length, to: ends[to - 1] ?? text.length });
  return { text, bodyEnd: body.length, folded, runs: findRuns(text), place };
}

/** Every place where the pattern (with the flag `g`) fits the folded text. */
export function findAll(heard: Heard, pattern: RegExp) {
  return [...heard.folded.matchAll(pattern)].map((match) => ({
    words: match[0],
    groups: match,
    before: heard.folded.slice(0, match.index),
    after: heard.folded.slice(match.index + match[0].length),
    at: heard.place(match.index, match.index + match[0].length),
  }));
}
export type Match = ReturnType<typeof findAll>[number];

/** The sentence around a match, in three pieces. */
export function sentenceOf({ words, before, after }: Match): { before: string; words: string; after: string } {
  return {
    before: /[^。！？!?;\n]*$/.exec(before)?.[0] ?? "",
    words,
    after: /^[^。！？!?;\n]*/.exec(after)?.[0] ?? "",
  };
}
