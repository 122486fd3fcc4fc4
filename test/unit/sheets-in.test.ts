import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { ok } from "../../src/lib/result.ts";
import { mergeFiller } from "../../src/lib/sheet/merges.ts";
import { openSheet, orTrouble } from "../../src/lib/sheet/open-sheet.ts";
import { writeXlsx } from "../../src/lib/xlsx.ts";
import { guessColumns } from "../../src/roster/guess-columns.ts";
import { findLayout } from "../../src/roster/roster-columns.ts";
import { tidyPaste } from "../../src/roster/tidy-paste.ts";
import { makeXlsx, makeZip } from "../support/make-xlsx.ts";
import { readRoster } from "../support/read-roster.ts";

async function cellsOf(file: Buffer): Promise<(readonly [number, readonly string[]])[] | string> {
  const read = await orTrouble(async () => {
    const sheet = await openSheet(file);
    if (!sheet.ok) return sheet;
    const rows: (readonly [number, readonly string[]])[] = [];
    for await (const batch of sheet.value.rows()) rows.push(...batch.map(({ row, cells }) => [row, cells] as const));
    return ok(rows);
  });
  return read.ok ? read.value : read.refusal.message;
}

const c = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const sheet = (rows: string, more = "", before = "") => ({ xml: `${before}<sheetData>${rows}</sheetData>${more}` });

