/** A piece of a text beside an older one: kept, taken out, or put in. */
export type Piece = { kind: "same" | "out" | "in"; text: string };

/**
 * What changed from one text to another, character by character (Chinese has no words to cut at): the kept and the
 * new pieces together are the new text, the kept and the old ones the old. Longest common subsequence, so n·m steps:
 * for texts of at most a few thousand characters.
 */
export function diffTexts(before: string, after: string): Piece[] {
  const a = Array.from(before);
  const b = Array.from(after);
  const width = b.length + 1;
  // common[i · width + j]: the longest common subsequence of what follows a[i] and b[j].
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  const add = (kind: Piece["kind"], letter: string) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += letter;
    else pieces.push({ kind, text: letter });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add("same", a[i] ?? "");
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) add("out", a[i++] ?? "");
    else add("in", b[j++] ?? "");
  }
  return pieces;
}
