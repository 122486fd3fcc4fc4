import { SheetTrouble } from "./sheet.ts";
import type { Archive } from "./unzip.ts";
import { readXml, streamXml } from "./xml.ts";

/** What a workbook says besides its sheets (ECMA-376): which there are, the texts they share, how numbers are shown. */
export type Workbook = {
  /** Paths of the sheets that are not hidden, in their order. */
  sheets: readonly string[];
  strings: readonly string[];
  /** How a number of this style is shown, as far as it matters here. */
  formatOf(style: number): NumberFormat;
  /** Days from this epoch, if the workbook was made on an old Mac. */
  since1904: boolean;
};
export type NumberFormat = { kind: "plain" } | { kind: "date" } | { kind: "padded"; digits: number };

/** In characters: 200,000 names, phones and groups are about 5 million. */
const MOST_SHARED = 60_000_000;

export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const text = await archive.text("xl/workbook.xml");
  if (text === null) throw new SheetTrouble(sayWhatElse(archive.names));
  const places = await readPlaces(archive);
  const sheets: string[] = [];
  let since1904 = false;
  readXml(text, {
    open(name, attributes) {
      if (name === "workbookPr") since1904 = ["1", "true"].includes(attributes.date1904 ?? "");
      if (name !== "sheet" || /hidden/i.test(attributes.state ?? "")) return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1];
      const place = id === undefined ? undefined : places.get(id);
      if (place) sheets.push(place);
    },
    close() {},
  });
  return { sheets, strings: await readStrings(archive), formatOf: await readFormats(archive), since1904 };
}

/** A ZIP file that is no workbook: most often what Word or another office wrote. */
function sayWhatElse(names: readonly string[]): string {
  const has = (start: string) => names.some((name) => name.startsWith(start));
  const saveAs = "请在 Excel 或 WPS 里打开名单，“另存为” xlsx 或 CSV，再传一次";
  if (has("word/")) return `这是 Word 文档，不是表格。请把里面的名单复制到表格里，${saveAs.slice(1)}`;
  if (has("ppt/")) return `这是演示文稿，不是表格。${saveAs}`;
  if (has("content.xml")) return `这是 ods 表格，读不了。${saveAs}`;
  if (has("xl/workbook.bin")) return `这是 xlsb 表格，读不了。${saveAs}`;
  if (has("Index/")) return `这是苹果的 Numbers 表格，读不了。请在 Numbers 里导出为 Excel（xlsx），再传一次`;
  return "这是压缩包，不是表格。请先解压，再传里面的 xlsx 或 CSV 文件";
}

/** Sheet paths by relation; other kinds of sheet (charts, dialogs) hold no cells. */
async function readPlaces(archive: Archive): Promise<Map<string, string>> {
  const places = new Map<string, string>();
  const text = await archive.text("xl/_rels/workbook.xml.rels");
  if (text === null) return places;
  readXml(text, {
    open(name, { Id, Type, Target }) {
      if (name !== "Relationship" || !Id || !Target || !Type?.endsWith("/worksheet")) return;
      places.set(Id, Target.startsWith("/") ? Target.slice(1) : `xl/${Target.replace(/^\.\//, "")}`);
    },
    close() {},
  });
  return places;
}

async function readStrings(archive: Archive): Promise<string[]> {
  const part = await archive.stream("xl/sharedStrings.xml");
  if (!part) return [];
  const strings: string[] = [];
  let [size, current, inText, phonetic] = [0, "", false, false];
  const parsing = streamXml(part, {
    open(name) {
      if (name === "si") current = "";
      else if (name === "t") inText = true;
      else if (name === "rPh") phonetic = true;
    },
    text(text) {
      if (!inText || phonetic) return;
      current += text;
      size += text.length;
      if (size > MOST_SHARED) throw new SheetTrouble("表格里的文字太多，不像名册。请只留名单，另存为 CSV 再传");
    },
    close(name) {
      if (name === "si") strings.push(current);
      else if (name === "t") inText = false;
      else if (name === "rPh") phonetic = false;
    },
  });
  for await (const _ of parsing);
  return strings;
}

/** Built-in formats that are dates and times (ECMA-376, 18.8.30), Chinese ones included. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

async function readFormats(archive: Archive): Promise<Workbook["formatOf"]> {
  const text = await archive.text("xl/styles.xml");
  const codes = new Map<number, string>();
  const styles: NumberFormat[] = [];
  let inCells = false;
  if (text !== null) {
    readXml(text, {
      open(name, attributes) {
        if (name === "numFmt") codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
        else if (name === "cellXfs") inCells = true;
        else if (name === "xf" && inCells) styles.push(formatOf(Number(attributes.numFmtId ?? 0), codes));
      },
      close(name) {
        if (name === "cellXfs") inCells = false;
      },
    });
  }
  return (style) => styles[style] ?? { kind: "plain" };
}

function formatOf(id: number, codes: ReadonlyMap<number, string>): NumberFormat {
  const code = (codes.get(id) ?? "").replace(/"[^"]*"|\\.|\[[^\]]*\]/g, "").split(";")[0] ?? "";
  if (/^0{2,}$/.test(code)) return { kind: "padded", digits: code.length };
  return isBuiltInDate(id) || /[ymdh]/i.test(code) ? { kind: "date" } : { kind: "plain" };
}
