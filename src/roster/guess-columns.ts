import { parsePhone } from "../lib/phone.ts";
import type { SheetRow } from "../lib/sheet/sheet.ts";
import type { Places } from "./roster-columns.ts";

/**
 * A list without headings: what a column holds tells what it is. Only a proposal, a person confirms it. Most of the
 * cells must agree; the door is the first column that is left over.
 */
export function guessColumns(rows: readonly SheetRow[]): Places {
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  const columns = Array.from({ length: width }, (_, place) =>
    rows.map((row) => (row.cells[place] ?? "").trim()).filter((cell) => cell !== ""),
  );
  const find = (fits: (cell: string) => boolean, taken: readonly (number | undefined)[]): number | undefined => {
    const place = columns.findIndex(
      (cells, at) => !taken.includes(at) && cells.length > 0 && cells.filter(fits).length * 5 >= cells.length * 3,
    );
    return place < 0 ? undefined : place;
  };
  const phone = find((cell) => parsePhone(cell).ok, []);
  const name = find((cell) => /^\p{Script=Han}{2,4}$/u.test(cell) && !/[组格村队户]$/.test(cell), [phone]);
  const household = find((cell) => /\d/.test(cell) && cell.length <= 12, [phone, name]);
  return Object.fromEntries(Object.entries({ household, name, phone }).filter(([, place]) => place !== undefined));
}
