import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAmount, sayAmount, sayShort } from "../../src/finance/amount.ts";
import { checkSheet, sumUp } from "../../src/finance/balance.ts";
import { hideNames, hideNumbers } from "../../src/finance/hide.ts";
import { explainDifference, type Hint, sayHint, swapsOf } from "../../src/finance/hints.ts";
import { readEntry } from "../../src/finance/read-entry.ts";
import { readTable } from "../../src/finance/read-table.ts";
import { MOST_NOTICE_SEGMENTS, publicLines, saySheet } from "../../src/finance/say-sheet.ts";
import { CATEGORIES, ENTRY_CATEGORIES, type EntryWords, monthBefore } from "../../src/finance/sheet.ts";
import { countSegments } from "../../src/message/segments.ts";

const ENTRY = {
  purpose: "路灯电费",
  category: "office",
  via: null,
  handler: "",
  voucher: "",
  day: "2026-07-03",
} as const;
const of = (kind: "income" | "expense", amount: number, purpose = "路灯电费"): EntryWords => ({
  ...ENTRY,
  kind,
  amount,
  purpose,
  category: kind === "income" ? "lease" : "office",
});
const anyEntry: fc.Arbitrary<EntryWords> = fc
  .record({
    category: fc.constantFrom(...ENTRY_CATEGORIES),
    amount: fc.integer({ min: 1, max: 10_000_000_000 }),
    purpose: fc.stringMatching(/^[土地流转费修路灯电机井水]{1,20}$/),
    day: fc.integer({ min: 1, max: 31 }).map((day) => `2026-07-${String(day).padStart(2, "0")}`),
  })
  .map(({ category, ...rest }) => ({ ...ENTRY, ...rest, category, kind: CATEGORIES[category].kind }));
const anyEntries = fc.array(anyEntry, { maxLength: 60 });
const anyMoney = fc.integer({ min: 0, max: 10_000_000_000 });

describe("an amount", () => {
  test.each([
    ["1,234.50", 123450],
    ["１２３４.５元", 123450],
    [" ￥200 ", 20000],
    ["人民币 12,345,678.9 元整", 1234567890],
    ["0.05", 5],
    ["12.340", 1234],
    ["1，234．50", 123450],
    ["86420", 8642000],
    ["3块", 300],
  ])("%s is read", (text, fen) => expect(readAmount(text)).toEqual({ ok: true, value: fen }));

  test.each([
    ["1.2万", "写全数字"],
    ["三百", "只填数字"],
    ["-200", "正负号"],
    ["(200)", "正负号"],
    ["−5", "正负号"],
    ["+5", "正负号"],
    ["12.345", "最多两位"],
    ["12,34", "逗号的位置"],
    ["1,2345", "逗号的位置"],
    ["1.234,50", "小数点|逗号"],
    ["1.2.3", "小数点"],
    ["12.", "小数点"],
    [".5", "小数点"],
    ["200左右", "只填数字"],
    ["=SUM(A1)", "只填数字"],
    ["1e5", "只填数字"],
    ["99999999999", "太大"],
    ["  ", "没有填"],
    ["12O", "只填数字"],
  ])("%s is refused with the remedy", (text, words) => {
    const read = readAmount(text);
    expect(read.ok ? read.value : read.refusal).toMatch(new RegExp(words));
  });

  test("of nothing has no sign", () => expect([sayAmount(0), sayAmount(-1)]).toEqual(["0.00", "-0.01"]));

  test("is read back as whatever we wrote", () => {
    fc.assert(
      fc.property(anyMoney, (fen) => {
        for (const words of [sayAmount(fen), sayShort(fen), `${sayAmount(fen)}元`])
          expect(readAmount(words)).toEqual({ ok: true, value: fen });
      }),
    );
  });

  test("of any text is a whole number of 分, not less than nothing, or refused", () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+\d.,，．０-９元万 ]{0,12}$/));
    fc.assert(
      fc.property(texts, (text) => {
        const read = readAmount(text);
        if (read.ok) expect(Number.isSafeInteger(read.value) && read.value >= 0).toBe(true);
        else expect(read.refusal).not.toBe("");
      }),
    );
  });
});

