import type { Readable } from "node:stream";

/** A rectangle of cells joined into one; rows count from 1, columns from 0. */
export type Merge = { top: number; bottom: number; left: number; right: number };

const MOST = 300_000;

/**
 * The joined cells of a sheet. They are written after all of its rows, so they are looked for first, as plain text:
 * a joined 户号 beside four people is how most rosters on paper look, and only its first cell holds the number.
 */
export async function findMerges(part: Readable): Promise<Merge[]> {
  const merges: Merge[] = [];
  let tail = "";
  for await (const piece of part as AsyncIterable<Buffer>) {
    const text = tail + piece.toString("latin1");
    for (const [, from = "", to = ""] of text.matchAll(/mergeCell [^>]*?ref="([A-Z]+\d+):([A-Z]+\d+)"/g)) {
      if (merges.length >= MOST) break;
      const [start, end] = [readPlace(from), readPlace(to)];
      merges.push({ top: start.row, left: start.column, bottom: end.row, right: end.column });
    }
    // A tag cut in two: its beginning waits for the rest.
    const open = text.lastIndexOf("<");
    tail = open >= 0 && !text.includes(">", open) ? text.slice(open, open + 200) : "";
  }
  return merges.sort((a, b) => a.top - b.top || a.left - b.left);
}

/** `AB12` → row 12, column 27. */
export function readPlace(place: string): { row: number; column: number } {
  let column = 0;
  let at = 0;
  for (; at < place.length; at++) {
    const letter = place.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return { row: Number(place.slice(at)) || 0, column: column - 1 };
}

/** Fills the cells of a row that joined cells cover, top to bottom; to be asked row after row. */
export function mergeFiller(merges: readonly Merge[]): (row: number, cells: string[]) => void {
  let next = 0;
  let active: { merge: Merge; value: string }[] = [];
  return (row, cells) => {
    active = active.filter(({ merge }) => merge.bottom >= row);
    for (; next < merges.length && (merges[next] as Merge).top <= row; next++) {
      const merge = merges[next] as Merge;
      // Cells joined over each other, which no spreadsheet makes: more than a column each, and every row would ask all.
      if (merge.bottom < row || active.length > MOST_ACROSS) continue;
      active.push({ merge, value: merge.top === row ? (cells[merge.left] ?? "") : "" });
    }
    for (const { merge, value } of active) {
      if (value === "") continue;
      for (let column = merge.left; column <= Math.min(merge.right, MOST_ACROSS); column++) {
        while (cells.length < column) cells.push("");
        if (!cells[column]) cells[column] = value;
      }
    }
  };
}

const MOST_ACROSS = 300;
