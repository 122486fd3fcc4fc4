import { parse } from "csv-parse/sync";
import iconv from "iconv-lite";
import { explainPhoneProblem, type PhoneNumber, parsePhone } from "../lib/phone.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok, type Result, refuse } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";

/** One person of a roster file. `row` is the number the spreadsheet shows, the header being row 1. */
export type RosterRow = {
  row: number;
  household: string;
  name: string;
  phone: PhoneNumber | null;
  group: string | null;
  grid: string | null;
  tags: string[];
  cadre: string | null;
};

export type RejectedRow = { row: number; column: RosterColumn; code: string; message: string };
export type RosterFile = { rows: RosterRow[]; rejected: RejectedRow[] };

const COLUMNS = {
  household: ["household", "户号", "户编号", "门牌号"],
  name: ["name", "姓名", "名字"],
  phone: ["phone", "手机号", "手机", "电话", "手机号码", "联系电话"],
  group: ["group", "村民小组", "小组", "组"],
  grid: ["grid", "网格"],
  tags: ["tags", "身份", "标签"],
  cadre: ["cadre", "联户干部", "包户干部"],
} as const;
export type RosterColumn = keyof typeof COLUMNS;

/** Reads a roster from CSV bytes: UTF-8 with or without BOM, or GBK as Chinese Excel writes it; comma, tab or semicolon. */
export function readRoster(file: Buffer): Outcome<RosterFile> {
  const text = decode(file);
  if (text.includes("\u0000")) return refusal("validation_failed", "这不是 CSV 文件,请在表格软件里另存为 CSV");
  let records: string[][];
  try {
    records = parse(text, { delimiter: delimiterOf(text), relax_column_count: true, relax_quotes: true }) as string[][];
  } catch (error) {
    return refusal("validation_failed", `文件读不懂:${error instanceof Error ? error.message : ""}`);
  }
  const [header, ...body] = records;
  const places = header ? findColumns(header) : null;
  if (!places || places.household === undefined || places.name === undefined) {
    return refusal("validation_failed", "第一行要是表头,至少有“户号”和“姓名”两列");
  }
  return ok(readRows(body, places));
}

type Places = Partial<Record<RosterColumn, number>>;

function readRows(body: readonly string[][], places: Places): RosterFile {
  const rows: RosterRow[] = [];
  const rejected: RejectedRow[] = [];
  const seen = new Map<string, RosterRow>();
  for (const [index, record] of body.entries()) {
    if (record.every((value) => value.trim() === "")) continue;
    const read = readRow(index + 2, record, places);
    if (!read.ok) {
      rejected.push(read.refusal);
      continue;
    }
    const person = read.value;
    const key = `${person.household}\n${person.name}`;
    const twin = seen.get(key);
    if (!twin) {
      seen.set(key, person);
      rows.push(person);
    } else if (twin.phone !== person.phone) {
      const message = `与第 ${twin.row} 行是同一户同一人,手机号却不同,请留一行`;
      rejected.push({ row: person.row, column: "name", code: "duplicate_person", message });
    }
  }
  return { rows, rejected };
}

function readRow(row: number, record: readonly string[], places: Places): Result<RosterRow, RejectedRow> {
  const cell = (column: RosterColumn): string => {
    const place = places[column];
    return place === undefined ? "" : cleanText(record[place] ?? "").trim();
  };
  const household = cell("household").slice(0, 40);
  if (household === "") return refuse({ row, column: "household", code: "missing_household", message: "没有填户号" });
  const name = cell("name").slice(0, 40);
  if (name === "") return refuse({ row, column: "name", code: "missing_name", message: "没有填姓名" });
  const written = cell("phone");
  const phone = parsePhone(written);
  if (!phone.ok && phone.refusal !== "empty") {
    const message = explainPhoneProblem(phone.refusal, written);
    return refuse({ row, column: "phone", code: `phone_${phone.refusal}`, message });
  }
  return ok({
    row,
    household,
    name,
    phone: phone.ok ? phone.value : null,
    group: cell("group") || null,
    grid: cell("grid") || null,
    tags: cell("tags")
      .split(/[;\uff1b、,\uff0c]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
    cadre: cell("cadre") || null,
  });
}

function decode(file: Buffer): string {
  if (file.length >= 3 && file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf) return file.toString("utf8", 3);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch {
    return iconv.decode(file, "gb18030");
  }
}

function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const count = (delimiter: string) => header.split(delimiter).length;
  return [",", "\t", ";"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function findColumns(header: readonly string[]): Places {
  const places: Places = {};
  header.forEach((title, place) => {
    const plain = title.replace(/[\s\ufeff]/g, "").toLowerCase();
    for (const [column, titles] of Object.entries(COLUMNS) as [RosterColumn, readonly string[]][]) {
      if (places[column] === undefined && titles.includes(plain)) places[column] = place;
    }
  });
  return places;
}