describe("a balance", () => {
  test("is exact, whatever the amounts and the order of the entries", () => {
    fc.assert(
      fc.property(anyMoney, anyEntries, fc.infiniteStream(fc.nat()), (opening, entries, keys) => {
        const exact = entries.reduce(
          (sum, one) => sum + (one.kind === "income" ? 1n : -1n) * BigInt(one.amount),
          BigInt(opening),
        );
        const { income, expense, computed } = sumUp(opening, entries);
        expect(BigInt(computed)).toBe(exact);
        expect(opening + income - expense).toBe(computed);
        const order = entries.map((one) => ({ one, key: keys.next().value ?? 0 }));
        const shuffled = order.sort((a, b) => a.key - b.key).map(({ one }) => one);
        expect(sumUp(opening, shuffled)).toEqual({ income, expense, computed });
      }),
    );
  });

  test("lets through nothing but what adds up and goes on from the month before", () => {
    const anyBefore = fc.option(
      fc.record({ month: fc.constantFrom("2026-06", "2026-05", "2025-07"), closing: fc.constantFrom(0, 500, 501) }),
    );
    const anySmall = fc.option(fc.constantFrom(0, 500, 501, 700));
    const few = fc.array(fc.constantFrom(of("income", 200), of("expense", 200), of("income", 1)), { maxLength: 4 });
    fc.assert(
      fc.property(anyBefore, anySmall, anySmall, few, (before, opening, closing, entries) => {
        const problems = checkSheet({ month: "2026-07", opening, closing }, entries, before);
        const continues =
          opening !== null && (before === null || (before.month === "2026-06" && before.closing === opening));
        const balances = closing !== null && opening !== null && sumUp(opening, entries).computed === closing;
        expect(problems.length === 0).toBe(continues && balances);
        for (const { message } of problems) expect(message).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });

  test("that is off says by how much, and the opening says both numbers", () => {
    const entries = [of("income", 12000_00), of("expense", 4000_00)];
    const sheet = { month: "2026-07", opening: 100_00, closing: 8300_00 };
    const problems = checkSheet(sheet, entries, { month: "2026-06", closing: 101_00 });
    expect(problems.map((one) => [one.code, one.message])).toEqual([
      ["does_not_continue", expect.stringMatching(/100\.00 元.*101\.00 元.*差 1\.00 元/) as string],
      ["does_not_balance", "账不平：算出来的月末结余是 8,100.00 元，填的是 8,300.00 元，差 200.00 元"],
    ]);
    const [gap] = checkSheet(sheet, entries, { month: "2026-05", closing: 100_00 });
    expect(gap?.message).toBe("2026年6月的账还没有公布，上一张是2026年5月的。请先把中间的月份补上");
  });

  test("knows the month before", () =>
    expect([monthBefore("2026-01"), monthBefore("2026-10")]).toEqual(["2025-12", "2026-09"]));
});

describe("a hint", () => {
  const mend = (hint: Hint, entries: readonly EntryWords[], closing: number) => {
    if (hint.kind === "closing_swapped") return { entries, closing: hint.instead };
    if (hint.kind === "nines") throw new Error("mends nothing");
    const mended = entries.flatMap((one, i) => {
      if (i !== hint.index) return [one];
      if (hint.kind === "twice") return [];
      if (hint.kind === "wrong_side") return [{ ...one, kind: one.kind === "income" ? "expense" : "income" } as const];
      return [{ ...one, amount: hint.instead }];
    });
    return { entries: mended, closing };
  };

  test("is true: mended as it says, the sheet balances", () => {
    fc.assert(
      fc.property(anyMoney, anyEntries, fc.integer({ min: -1_000_000, max: 1_000_000 }), (opening, entries, off) => {
        const { computed } = sumUp(opening, entries);
        const closing = computed - off;
        if (off === 0 || closing < 0) return;
        for (const hint of explainDifference(off, entries, closing)) {
          expect(sayHint(hint, entries)).not.toBe("");
          if (hint.kind === "nines") expect(Math.abs(off % 9)).toBe(0);
          else {
            const mended = mend(hint, entries, closing);
            expect(sumUp(opening, mended.entries).computed).toBe(mended.closing);
          }
        }
      }),
    );
  });

  test("finds what went wrong: an entry twice, on the wrong side, with two digits swapped, with a nought too many", () => {
    const anyFew = fc.array(anyEntry, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constant(20_000_000_000), anyFew, fc.nat(), fc.nat(), (opening, entries, at, which) => {
        const index = at % entries.length;
        const honest = entries[index] as EntryWords;
        const spoil = (entry: EntryWords) => entries.map((one, i) => (i === index ? entry : one));
        const swapped = swapsOf(honest.amount).filter(
          // Nobody writes a nought in front.
          (amount) => amount > 0 && String(amount).length === String(honest.amount).length,
        );
        const cases: [Hint["kind"], EntryWords[]][] = [
          ["twice", [...entries, honest]],
          ["wrong_side", spoil({ ...honest, kind: honest.kind === "income" ? "expense" : "income" })],
          ["shifted", spoil({ ...honest, amount: honest.amount * 10 })],
        ];
        const wrong = swapped[which % Math.max(swapped.length, 1)];
        if (wrong) cases.push(["swapped", spoil({ ...honest, amount: wrong })]);
        const closing = sumUp(opening, entries).computed;
        for (const [kind, spoiled] of cases) {
          const difference = sumUp(opening, spoiled).computed - closing;
          const found = explainDifference(difference, spoiled, closing);
          const hit = found.some((hint) =>
            "instead" in hint
              ? hint.kind !== "closing_swapped" && hint.index === index && hint.instead === honest.amount
              : hint.kind === kind,
          );
          expect([kind, hit]).toEqual([kind, true]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("is said in words that name the entry", () => {
    const entries = [of("income", 12000_00, "土地流转费"), of("expense", 1620_00, "修机井")];
    const closing = sumUp(0, entries).computed + 360_00;
    expect(explainDifference(-360_00, entries, closing).map((hint) => sayHint(hint, entries))).toEqual([
      "第 2 笔“修机井” 1,620.00 元：是不是 1,260.00 元，两个数字写颠倒了？",
    ]);
    expect(sayHint({ kind: "nines" }, entries)).toContain("除尽");
  });
});

describe("an entry", () => {
  const typed = { day: "3", kind: "支出", purpose: "路灯电费", amount: "486" };
  test.each([
    "3",
    "3日",
    "7月3日",
    "7/3",
    "7.3",
    "2026-07-03",
    "2026/7/3",
    "2026年7月3号",
    "20260703",
    "７月３日",
    "46206",
    "2026-07-03 08:30:00",
  ])("of the day %s", (day) =>
    expect(readEntry({ ...typed, day }, "2026-07")).toMatchObject({
      ok: true,
      value: { day: "2026-07-03", amount: 48600, category: "other_out" },
    }),
  );
  test.each([
    ["day", "6月30日", "不在2026年7月里"],
    ["day", "7月32日", "没有这一天"],
    ["day", "上周五", "日期看不懂"],
    ["day", "", "没有填日期"],
    ["kind", "借", "收入还是支出"],
    ["purpose", "本月合计", "不是一笔账"],
    ["purpose", " ", "来源或用途"],
    ["purpose", "长".repeat(61), "请减 1 个字"],
    ["amount", "0.00", "金额是 0"],
    ["category", "经营收入", "不是支出的类别"],
    ["category", "乱写", "没有“乱写”这一类"],
    ["via", "赊账", "银行"],
  ])("with %s %s is refused beside that field", (field, value, words) => {
    const read = readEntry({ ...typed, [field]: value }, "2026-07");
    expect(read.ok ? [] : read.refusal).toEqual([{ field, message: expect.stringContaining(words) as string }]);
  });
});

describe("a pasted table", () => {
  test("with one column of amounts or one for either side, from Excel or a file", () => {
    const pasted =
      '日期\t收支\t摘要\t金额\t类别\n7/3\t收入\t土地流转费\t12,000\t发包和上交收入\n\n7/9\t支出\t修"机井\t1260.5\t\n';
    const book =
      '\ufeff日期,凭证号,摘要,收入(元),支出（元）,余额\r\n2026-07-03,12,土地流转费,"12,000.00",,98420\r\n2026-07-09,13,"修""机井",0,1260.50,97159.5\r\n';
    const read = [pasted, book].map((text) => readTable(text, "2026-07"));
    for (const one of read) {
      expect(one.ok && one.value.map(({ day, kind, purpose, amount }) => [day, kind, purpose, amount])).toEqual([
        ["2026-07-03", "income", "土地流转费", 1200000],
        ["2026-07-09", "expense", '修"机井', 126050],
      ]);
    }
  });
  test("names each wrong row by its number, and takes none", () => {
    const rows = [
      "日期,收支,摘要,金额",
      "3,收入,租金,100",
      "4,支出,电费,1.2万",
      "5,支出,合计,5",
      "40,支出,水费,-3",
      "6,支出,纸,5,5",
    ];
    const read = readTable(rows.join("\n"), "2026-07");
    expect(read.ok ? null : read.refusal.errors?.map((one) => one.message)).toEqual([
      "第 3 行：“1.2万”可能是约数，请写全数字，比如 12000",
      expect.stringContaining("第 4 行：“合计”像是合计") as string,
      expect.stringMatching(/第 5 行：没有这一天.*；金额不能带正负号/) as string,
      expect.stringContaining("第 6 行：比表头多出几格") as string,
    ]);
  });
  test.each([
    ["", "第一行要是表头"],
    ["租金 100", "第一行要是表头"],
    ["日期,摘要,金额,金额\n3,x,1,1", "有两列"],
    ["日期,摘要,收入,支出\n3,x,1,1", "一行只能记一边"],
    ["日期,收支,摘要,金额\n", "没有一笔账"],
  ])("%s is refused", (text, words) => {
    const read = readTable(text, "2026-07");
    expect(read.ok ? "" : read.refusal.message).toContain(words);
  });
});

describe("the text of a sheet", () => {
  const SIGNATURE = "【郭家村村委会】";
  test("tells it as 禄丰 does", () => {
    const entries = [
      of("income", 139910_00, "流转费"),
      of("expense", 150000_00, "修路"),
      of("expense", 790_00, "电费"),
    ];
    const told = saySheet(
      { month: "2026-01", opening: 634290_25, correction: false },
      publicLines(entries, []),
      SIGNATURE,
    );
    expect(told).toEqual({
      body: "1月村集体的账：12月底结余634290.25元。收入139910元：流转费139910元。支出150790元：修路150000元，电费790元。1月底结余623410.25元。明细见公开栏，看不明白请回短信问。",
      segments: 2,
      all: true,
    });
  });
  test("always holds both balances and both sums, never more than three segments, and drops the smallest first", () => {
    fc.assert(
      fc.property(anyMoney, anyEntries, fc.boolean(), (opening, entries, correction) => {
        const { body, segments, all } = saySheet(
          { month: "2026-07", opening, correction },
          publicLines(entries, []),
          SIGNATURE,
        );
        const { income, expense, computed } = sumUp(opening, entries);
        expect(body).toContain(`6月底结余${sayShort(opening)}元`);
        expect(body).toContain(`7月底结余${sayShort(computed)}元`);
        expect(body).toContain(income ? `收入${sayShort(income)}元` : "没有收入");
        expect(body).toContain(expense ? `支出${sayShort(expense)}元` : "没有支出");
        expect(segments).toBe(countSegments(SIGNATURE + body).segments);
        expect(segments).toBeLessThanOrEqual(MOST_NOTICE_SEGMENTS);
        if (all)
          for (const line of publicLines(entries, []))
            expect(body).toContain(`${line.purpose}${sayShort(line.amount)}元`);
        else expect(body).toMatch(/其余\d+笔|共\d+笔/);
      }),
    );
  });
  test("names nobody who was helped, no villager, and no number of a person", () => {
    const entries = [
      { ...of("expense", 500_00, "低保补助丁老四"), category: "relief_out" } as const,
      { ...of("expense", 300_00, "临时救助王秀英"), category: "relief_out" } as const,
      of("expense", 200_00, "付李建国修灯 6222021234567890123"),
      of("expense", 100_00, "退款给 13800000017 身份证37030519620101123X"),
    ];
    const lines = publicLines(entries, ["丁老四", "李建国", "李"]);
    expect(lines.map(({ purpose, amount, entries: n }) => [purpose, amount, n])).toEqual([
      ["救济扶贫支出", 800_00, 2],
      ["付李某某修灯 622****0123", 200_00, 1],
      ["退款给 138****0017 身份证370****123X", 100_00, 1],
    ]);
    expect(hideNumbers("凭证 0023，发票12345678901234567890")).toBe("凭证 0023，发票12345678901234567890");
    expect(hideNumbers("付138 0531 2233，一三八零五三一二二三三，卡6228 4804 0256 4890 018")).toBe(
      "付138****2233，138****2233，卡622****0018",
    );
    expect(hideNames("王秀英和王　秀", ["王秀", "王秀英"])).toBe("王某某和王某");
  });
});