describe("a workbook", () => {
  test("shares its texts, runs and all, without what stands above them to be read aloud", async () => {
    const strings =
      '<si><t>户号</t></si><si><r><t>丁</t></r><r><t xml:space="preserve">秀 兰</t></r><rPh><t>ding</t></rPh></si>';
    const rows = `<row r="3"><c r="B3" t="s"><v>1</v></c><c r="A3" t="s"><v>0</v></c></row>`;
    expect(await cellsOf(makeXlsx([sheet(rows)], { strings }))).toEqual([[3, ["户号", "丁秀 兰"]]]);
  });
  test("has numbers, formulas, dates and padding as the spreadsheet shows them", async () => {
    const styles = `<numFmts><numFmt numFmtId="170" formatCode="000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs>`;
    const rows = `<row r="1"><c r="A1"><v>1.3800000003E10</v></c><c r="B1"><v>13800000003</v></c><c r="C1" s="1"><v>46086</v></c>
      <c r="D1" s="2"><v>7</v></c><c r="E1"><f>A1+1</f><v>12</v></c><c r="F1"><f>HYPERLINK("x")</f></c><c r="G1" t="str"><f>B1</f><v>甲</v></c><c r="H1" t="b"><v>1</v></c></row>`;
    expect(await cellsOf(makeXlsx([sheet(rows)], { styles }))).toEqual([
      [1, ["13800000003", "13800000003", "2026-03-05", "007", "12", `=HYPERLINK("x")`, "甲", "是"]],
    ]);
  });
  test("gives joined cells to every row they cover, and passes over what is hidden", async () => {
    const rows = `<row r="1">${c("A1", "户号")}${c("B1", "姓名")}${c("C1", "密")}</row><row r="2">${c("A2", "1")}${c("B2", "甲")}${c("C2", "x")}</row>
      <row r="3">${c("B3", "乙")}</row><row r="4" hidden="1">${c("A4", "2")}${c("B4", "丙")}</row>`;
    const file = makeXlsx([
      { xml: "<sheetData/>" },
      { ...sheet(`<row r="1">${c("A1", "藏")}</row>`), hidden: true },
      sheet(
        rows,
        `<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>`,
        `<cols><col min="3" max="3" hidden="1"/></cols>`,
      ),
    ]);
    expect(await cellsOf(file)).toEqual([
      [1, ["户号", "姓名"]],
      [2, ["1", "甲"]],
      [3, ["1", "乙"]],
    ]);
    const opened = await openSheet(file);
    if (!opened.ok) throw new Error("refused");
    for await (const _ of opened.value.rows());
    expect(opened.value.passedOver()).toEqual({ hiddenRows: 1, otherSheets: 1 });
  });
  test("that numbers its rows as no spreadsheet does is read in its own order", async () => {
    const row = (number: string, text: string) => `<row r="${number}"><c t="str"><v>${text}</v></c></row>`;
    const made = [row("2", "甲"), row("99999999999", "乙"), row("2", "丙"), row("-7", "丁"), row("9", "戊")].join("");
    const file = makeXlsx([{ xml: `<sheetData>${made}</sheetData>` }]);
    expect(await cellsOf(file)).toEqual([
      [2, ["甲"]],
      [3, ["乙"]],
      [4, ["丙"]],
      [5, ["丁"]],
      [9, ["戊"]],
    ]);
  });
  test("with tags in tags without end is refused before they fill the memory", async () => {
    const opened = await openSheet(makeXlsx([{ xml: "<a>".repeat(1000) + "</a>".repeat(1000) }]));
    expect(opened).toMatchObject({ ok: false, refusal: { message: expect.stringContaining("读到一半读不下去") } });
  });
  test("of ours is read as it was written, any text in any cell", async () => {
    const text = fc
      .string({ unit: "grapheme", maxLength: 20 })
      .map((one) => one.replace(/[\u0000-\u001f\ufffe\uffff]/g, ""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(text, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        async (table) => {
          const filled = table
            .map((cells, i) => [i + 1, trimmed(cells)] as const)
            .filter(([, cells]) => cells.some((one) => one.trim() !== ""));
          const read = await cellsOf(writeXlsx(table, "s"));
          if (filled.length === 0) expect(read).toContain("没有内容");
          else expect(read).toEqual(filled);
        },
      ),
      { numRuns: 40 },
    );
  });
});
/** A sheet does not say how many empty cells follow a row's last. */
const trimmed = (cells: string[]): string[] => {
  const last = cells.findLastIndex((one) => one !== "");
  return cells.slice(0, last + 1);
};

describe("a text file", () => {
  const cell = fc.oneof(
    fc.constantFrom("丁秀兰", "a,b", "一;二", 'say "hi"', "两\n行", "\t", "三组", "138 0000 0003", "䶮"),
    fc.string({ maxLength: 8 }).map((one) => one.replace(/[\r\u0000-\u0008\u000b-\u001f\ufffd]/g, "")),
  );
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  test.each(["utf8", "gb18030", "utf-16le", "utf-16be"] as const)(
    "in %s, with any separator Excel writes, is read as it was written",
    async (encoding) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 6 }),
          fc.constantFrom(",", "\t", ";"),
          fc.constantFrom("\n", "\r\n"),
          async (rows, separator, end) => {
            const table = [["户号", "姓名", "手机号"], ...rows];
            const text = table.map((cells) => cells.map(quote).join(separator)).join(end);
            const file = iconv.encode(text, encoding, { addBOM: encoding.startsWith("utf-16") });
            const filled = table
              .map((cells, i) => [i + 1, cells] as const)
              .filter(([, cells]) => cells.some((one) => one.trim() !== ""));
            expect(await cellsOf(file)).toEqual(filled);
          },
        ),
        { numRuns: 40 },
      );
    },
  );
  test("obeys Excel's own first line", async () => {
    expect(await cellsOf(Buffer.from("sep=|\n户号|姓名\n1|甲\n"))).toEqual([
      [2, ["户号", "姓名"]],
      [3, ["1", "甲"]],
    ]);
  });
});

describe("a file of the wrong kind", () => {
  test.each([
    ["", "是空的"],
    ["504b0506", "压缩包是空的"],
    ["d0cf11e0a1b11ae1", "旧格式"],
    [`d0cf11e0a1b11ae1${Buffer.from("EncryptedPackage", "utf16le").toString("hex")}`, "加了密码"],
    ["0000001866747970", "照片或视频"],
    ["255044462d312e37", "PDF"],
    ["ffd8ffe000104a46", "照片"],
    ["89504e470d0a1a0a", "图片"],
    ["424df6ffffff0000", "图片"],
    ["526172211a0700", "RAR"],
    ["377abcaf271c0004", "7z"],
    ["1f8b0800", "压缩包"],
    [Buffer.from("<html><table>").toString("hex"), "网页"],
    [Buffer.from("户号,姓\u0001\u0002\u0003\u0004名").toString("hex"), "读不出字"],
    [Buffer.from("户号,\u0000姓名").toString("hex"), "读不出字"],
  ])("%s is said to be %s", async (hex, words) => {
    expect(await cellsOf(Buffer.from(hex, "hex"))).toContain(words);
  });
  test("begins unlike a list whose first letters are those of a picture, or that has a letter or two broken", async () => {
    expect(await cellsOf(Buffer.from("BM,姓名\n1,甲\n"))).toHaveLength(2);
    expect(await cellsOf(Buffer.from("户号,姓名\n1,甲\ufffd\n"))).toHaveLength(2);
  });
  test("with more parts than a workbook has is not unpacked", async () => {
    const parts = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`p${i}`, ""]));
    expect(await cellsOf(makeZip(parts))).toContain("东西太多");
  });
});

