import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { rosterReader } from "../../src/roster/read-roster.ts";
import { readRoster } from "../support/read-roster.ts";

const read = async (file: Buffer | string) => {
  const outcome = await readRoster(file);
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.message}`);
  return outcome.value;
};
const HEADER = "户号,姓名,手机号,村民小组,网格,身份,联户干部";
const ROW = "12,丁秀兰,138 0000 0003,三组,一网格,党员;独居老人,郭志勇";
const PERSON = {
  row: 2,
  household: "12",
  name: "丁秀兰",
  phone: "+8613800000003",
  group: "三组",
  grid: "一网格",
  tags: ["党员", "独居老人"],
  cadre: "郭志勇",
};

describe("a roster file", () => {
  test.each([
    ["UTF-8", Buffer.from(`${HEADER}\n${ROW}\n`)],
    ["UTF-8 with BOM", Buffer.from(`\ufeff${HEADER}\r\n${ROW}\r\n`)],
    ["GBK, as Chinese Excel writes it", iconv.encode(`${HEADER}\r\n${ROW}\r\n`, "gbk")],
    ["tabs", Buffer.from(`${HEADER}\n${ROW}\n`.replaceAll(",", "\t"))],
    ["the English header", Buffer.from(`household,name,phone,group,grid,tags,cadre\n${ROW}\n`)],
    [
      "columns in another order, and one nobody knows",
      Buffer.from(
        "备注,姓名,户号,手机,组,网格,标签,包户干部\nx,丁秀兰,12,13800000003,三组,一网格,党员\uff1b独居老人,郭志勇\n",
      ),
    ],
  ])("in %s", async (_, file) => expect(await read(file)).toEqual({ rows: [PERSON], rejected: [] }));

  test("keeps names with rare characters in GBK's larger sister", async () => {
    expect((await read(iconv.encode("户号,姓名\n1,䶮訚𠮷\n", "gb18030"))).rows[0]?.name).toBe("䶮訚𠮷");
  });

  test("gives back bad rows with the number the spreadsheet shows, and takes the good ones", async () => {
    const file = await read(
      "户号,姓名,手机号\n1,甲,1380000000\n,乙,13800000001\n2,,13800000002\n3,丙,没有\n\n4,丁,\n4,丁,13800000009\n5,戊,０５３３-666\n6,己,13800000006\n",
    );
    expect(file.rows.map((row) => row.name)).toEqual(["丁", "己"]);
    expect(file.rejected.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, "phone", "phone_too_short"],
      [3, "household", "missing_household"],
      [4, "name", "missing_name"],
      [5, "phone", "phone_not_digits"],
      [8, "name", "duplicate_person"],
      [9, "phone", "phone_landline"],
    ]);
  });

  test("of nearly too much is taken; of more each cell says so", async () => {
    const long = (n: number) => "长".repeat(n);
    const tags = (n: number) => Array.from({ length: n }, (_, i) => `身份${i}`).join("；");
    const columns = ["household", "name", "group", "grid", "tags", "tags", "cadre"];
    const cells = (over: number) => [
      ...[long(40 + over), "甲", "", "", "", "", ""],
      ...["2", long(40 + over), "", "", "", "", ""],
      ...["3", "甲", "", long(40 + over), "", "", ""],
      ...["4", "甲", "", "", long(40 + over), "", ""],
      ...["5", "甲", "", "", "", tags(20 + over), ""],
      ...["6", "甲", "", "", "", long(40 + over), ""],
      ...["7", "甲", "", "", "", "", long(40 + over)],
    ];
    const table = (over: number) =>
      cells(over).reduce((text, cell, i) => `${text}${i % 7 === 0 ? "\n" : ","}${cell}`, HEADER);
    expect((await read(table(0))).rejected).toEqual([]);
    expect((await read(table(1))).rejected.map(({ column }) => column)).toEqual(columns);
  });

  test("tells of a phone that several doors share, not of one that a door shares with itself", () => {
    const rows = [
      ...[
        ["1", "甲", "13800000001"],
        ["1", "乙", "13800000001"],
        ["2", "丙", "13800000001"],
      ],
      ...[
        ["3", "丁", "13800000002"],
        ["3", "戊", "13800000002"],
        ["4", "己", ""],
        ["5", "庚", ""],
      ],
      ...[["6", "辛", "13800000001"]],
    ].map((cells, i) => ({ row: i + 1, cells }));
    const reader = rosterReader({ header: 0, titles: [], places: { household: 0, name: 1, phone: 2 } });
    reader.read(rows);
    expect(reader.shared()).toEqual([{ phone: "+8613800000001", households: 3, rows: [1, 3, 8] }]);
  });

  test.each([
    ["without a header", "1,丁秀兰,13800000003\n"],
    ["that is a spreadsheet, not CSV", Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00])],
    ["that is empty", ""],
  ])("%s is refused with a sentence", async (_, file) => {
    expect((await readRoster(file)).ok).toBe(false);
  });

  test("of any bytes: never throws", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await readRoster(Buffer.from(bytes));
      }),
    );
  });
});
