import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutSeries, writeSeries } from "../../src/broadcast/series/series.ts";
import { countSegments } from "../../src/message/segments.ts";

const SIGNATURE = "郭家村村委会";
const MARK = /^（(\d+)\/(\d+)）/;
const PIECES = [
  "村里",
  "补贴每亩120元",
  "《关于2026年耕地地力保护补贴的通知》",
  "👵🏽",
  "𠮷",
  "{{姓名}}",
  "，",
  "。",
  "！",
  "\n",
  " ",
  "；",
  "、",
  "138",
  "a",
  "：”",
];
const texts = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 300 }).map((all) => all.join(""));

describe("cutting a long text", () => {
  test("loses nothing, keeps the order and fits", () => {
    fc.assert(
      fc.property(
        fc.oneof(texts, fc.string({ unit: "grapheme", maxLength: 400 })),
        fc.integer({ min: 20, max: 140 }),
        (text, units) => {
          const pieces = cutSeries(text, units);
          expect(pieces.join("")).toBe(text);
          for (const piece of pieces) {
            expect(piece.length).toBeLessThanOrEqual(units);
            expect(piece.isWellFormed()).toBe(text.isWellFormed());
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("never inside a number, a title or a blank that fits a piece", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 40, max: 140 }), (text, units) => {
        let at = 0;
        const borders = cutSeries(text, units).map((piece) => (at += piece.length));
        for (const kept of text.matchAll(/《[^》]*》|\{\{[^}]*\}\}|\d+元?/g)) {
          const inside = borders.filter((border) => border > kept.index && border < kept.index + kept[0].length);
          expect(inside).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("one character to the eye that is longer than a piece gives way, whole code points do not", () => {
    const family = "👨‍👩‍👧‍👦";
    const pieces = cutSeries(family.repeat(2), 4);
    expect(pieces.join("")).toBe(family.repeat(2));
    expect(pieces.filter((piece) => piece.length > 4 || !piece.isWellFormed())).toEqual([]);
  });

  test("after a sentence, else after a clause, else anywhere", () => {
    expect(cutSeries("一二三四。五六七八。九十", 11)).toEqual(["一二三四。五六七八。", "九十"]);
    expect(cutSeries("一二三四，五六七八九十甲乙", 8)).toEqual(["一二三四，", "五六七八九十甲乙"]);
    expect(cutSeries("一二三四五六七八九十", 4)).toEqual(["一二三四", "五六七八", "九十"]);
    expect(cutSeries("他说：“好。”走了", 7)).toEqual(["他说：“好。”", "走了"]);
  });
});

describe("writing a series", () => {
  test("every part is within its segments, numbered, and the text is all there", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 3 }), (text, segments) => {
        const parts = writeSeries(text, SIGNATURE, segments);
        for (const part of parts) {
          expect(countSegments(`【${SIGNATURE}】${part}`).segments).toBeLessThanOrEqual(segments);
        }
        if (parts.length > 1) {
          expect(parts.map((part) => MARK.exec(part)?.slice(1).map(Number))).toEqual(
            parts.map((_, i) => [i + 1, parts.length]),
          );
        }
        const bare = (words: string) => words.replace(/\s/g, "");
        expect(bare(parts.map((part) => part.replace(MARK, "")).join(""))).toBe(bare(text));
      }),
      { numRuns: 500 },
    );
  });

  test("a text that fits stays one, without a mark", () => {
    expect(writeSeries("明天停水。", SIGNATURE, 1)).toEqual(["明天停水。"]);
  });

  test("more than nine parts have wider marks and still fit", () => {
    const parts = writeSeries("政策讲清楚。".repeat(200), SIGNATURE, 1);
    expect(parts.length).toBeGreaterThan(9);
    expect(parts.every((part) => countSegments(`【${SIGNATURE}】${part}`).segments === 1)).toBe(true);
  });
});
