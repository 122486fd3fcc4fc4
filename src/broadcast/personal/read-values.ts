import { parse } from "csv-parse/sync";
import { invalid, type Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { openSheet, orTrouble } from "../../lib/sheet/open-sheet.ts";
import { MAX_TABLE_ROWS, type TableRow } from "./value-table.ts";

/** A hundred thousand doors with a few columns each. */
export const MOST_VALUE_BYTES = 10 * 1024 * 1024;

/** What is copied out of a spreadsheet, or typed with commas: `户号⇥金额⏎12⇥350.00`. */
export function readPasted(text: string): Outcome<TableRow[]> {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = ["\t", ",", "，", ";"].find((one) => first.includes(one)) ?? ",";
  try {
    const records = parse(text, { delimiter, relax_column_count: true, relax_quotes: true, bom: true }) as string[][];
    return ok(records.map((cells, i) => ({ row: i + 1, cells })));
  } catch {
    return invalid({ field: "table", message: "表格读不懂：请从表格软件里复制整块再贴进来，第一行是户号和名称" });
  }
}

/** The same from a file, CSV of any dialect or XLSX; null: none was chosen. */
export async function readValueFile(file: Buffer | null): Promise<Outcome<TableRow[]>> {
  const wrong = (message: string) => invalid({ field: "file", message });
  if (!file || file.length === 0) return wrong("请选一个文件");
  const opened = await openSheet(file);
  if (!opened.ok) return wrong(opened.refusal.message);
  return await orTrouble(async () => {
    const rows: TableRow[] = [];
    for await (const batch of opened.value.rows()) {
      rows.push(...batch);
      if (rows.length > MAX_TABLE_ROWS + 1) return wrong(`最多 ${MAX_TABLE_ROWS} 行，请看看是不是选错了`);
    }
    return ok(rows);
  });
}
