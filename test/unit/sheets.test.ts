import { inflateRawSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeCsv } from "../../src/lib/csv.ts";
import { writeXlsx } from "../../src/lib/xlsx.ts";

/** The files of a zip by its directory, as a reader finds them. */
function unzip(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    const [length, name] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const path = bytes.subarray(at + 46, at + 46 + name).toString();
    const body = bytes.readUInt32LE(at + 42) + 30 + name;
    files.set(path, inflateRawSync(bytes.subarray(body, body + length)).toString());
    at += 46 + name;
  }
  return files;
}

const FORMULAS = [
  '=HYPERLINK("http://x","点我")',
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  " =1",
  "\uff1d1+1",
  "%1",
  "|cmd",
];

describe("CSV", () => {
  test("opens in Excel as UTF-8 and gives back every cell that begins with a word", () => {
    const table = [
      ["编号", "内容"],
      [1, '他说"行"，\n第二行'],
    ];
    const text = writeCsv(table);
    expect(text.startsWith("\ufeff")).toBe(true);
    expect(parse(text, { bom: true })).toEqual(table.map((row) => row.map(String)));
  });
  test.each(FORMULAS)("never begins a cell like a formula: %j", (cell) => {
    expect(parse(writeCsv([[cell]]), { bom: true })).toEqual([[`'${cell}`]]);
  });
  test("whatever stands in the cells, each is itself or itself behind an apostrophe", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 2 }), { minLength: 1 }), (table) => {
        const read: string[][] = parse(writeCsv(table), { bom: true, relax_column_count: true });
        expect(
          read.map((row, r) => row.map((cell, c) => cell === table[r]?.[c] || cell === `'${table[r]?.[c]}`)),
        ).toEqual(table.map((row) => row.map(() => true)));
        expect(read.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
      }),
    );
  });
});

describe("XLSX", () => {
  const sheetOf = (cells: (string | number)[][]) =>
    unzip(writeXlsx(cells, "台账")).get("xl/worksheets/sheet1.xml") ?? "";
  test("is a zip whose parts a reader finds", () => {
    const files = unzip(writeXlsx([["a"]], "台账"));
    expect([...files.keys()]).toEqual([
      "[Content_Types].xml",
      "_rels/.rels",
      "xl/workbook.xml",
      "xl/_rels/workbook.xml.rels",
      "xl/styles.xml",
      "xl/worksheets/sheet1.xml",
    ]);
    expect(files.get("xl/workbook.xml")).toContain('<sheet name="台账" sheetId="1" r:id="rId1"/>');
  });
  test.each(FORMULAS)("holds text as text, never a formula: %j", (cell) => {
    const sheet = sheetOf([["头"], [cell]]);
    expect(sheet).not.toMatch(/<f[\s>]/);
    expect(sheet).toContain('<c r="A2" s="1" t="inlineStr">');
  });
  test("numbers stay numbers, columns go on beyond Z, and no letter breaks the XML", () => {
    const row = Array.from({ length: 30 }, (_, i) => i);
    expect(sheetOf([row])).toContain('<c r="AD1"><v>29</v></c>');
    expect(sheetOf([["头"], ['<&"\u0001\ud800']])).toContain("&#60;&#38;&#34;\ufffd</t>");
  });
});
