import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { parse as parseAtOnce } from "csv-parse/sync";
import iconv from "iconv-lite";
import type { FileKind } from "./kind.ts";
import { breathe, MAX_CELL, MAX_COLUMNS, MAX_ROWS, type Sheet, type SheetRow, SheetTrouble } from "./sheet.ts";

type Text = Extract<FileKind, { kind: "text" }>;

const SEPARATORS = [",", "\t", ";", "\uff0c", "|"] as const;
const SLICE = 64 * 1024;
const BATCH = 500;
/** A quote that nobody closes makes the rest of the file one record. */
const MAX_RECORD = 256 * 1024;
const DIALECT = { relax_column_count: true, relax_quotes: true, max_record_size: MAX_RECORD } as const;

/** CSV as Excel, WPS and people write it (RFC 4180 and whatever separator their language has). */
export function openCsv(file: Buffer, text: Text): Sheet {
  const sample = iconv.decode(file.subarray(text.skip, text.skip + SLICE), text.encoding);
  // Excel's own first line for its own reading.
  const told = /^sep=(.)\r?\n/i.exec(sample);
  const delimiter = told?.[1] ?? separatorOf(sample);
  return {
    kind: "csv",
    rows: () => readRows(file, text, delimiter, told ? 1 : 0),
    passedOver: () => ({ hiddenRows: 0, otherSheets: 0 }),
  };
}

async function* readRows(file: Buffer, text: Text, delimiter: string, skip: number): AsyncGenerator<SheetRow[]> {
  const parser = Readable.from(slices(file, text)).pipe(parse({ ...DIALECT, delimiter }));
  let row = 0;
  let filled = 0;
  let batch: SheetRow[] = [];
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row++;
      if (row <= skip || cells.every((cell) => cell.trim() === "")) continue;
      if (++filled > MAX_ROWS) throw new SheetTrouble(`文件超过 ${MAX_ROWS} 行，请分成几个文件传`);
      if (cells.length > MAX_COLUMNS) throw new SheetTrouble(`第 ${row} 行超过 ${MAX_COLUMNS} 列，请删掉用不着的列`);
      batch.push({ row, cells: cells.map((cell) => cell.slice(0, MAX_CELL)) });
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    throw error instanceof SheetTrouble ? error : new SheetTrouble(explain(error, row));
  } finally {
    parser.destroy();
  }
  if (batch.length > 0) yield batch;
}

/** Decoded by the piece; a character cut in two waits in the decoder for its other half. */
async function* slices(file: Buffer, { encoding, skip }: Text): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  for (let at = skip; at < file.length; at += SLICE) {
    yield decoder.write(file.subarray(at, at + SLICE));
    await breathe();
  }
  yield decoder.end() ?? "";
}

function explain(error: unknown, row: number): string {
  const code = (error as { code?: string }).code ?? "";
  return /QUOTE|MAX_RECORD/.test(code)
    ? `第 ${row + 1} 行起有一个引号没有配对，后面分不清哪是哪一格。请补上或删掉这个引号，再传一次`
    : `第 ${row + 1} 行读不懂。请在表格软件里另存为 xlsx 再传`;
}

/** The one that cuts the first lines into the most cells; a title above the table has none of any. */
function separatorOf(sample: string): string {
  const whole = sample.length < SLICE / 4 ? sample : sample.slice(0, sample.lastIndexOf("\n") + 1) || sample;
  const cellsWith = (delimiter: string): number => {
    try {
      const rows = parseAtOnce(whole, { ...DIALECT, delimiter, to: 20 }) as string[][];
      return rows.reduce((sum, cells) => sum + Math.min(cells.length, MAX_COLUMNS) - 1, 0);
    } catch {
      return 0;
    }
  };
  let [best, most] = [",", 0];
  for (const delimiter of SEPARATORS) {
    const cells = cellsWith(delimiter);
    if (cells > most) [best, most] = [delimiter, cells];
  }
  return best;
}
