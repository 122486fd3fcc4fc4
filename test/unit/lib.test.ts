import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromLocal, isoLocal, localTime, sayDay, sayMoment } from "../../src/lib/china-time.ts";
import { findDate } from "../../src/lib/chinese-dates.ts";
import { fold, foldTrailing } from "../../src/lib/fold.ts";
import { newId } from "../../src/lib/ids.ts";
import { explainPhoneProblem, maskPhone, type PhoneNumber, parsePhone } from "../../src/lib/phone.ts";
import { createSealer } from "../../src/lib/seal.ts";
import { cleanText, shorten } from "../../src/lib/text.ts";
import { calendarKnown, endOfWorkday, isWorkday, workdaysLeft } from "../../src/lib/workdays.ts";

describe("a phone number", () => {
  test.each([
    ["13800000003", "+8613800000003"],
    ["+86 138 0000 0003", "+8613800000003"],
    ["0086-138-0000-0003", "+8613800000003"],
    ["8613800000003", "+8613800000003"],
    ["138００００ 0003", "+8613800000003"],
    ["１３８０００００００３", "+8613800000003"],
    ["+15005550006", "+15005550006"],
  ])("%s is read as %s", (written, phone) => expect(parsePhone(written)).toEqual({ ok: true, value: phone }));

  test.each([
    ["1380000001", "too_short"],
    ["138000000011", "too_long"],
    ["0533-6666666", "landline"],
    ["12345", "not_a_mobile"],
    ["没有", "not_digits"],
    ["", "empty"],
    ["10086", "not_a_mobile"],
  ])("%s is refused: %s", (written, why) => expect(parsePhone(written)).toEqual({ ok: false, refusal: why }));

  test("says what to do about it", () => {
    expect(explainPhoneProblem("too_short", "1380000001")).toBe("手机号少 1 位：1380000001，请补全");
  });
  test("is masked wherever it is shown", () => {
    expect(maskPhone("+8613800000003" as PhoneNumber)).toBe("138****0003");
    expect(maskPhone("+15005550006" as PhoneNumber)).toBe("+15*******06");
  });
  test("of any text: never throws, and what is read is read alike again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const read = parsePhone(text);
        if (read.ok) expect(parsePhone(read.value)).toEqual(read);
      }),
    );
  });
});

describe("sealing", () => {
  const sealer = createSealer(Buffer.alloc(32, 1));
  test("opens what it sealed, never twice alike, and only for its purpose", () => {
    const phone = "+8613800000003" as PhoneNumber;
    expect(sealer.openPhone(sealer.phone(phone))).toBe(phone);
    expect(sealer.phone(phone).equals(sealer.phone(phone))).toBe(false);
    expect(sealer.hashPhone(phone).equals(sealer.hashPhone(phone))).toBe(true);
    expect(() => sealer.openBytes(sealer.phone(phone))).toThrow();
  });
  test("refuses another key and a changed byte", () => {
    const sealed = sealer.bytes(Buffer.from("raw"));
    expect(() => createSealer(Buffer.alloc(32, 2)).openBytes(sealed)).toThrow();
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    expect(() => sealer.openBytes(sealed)).toThrow();
  });
});

