import { maskPhone, parsePhone } from "../lib/phone.ts";
import { shorten } from "../lib/text.ts";
import { COLUMN_NAMES, type Layout, ROSTER_COLUMNS } from "./roster-columns.ts";
import type { RejectedDetail } from "./staged-detail.ts";

export type ShownCell = { name: string; text: string; wrong: boolean };

/** A row that was not taken, cell by cell in the file's order, the wrong ones marked; a good phone stays masked. */
export function placeCells(
  { places }: Layout,
  { cells, problems }: RejectedDetail,
): {
  cells: ShownCell[];
  remedies: string[];
} {
  const wrong = new Set(problems.map((problem) => problem.column));
  const columns = ROSTER_COLUMNS.filter(
    (column) => places[column] !== undefined && (wrong.has(column) || cells[places[column]]),
  );
  return {
    cells: columns
      .sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))
      .map((column) => {
        const text = shorten(cells[places[column] ?? -1] ?? "", 40);
        const phone = column === "phone" ? parsePhone(text) : null;
        return {
          name: COLUMN_NAMES[column],
          text: phone?.ok ? maskPhone(phone.value) : text,
          wrong: wrong.has(column),
        };
      }),
    remedies: problems.map((problem) => problem.message),
  };
}
