import { findMerges, type Merge, mergeFiller, readPlace } from "./merges.ts";
import { MAX_CELL, MAX_COLUMNS, MAX_ROWS, type Sheet, type SheetRow, SheetTrouble } from "./sheet.ts";
import { type Archive, openZip } from "./unzip.ts";
import { readWorkbook, type Workbook } from "./workbook.ts";
import { type Attributes, type Listener, streamXml } from "./xml.ts";

const BATCH = 500;

/** XLSX (ECMA-376): the first sheet that is not hidden and has anything in it. */
export async function openXlsx(file: Buffer): Promise<Sheet> {
  try {
    return await openFirst(await openZip(file));
  } catch (error) {
    if (error instanceof SheetTrouble || error instanceof TypeError) throw error;
    // Whatever else yauzl and zlib throw at is what was in the file.
    throw new SheetTrouble("这个文件坏了，解不开。请在 Excel 或 WPS 里打开，另存为 xlsx 再传");
  }
}

async function openFirst(archive: Archive): Promise<Sheet> {
  const workbook = await readWorkbook(archive);
  for (const path of workbook.sheets) {
    const merges = await mergesOf(archive, path);
    const passed = { hiddenRows: 0, otherSheets: workbook.sheets.length - 1 };
    const rows = () => readSheet(archive, workbook, path, merges, passed);
    const first = rows();
    const isEmpty = (await first.next()).done;
    await first.return(undefined);
    if (!isEmpty) return { kind: "xlsx", rows, passedOver: () => passed };
  }
  throw new SheetTrouble("这个表格里没有内容。名单若在隐藏的工作表里，请先取消隐藏，再传一次");
}

async function mergesOf(archive: Archive, path: string): Promise<Merge[]> {
  const part = await archive.stream(path);
  return part ? await findMerges(part) : [];
}

async function* readSheet(
  archive: Archive,
  workbook: Workbook,
  path: string,
  merges: readonly Merge[],
  passed: { hiddenRows: number },
): AsyncGenerator<SheetRow[]> {
  const part = await archive.stream(path);
  if (!part) return;
  passed.hiddenRows = 0;
  const ready: SheetRow[] = [];
  const fill = mergeFiller(merges);
  let filled = 0;
  const take = (row: number, cells: string[], hidden: boolean) => {
    fill(row, cells);
    if (cells.every((cell) => cell.trim() === "")) return;
    if (hidden) {
      passed.hiddenRows++;
      return;
    }
    if (++filled > MAX_ROWS) throw new SheetTrouble(`表格超过 ${MAX_ROWS} 行，请分成几个文件传`);
    ready.push({ row, cells });
  };
  for await (const _ of streamXml(part, listenToRows(workbook, take)))
    while (ready.length >= BATCH) yield ready.splice(0, BATCH);
  if (ready.length > 0) yield ready;
}

/** Puts the cells of each row together; `take` gets a row when it is complete. */
function listenToRows(workbook: Workbook, take: (row: number, cells: string[], hidden: boolean) => void): Listener {
  const hiddenColumns = new Set<number>();
  let row = 0;
  let hidden = false;
  let cells: string[] = [];
  let column = -1;
  let cell: Attributes = {};
  let [value, formula] = ["", ""];
  let reading: "value" | "formula" | null = null;
  let phonetic = false;

  return {
    open(name, attributes) {
      switch (name) {
        case "col":
          if (isTrue(attributes.hidden)) hideColumns(hiddenColumns, attributes);
          break;
        case "row":
          row = numberOf(attributes.r, row);
          hidden = isTrue(attributes.hidden);
          cells = [];
          column = -1;
          break;
        case "c":
          column = attributes.r ? readPlace(attributes.r).column : column + 1;
          cell = attributes;
          [value, formula] = ["", ""];
          break;
        case "v":
        case "t":
          reading = phonetic ? null : "value";
          break;
        case "f":
          reading = "formula";
          break;
        case "rPh":
          phonetic = true;
      }
    },
    text(text) {
      if (reading === "value" && value.length < MAX_CELL) value += text;
      else if (reading === "formula" && formula.length < MAX_CELL) formula += text;
    },
    close(name) {
      if (name === "v" || name === "t" || name === "f") reading = null;
      else if (name === "rPh") phonetic = false;
      else if (name === "row") take(row, cells, hidden);
      if (name !== "c" || hiddenColumns.has(column)) return;
      const text = showCell(workbook, cell, value, formula).slice(0, MAX_CELL);
      if (text === "") return;
      if (column >= MAX_COLUMNS) throw new SheetTrouble(`第 ${row} 行超过 ${MAX_COLUMNS} 列，请删掉用不着的列`);
      while (cells.length < column) cells.push("");
      cells[column] = text;
    },
  };
}

/** Rows count upwards, and Excel has no more; what a file says otherwise is made up, and its next row is the next. */
function numberOf(written: string | undefined, before: number): number {
  const number = Number(written);
  return Number.isInteger(number) && number > before && number <= LAST_ROW ? number : before + 1;
}
const LAST_ROW = 1_048_576;

const isTrue = (flag: string | undefined): boolean => flag === "1" || flag === "true";

function hideColumns(hidden: Set<number>, { min, max }: Attributes): void {
  for (let column = Number(min) - 1; column < Math.min(Number(max), MAX_COLUMNS); column++) hidden.add(column);
}

/** As the spreadsheet shows it, near enough. A formula that nobody has reckoned is shown as one, for the rules to refuse. */
function showCell(workbook: Workbook, { t, s }: Attributes, value: string, formula: string): string {
  if (value === "") return formula === "" ? "" : `=${formula}`;
  switch (t) {
    case "s":
      return workbook.strings[Number(value)] ?? "";
    case "b":
      return value === "1" ? "是" : "否";
    case "inlineStr":
    case "str":
    case "e":
      return value;
    case "d":
      return value.slice(0, 10);
    default:
      return showNumber(workbook, value, Number(s ?? 0));
  }
}

function showNumber(workbook: Workbook, value: string, style: number): string {
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  const format = workbook.formatOf(style);
  if (format.kind === "date") return showDate(number, workbook.since1904);
  // A phone is stored as 13800000003 or as 1.3800000003E10; both are this whole number.
  const plain = Number.isSafeInteger(number) ? number.toFixed(0) : String(number);
  return format.kind === "padded" ? plain.padStart(format.digits, "0") : plain;
}

/** Days since the last day of 1899, one of which never was (29 February 1900). */
function showDate(days: number, since1904: boolean): string {
  const at = new Date(Math.round((days + (since1904 ? 1462 : 0) - 25_569) * 86_400_000));
  return Number.isNaN(at.getTime()) ? String(days) : at.toISOString().slice(0, 10);
}