describe("folding for matching", () => {
  test.each([
    [" ＴＤ。", "td"],
    ["退訂！", "退订"],
    ["①", "1"],
    ["❹", "4"],
    ["１", "1"],
    ["1️⃣", "1"],
    ["Ｏ Ｋ", "ok"],
  ])("%s → %s", (text, folded) => expect(fold(text)).toBe(folded));
  test("drops trailing particles, but not a text made of them", () => {
    expect(foldTrailing("收到啦！")).toBe("收到");
    expect(foldTrailing("好的呢~")).toBe("好的");
    expect(foldTrailing("啊")).toBe("啊");
  });
  test("any text folds, and folding again changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});

describe("a stranger's text", () => {
  test("is cleaned of what PostgreSQL, JSON and eyes can't bear", () => {
    expect(cleanText("a\u0000b\ud800c\u202ed\r\ne")).toBe("ab\ufffdcd\ne");
  });
  test("is cut between characters", () => {
    expect(shorten("😀😀😀", 2)).toBe("😀…");
  });
});

describe("the village's clock", () => {
  test("is UTC+8, whatever the machine thinks", () => {
    const at = fromLocal(2026, 10, 9, 9, 5);
    expect(at.toISOString()).toBe("2026-10-09T01:05:00.000Z");
    expect(isoLocal(at)).toBe("2026-10-09T09:05:00+08:00");
    expect(localTime(at)).toMatchObject({ year: 2026, month: 10, day: 9, hour: 9, minute: 5, weekday: 5 });
  });
  test("says days as people do", () => {
    const now = fromLocal(2026, 10, 9, 9, 5);
    expect(sayDay(now, now)).toBe("周五 10月9日");
    expect(sayMoment(fromLocal(2026, 10, 8, 8, 30), now)).toBe("昨天 08:30");
    expect(sayMoment(fromLocal(2025, 10, 8, 8, 30), now)).toBe("2025年10月8日 08:30");
    expect(sayMoment(fromLocal(2026, 10, 10, 19, 0), now)).toBe("明天 19:00");
    expect(sayMoment(fromLocal(2026, 10, 11, 19, 0), now)).toBe("周日 10月11日 19:00");
  });
});

describe("working days", () => {
  test("count 调休： the Saturday after the long holiday is worked, the holiday is not", () => {
    expect(isWorkday(fromLocal(2026, 10, 10))).toBe(true);
    expect(isWorkday(fromLocal(2026, 10, 7))).toBe(false);
    expect(isWorkday(fromLocal(2026, 10, 11))).toBe(false);
  });
  test("five of them from Wednesday before the holiday end on the Tuesday after it", () => {
    // 30 Sep (day zero) · holiday 1–7 · 8, 9, 10 (made up) · Sunday · 12, 13
    expect(endOfWorkday(fromLocal(2026, 9, 30, 15), 5)).toEqual(fromLocal(2026, 10, 13, 24));
  });
  test("say how many are left, and that late is late", () => {
    const due = fromLocal(2026, 10, 13, 24);
    expect(workdaysLeft(due, fromLocal(2026, 10, 9, 9))).toBe(3);
    expect(workdaysLeft(due, fromLocal(2026, 10, 13, 23, 59))).toBe(0);
    expect(workdaysLeft(due, fromLocal(2026, 10, 14, 0, 1))).toBe(-1);
    expect(workdaysLeft(fromLocal(2026, 10, 16, 24), fromLocal(2026, 10, 17, 9))).toBe(-1);
  });
  test("a year without a plan is known to be unknown", () => {
    expect(calendarKnown(2026)).toBe(true);
    expect(calendarKnown(2035)).toBe(false);
  });
});

describe("a date in a sentence", () => {
  const now = fromLocal(2026, 10, 9, 9);
  test.each([
    ["列入计划，2027年3月底前修好", [2027, 3, 31]],
    ["3月15日前", [2027, 3, 15]],
    ["12月31日前建成", [2026, 12, 31]],
    ["明年3月动工", [2027, 3, 31]],
    ["年底前", [2026, 12, 31]],
    ["2026-11-02", [2026, 11, 2]],
    ["10月9日", [2026, 10, 9]],
  ])("%s", (text, [year, month, day]) => expect(findDate(text, now)).toEqual({ year, month, day }));
  test.each(["马上就办", "13月1日", "2月30日", ""])("%s names none", (text) => expect(findDate(text, now)).toBeNull());
});

test("ids of one moment sort in the order they were made", () => {
  const ids = Array.from({ length: 500 }, () => newId(1_790_000_000_000));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(500);
});
