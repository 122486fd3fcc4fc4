import { countSegments } from "../../message/segments.ts";
import { writeSignature } from "../../village/village.ts";

/** More parts than this nobody reads: it belongs on the board. */
export const MOST_PARTS = 20;

/**
 * Cuts a text into pieces of at most so many UTF-16 units, after a sentence where one ends in reach, else after a
 * clause, else between two characters; inside a number with its unit, a title in 《》 or a blank only where one of them
 * alone is longer than a piece, and never inside what is one character to the eye. The pieces joined are the text.
 */
export function cutSeries(text: string, unitsPerPart: number): string[] {
  const cuts = rankCuts(text);
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = from + unitsPerPart >= text.length ? text.length : bestCut(text, cuts, from, from + unitsPerPart);
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces;
}

/**
 * The numbered bodies of a series, each within so many segments with the signature and its mark `（1/3）`. One body
 * without a mark where the text fits.
 */
export function writeSeries(text: string, signature: string, segmentsPerPart: number): string[] {
  const bare = text.trim();
  const sign = writeSignature(signature);
  if (countSegments(sign + bare).segments <= segmentsPerPart) return [bare];
  // A pair of surrogates at a border leaves one unit of it empty.
  const room = segmentsPerPart === 1 ? 70 : 67 * segmentsPerPart - (segmentsPerPart - 1);
  for (let guess = 9; ; guess = guess * 10 + 9) {
    const left = room - sign.length - writeMark(guess, guess).length;
    const pieces = cutSeries(bare, left)
      .map((piece) => piece.trim())
      .filter((piece) => piece !== "");
    if (pieces.length <= guess) return pieces.map((piece, i) => writeMark(i + 1, pieces.length) + piece);
  }
}

const writeMark = (part: number, parts: number): string => `（${part}/${parts}）`;

/** Where one may cut, and how well: 0 after a sentence, 1 after a clause, 2 between characters, 3 in a number or title. */
function rankCuts(text: string): Map<number, number> {
  const ranks = new Map<number, number>();
  for (const { index } of GRAPHEMES.segment(text)) if (index > 0) ranks.set(index, 2);
  for (const [pattern, rank] of [
    [SENTENCE_END, 0],
    [CLAUSE_END, 1],
  ] as const) {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if ((ranks.get(end) ?? -1) > rank) ranks.set(end, rank);
    }
  }
  for (const match of text.matchAll(KEPT_WHOLE)) {
    for (let i = match.index + 1; i < match.index + match[0].length; i++) if (ranks.has(i)) ranks.set(i, 3);
  }
  return ranks;
}

const GRAPHEMES = new Intl.Segmenter("zh", { granularity: "grapheme" });
const SENTENCE_END = /[。！？!?\n]+[”’」』）)]*\s*/g;
const CLAUSE_END = /[；;，,、：:]+[”’」』）)]*\s*/g;
const KEPT_WHOLE =
  /《[^》\n]*》|[{｛]{2}[^{}｛｝]*[}｝]{2}|[〔（(]?[\d０-９](?:[\d０-９.,:：〕）()／/%％-]*[\d０-９〕%％])?[年月日号点时分元角亩户人岁个天斤吨米度条组万亿]?/g;

/** The last of the best cuts in reach; in one character to the eye that is longer than a piece, between code points. */
function bestCut(text: string, cuts: ReadonlyMap<number, number>, from: number, until: number): number {
  let best = 0;
  let rank = 4;
  for (let at = until; at > from && rank > 0; at--) {
    const here = cuts.get(at) ?? 4;
    if (here < rank) {
      best = at;
      rank = here;
    }
  }
  if (rank < 4) return best;
  return /[\udc00-\udfff]/.test(text[until] ?? "") ? until - 1 : until;
}
