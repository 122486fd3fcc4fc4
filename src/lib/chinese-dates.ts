import { fromLocal, localTime } from "./china-time.ts";

/**
 * The first date a Chinese sentence names, as the end of what it names: "3月15日", "2027年3月底前", "明年3月",
 * "年底前", "2026-12-31". Null if it names none. A month and day without a year are the next such day.
 */
export function findDate(text: string, now: Date): { year: number; month: number; day: number } | null {
  const plain = text.normalize("NFKC").replace(/\s/g, "");
  const today = localTime(now);
  const named = /(?:(\d{4})年|(今年|明年|后年))?(\d{1,2})月(?:(\d{1,2})[日号])?/.exec(plain);
  if (named) {
    const month = Number(named[3]);
    if (month < 1 || month > 12) return null;
    const year = named[1] ? Number(named[1]) : named[2] ? today.year + YEARS_AHEAD[named[2] as YearWord] : null;
    const day = (of: number) => (named[4] ? Number(named[4]) : lastDay(of, month));
    const chosen = year ?? (isPast(today.year, month, day(today.year), now) ? today.year + 1 : today.year);
    return isDay(chosen, month, day(chosen)) ? { year: chosen, month, day: day(chosen) } : null;
  }
  const iso = /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(plain);
  if (iso) {
    const [year, month, day] = [Number(iso[1]), Number(iso[2]), Number(iso[3])];
    return isDay(year, month, day) ? { year, month, day } : null;
  }
  const yearEnd = /(今年|明年|后年)?(?:年底|年末|年内|底前)/.exec(plain);
  if (yearEnd) {
    return { year: today.year + (yearEnd[1] ? YEARS_AHEAD[yearEnd[1] as YearWord] : 0), month: 12, day: 31 };
  }
  return null;
}

type YearWord = "今年" | "明年" | "后年";
const YEARS_AHEAD: Record<YearWord, number> = { 今年: 0, 明年: 1, 后年: 2 };

const lastDay = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const isDay = (year: number, month: number, day: number) => day >= 1 && day <= lastDay(year, month);
const isPast = (year: number, month: number, day: number, now: Date) =>
  fromLocal(year, month, day, 24).getTime() <= now.getTime();
