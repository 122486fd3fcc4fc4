import { describe, expect, test } from "vitest";
import { lintText } from "../../src/broadcast/lint/lint.ts";
import { blankProblem, fillBlanks } from "../../src/broadcast/personal/blanks.ts";
import { planSeries } from "../../src/broadcast/series/plan-series.ts";
import { LONGEST_NAME, TABLE_BLANKS } from "../../src/broadcast/template/template.ts";
import { localDate } from "../../src/lib/china-time.ts";
import { FOUNDING_COLUMNS } from "../../src/village/columns.ts";
import { FOUNDING_TEMPLATES } from "../../src/village/founding-templates.ts";

describe("founding templates", () => {
  test.each(FOUNDING_COLUMNS.map(({ name }) => name))("%s has two or more", (column) => {
    expect(FOUNDING_TEMPLATES.filter((one) => one.column === column).length).toBeGreaterThanOrEqual(2);
  });

  test("each has a name of its own in its column, known blanks, and nothing to block", () => {
    expect(new Set(FOUNDING_TEMPLATES.map(({ column, name }) => column + name)).size).toBe(FOUNDING_TEMPLATES.length);
    for (const { name, body } of FOUNDING_TEMPLATES) {
      expect(name.length).toBeLessThanOrEqual(LONGEST_NAME);
      expect(blankProblem(body, Object.keys(TABLE_BLANKS))).toBeNull();
      // Whoever writes has filled the gaps; left open they are told of.
      const filled = fillBlanks(body, TABLE_BLANKS).text.replaceAll("__", "三");
      expect(lintText(filled).filter(({ level }) => level === "block")).toEqual([]);
    }
  });
});

describe("when the parts of a series leave", () => {
  const village = { sendingHours: [["07:30", "20:30"]] as [string, string][], calendar: {} };
  const now = new Date("2026-09-29T10:00:00+08:00");
  const rhythm = { date: "2026-09-29", clock: "19:00", everyDays: 1, skipHolidays: true };
  const days = (wish: Partial<typeof rhythm>, parts = 3) => {
    const planned = planSeries({ ...rhythm, ...wish }, parts, village, now);
    return planned.ok ? planned.value.map(localDate) : planned.refusal.errors?.[0]?.field;
  };

  test("every so many days, over a holiday to the day after it", () => {
    expect(days({})).toEqual(["2026-09-29", "2026-09-30", "2026-10-08"]);
    expect(days({ skipHolidays: false })).toEqual(["2026-09-29", "2026-09-30", "2026-10-01"]);
    expect(days({ everyDays: 7 })).toEqual(["2026-09-29", "2026-10-08", "2026-10-15"]);
  });

  test("what cannot be is refused beside its field", () => {
    expect(days({ clock: "09:00" })).toBe("date");
    expect(days({ clock: "22:00" })).toBe("clock");
    expect(days({ clock: "晚上" })).toBe("clock");
    expect(days({ date: "2026-02-30" })).toBe("date");
    expect(days({ everyDays: 30 })).toHaveLength(3);
    expect(days({ everyDays: 31 })).toBe("everyDays");
    expect(days({ everyDays: 0 })).toBe("everyDays");
    expect(days({ everyDays: Number.NaN })).toBe("everyDays");
  });
});