describe("what the columns are", () => {
  test("is found below a title, through stars, brackets and width", () => {
    const rows = [
      { row: 1, cells: ["郭家村花名册"] },
      { row: 3, cells: ["序号", "＊户 号", "姓名：", "联系电话（必填）", "身份证号"] },
      { row: 4, cells: ["1", "12", "甲", "13800000001", "x"] },
    ];
    expect(findLayout(rows)).toMatchObject({ header: 3, places: { household: 1, name: 2, phone: 3 } });
  });
  test("is guessed from what they hold, where nothing is written above them", () => {
    const paste = tidyPaste("1. 8号 周桂英 138 0000 0050\n2. 9号　周大山　13800000051");
    expect(paste).toBe("8号\t周桂英\t13800000050\n9号\t周大山\t13800000051");
    expect(tidyPaste("户号,姓名\r\n1,甲 乙\r2,丙\n\n")).toBe("户号,姓名\n1,甲 乙\n2,丙");
    expect(tidyPaste("1,甲\n2 乙")).toBe("1,甲\n2 乙");
    expect(tidyPaste("1,甲\n 2 乙 \n3、丙")).toBe("1,甲\n2\t乙\n3\t丙");
    const rows = paste.split("\n").map((line, i) => ({ row: i + 1, cells: line.split("\t") }));
    expect(guessColumns(rows)).toEqual({ household: 0, name: 1, phone: 2 });
  });
});

test("a row says everything that is wrong with it, and each remedy", async () => {
  const bad = [
    ["=1+1", "甲", "13800000001", "household_formula"],
    ["3月5日", "甲", "13800000001", "household_date"],
    ["1", "@甲", "13800000001", "name_formula"],
    ["1", "13800000001", "", "name_digits"],
    ["1", "甲", "1.38E+10", "phone_rounded"],
    ["1", "甲", "13800000001/13800000002", "phone_several"],
    ["1", "甲", "0533-6550000", "phone_landline"],
  ];
  const file = ["户号,姓名,手机号", ...bad.map(([door, name, phone]) => `${door},${name},${phone}`)].join("\n");
  const read = await readRoster(file);
  if (!read.ok) throw new Error(read.refusal.message);
  expect(read.value.rejected.map(({ code }) => code)).toEqual(bad.map((one) => one[3]));
  for (const { message } of read.value.rejected) expect(message).toMatch(/请|像/);
  const good = await readRoster("户号,姓名,手机号\n１２,张　三,８６ 138-0000-0003\n12,李四,1.3800000004E+10\n");
  if (!good.ok) throw new Error(good.refusal.message);
  expect(good.value.rows.map(({ household, name, phone }) => [household, name, phone])).toEqual([
    ["12", "张三", "+8613800000003"],
    ["12", "李四", "+8613800000004"],
  ]);
});

test("a file that joins the same cells ten thousand times is not asked about each of them at every row", () => {
  let asked = 0;
  const joined = {
    ...{ top: 1, left: 0, right: 0 },
    get bottom() {
      asked++;
      return 9;
    },
  };
  const fill = mergeFiller(Array(10_000).fill(joined));
  fill(1, ["甲"]);
  asked = 0;
  const cells = [""];
  fill(2, cells);
  expect(cells).toEqual(["甲"]);
  expect(asked).toBeLessThan(1000);
});
