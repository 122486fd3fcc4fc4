import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { SheetRow } from "../lib/sheet/sheet.ts";
import type { Work } from "../queue/work.ts";
import {
  COLUMN_NAMES,
  HEADER_WITHIN,
  isComplete,
  type Places,
  ROSTER_COLUMNS,
  type RosterColumn,
} from "./roster-columns.ts";
import { moveImport, type RosterImport } from "./roster-imports.queries.ts";

/** A person says which row has the headings (0: none) and which column is what; the file is compared anew. */
export async function nameColumns(
  work: Work,
  item: RosterImport,
  typed: Readonly<Record<string, string>>,
): Promise<Outcome<null>> {
  const top = openTop(work, item);
  const header = Number(/^\d{1,7}$/.exec(typed.header ?? "")?.[0] ?? item.layout.header);
  if (header !== 0 && !top.slice(0, HEADER_WITHIN).some((one) => one.row === header)) {
    return invalid({ field: "header", message: "请选表头在第几行" });
  }
  const read = readPlaces(typed);
  if (!read.ok) return read;
  const titles = top.find((one) => one.row === header)?.cells ?? [];
  const layout = JSON.stringify({ header, titles, places: read.value, ready: true });
  if (!(await moveImport(work.tx, item.id, ["uploaded", "previewed"], "uploaded", { layout }))) {
    return refusal("move_not_allowed", "这份名单已经在导入，改不了列了");
  }
  work.ring({ queue: "import-roster", payload: { importId: item.id } });
  return ok(null);
}

/** `column-3` → `phone`. */
function readPlaces(typed: Readonly<Record<string, string>>): Outcome<Places> {
  const places: Places = {};
  const errors: FieldError[] = [];
  for (const [field, wanted] of Object.entries(typed)) {
    const place = /^column-(\d{1,3})$/.exec(field)?.[1];
    const column = ROSTER_COLUMNS.find((one) => one === wanted) as RosterColumn | undefined;
    if (place === undefined || column === undefined) continue;
    if (places[column] !== undefined) errors.push({ field, message: `“${COLUMN_NAMES[column]}”选了两列，请只留一列` });
    places[column] = Number(place);
  }
  if (errors.length > 0) return invalid(...errors);
  if (!isComplete(places)) {
    const missing = (["household", "name"] as const).filter((column) => places[column] === undefined);
    const names = missing.map((column) => `“${COLUMN_NAMES[column]}”`).join("和");
    return invalid({ field: "columns", message: `请选出哪一列是${names}` });
  }
  return ok(places);
}

export const openTop = (work: Work, { top }: RosterImport): SheetRow[] =>
  top ? (JSON.parse(work.sealer.openBytes(top).toString()) as SheetRow[]) : [];
