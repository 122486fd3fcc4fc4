import { parse } from "csv-parse/sync";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { readEntry, type TypedEntry } from "./read-entry.ts";
import { type EntryWords, MOST_ENTRIES } from "./sheet.ts";

const TITLES: Record<keyof TypedEntry | "income" | "expense" | "balance", readonly string[]> = {
  day: ["日期", "时间", "入账日期", "记账日期", "day", "date"],
  kind: ["收支", "收或支", "收支类型", "类型", "kind"],
  purpose: ["摘要", "用途", "来源", "来源或用途", "来源/用途", "事由", "项目", "内容", "purpose"],
  amount: ["金额", "金额(元)", "数额", "amount"],
  category: ["类别", "科目", "分类", "category"],
  via: ["方式", "收付方式", "付款方式", "via"],
  handler: ["经手人", "经办人", "handler"],
  voucher: ["凭证号", "凭证", "票号", "单据号", "voucher"],
  income: ["收入", "收入金额", "收入(元)", "收入金额(元)", "income"],
  expense: ["支出", "支出金额", "支出(元)", "支出金额(元)", "expense"],
  // An account book's running balance: ours is reckoned.
  balance: ["余额", "结余", "余额(元)", "结余(元)", "balance"],
};
type Title = keyof typeof TITLES;

/** The rows of a month, as they were copied out of a spreadsheet or stood in a file; the first row is the heading. */
export function readTable(text: string, month: string): Outcome<EntryWords[]> {
  const wrong = (message: string) => invalid({ field: "table", message });
  let records: string[][];
  try {
    const delimiter = delimiterOf(text);
    // What Excel copies is not quoted; a lone quote in a cell is a letter like another.
    records = parse(text.trimEnd(), {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      bom: true,
    }) as string[][];
  } catch {
    return wrong("表格读不懂：有一处引号没有收尾，请从表格软件里重新复制");
  }
  // A title may stand above the heading.
  const top = Math.max(
    0,
    records.slice(0, 5).findIndex((record) => record.some((cell) => titleOf(cell) === "day")),
  );
  const [header = [], ...body] = records.slice(top);
  const places = header.map(titleOf);
  const has = (title: Title) => places.includes(title);
  if (!has("day") || !has("purpose") || !(has("amount") || (has("income") && has("expense")))) {
    return wrong("第一行要是表头：日期、收支、摘要、金额；或者日期、摘要、收入、支出");
  }
  const twice = places.find((title, i) => title !== null && places.indexOf(title) !== i);
  if (twice) return wrong(`表头里“${TITLES[twice][0]}”有两列，请去掉一列`);
  const rows: EntryWords[] = [];
  const problems: string[] = [];
  for (const [index, record] of body.entries()) {
    if (record.every((cell) => cell.trim() === "")) continue;
    const typed = sortOut(places, record);
    const read = typeof typed === "string" ? typed : readEntry(typed, month);
    const at = `第 ${top + index + 2} 行：`;
    if (typeof read === "string") problems.push(at + read);
    else if (read.ok) rows.push(read.value);
    else problems.push(at + read.refusal.map((one) => one.message).join("；"));
  }
  if (problems.length > 0) {
    const shown = problems.slice(0, MOST_SHOWN);
    const rest = problems.length - shown.length;
    return invalid(
      ...shown.map((message) => ({ field: "table", message })),
      ...(rest > 0 ? [{ field: "table", message: `还有 ${rest} 行要改，先改好上面这些` }] : []),
    );
  }
  if (rows.length === 0) return wrong("表头下面没有一笔账");
  if (rows.length > MOST_ENTRIES) return wrong(`一个月最多 ${MOST_ENTRIES} 笔，这里有 ${rows.length} 笔`);
  return ok(rows);
}

const MOST_SHOWN = 20;

const titleOf = (cell: string): Title | null => {
  const plain = cell
    .normalize("NFKC")
    .replace(/[\s\ufeff]/g, "")
    .toLowerCase();
  return (Object.keys(TITLES) as Title[]).find((title) => TITLES[title].includes(plain)) ?? null;
};

/** The cells under their names; with a column for either side, the one that is filled says which side it is. */
function sortOut(places: readonly (Title | null)[], record: readonly string[]): TypedEntry | string {
  const cells: Partial<Record<Title, string>> = {};
  for (const [i, title] of places.entries()) if (title) cells[title] = (record[i] ?? "").trim();
  const extra = record.slice(places.length).some((cell) => cell.trim() !== "");
  if (extra) return "比表头多出几格，请看看是不是有逗号把一格分成了两格";
  const { income = "", expense = "", balance: _, ...typed } = cells;
  const filled = (cell: string) => cell !== "" && !/^[0.]+$|^[-–—]$/.test(cell);
  if (filled(income) && filled(expense)) return "收入和支出都填了，一行只能记一边，请分成两行";
  if (filled(income)) return { ...typed, kind: "income", amount: income };
  if (filled(expense)) return { ...typed, kind: "expense", amount: expense };
  return typed;
}

function delimiterOf(text: string): string {
  const head = text.split(/\r?\n/, 5).join("\n");
  const count = (delimiter: string) => head.split(delimiter).length;
  return ["\t", ",", ";"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** As it would have been copied out of a spreadsheet: a line for each of its rows, also of those without a word. */
export function writePasted(rows: readonly { row: number; cells: readonly string[] }[]): string {
  const lines: string[] = [];
  for (const { row, cells } of rows) lines[row - 1] = cells.map((cell) => cell.replace(/[\t\r\n"]+/g, " ")).join("\t");
  return Array.from(lines, (line) => line ?? "").join("\n");
}
