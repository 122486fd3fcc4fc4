import { fold } from "./fold.ts";

/**
 * Of the names that exist the one that somebody most likely meant, or null where none is near: letters that differ are
 * counted (Levenshtein), 二组 and 2组 are the same, and a name that only lacks a beginning or an end is near.
 */
export function nearest(wanted: string, known: readonly string[]): string | null {
  const like = foldName(wanted);
  if (like === "") return null;
  let best: { name: string; far: number } | null = null;
  for (const name of known) {
    const other = foldName(name);
    const contained = other !== "" && (other.includes(like) || like.includes(other));
    const far = contained ? Math.min(0.5, distance(like, other)) : distance(like, other);
    if (far <= Math.max(1, Math.floor(Math.max(like.length, other.length) / 3)) && (best === null || far < best.far))
      best = { name, far };
  }
  return best?.name ?? null;
}

/** `没有“二租”这个小组，是不是“二组”？`: what a refusal says of a name that nobody has. */
export function sayUnknown(wanted: string, what: string, known: readonly string[]): string {
  const near = nearest(wanted, known);
  return `没有“${wanted}”这个${what}${near === null ? "" : `，是不是“${near}”？`}`;
}

/** Two names that fold alike are one name, written differently. */
export const foldName = (name: string): string =>
  fold(name).replace(/[一二三四五六七八九]/g, (digit) => String("一二三四五六七八九".indexOf(digit) + 1));

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
