import { fromLocal, localTime } from "./china-time.ts";
import { after, DAY } from "./clock.ts";

/**
 * The first date a Chinese sentence names, as the end of what it names: "3月15日", "2027年3月底前", "明年3月",
 * "年底前", "月底前", "2026-12-31". Null if it names none. A month and day without a year are the next such day.
 */
export function findDate(text: string, now: Date): Day | null {
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
  const yearEnd = /(今年|明年|后年)年?(?:底|末|内)|年(?:底|末|内)/.exec(plain);
  if (yearEnd) {
    return { year: today.year + (yearEnd[1] ? YEARS_AHEAD[yearEnd[1] as YearWord] : 0), month: 12, day: 31 };
  }
  const monthEnd = /(下个?)?月(?:底|末)/.exec(plain);
  if (monthEnd) {
    const { year, month } = localTime(fromLocal(today.year, today.month + (monthEnd[1] ? 1 : 0), 1));
    return { year, month, day: lastDay(year, month) };
  }
  return null;
}

export type Day = { year: number; month: number; day: number };

/**
 * The same, and days that count from today: "明天", "后天", "3天内", "两周内", "这周五", "下周三", "下周" (its Friday,
 * when the working week ends).
 */
export function findDay(text: string, now: Date): Day | null {
  const named = findDate(text, now);
  if (named) return named;
  const plain = text.normalize("NFKC").replace(/\s/g, "");
  const away = countDaysAway(plain, localTime(now).weekday);
  if (away === null) return null;
  const { year, month, day } = localTime(after(now, away * DAY));
  return { year, month, day };
}

function countDaysAway(plain: string, weekday: number): number | null {
  const near = /大后天|后天|明天|明日|明早|明晚|今天|今日|今晚|当天/.exec(plain)?.[0];
  if (near) return near === "大后天" ? 3 : near === "后天" ? 2 : near.startsWith("明") ? 1 : 0;
  const within = /([\d一二两三四五六七八九十]{1,3})(?:个)?(天|日|周|星期|礼拜)(?:之|以)?(?:内|后)/.exec(plain);
  if (within) {
    const count = readSmallNumber(within[1] ?? "");
    return count === null ? null : count * (within[2] === "天" || within[2] === "日" ? 1 : 7);
  }
  const week = /(下下|下|这|本)个?(?:周|星期|礼拜)([一二三四五六日天末])?/.exec(plain);
  if (!week) return null;
  const weeks = week[1] === "下下" ? 2 : week[1] === "下" ? 1 : 0;
  const wanted = "一二三四五六日".indexOf((week[2] ?? "五").replace("天", "日").replace("末", "日")) + 1;
  // A week begins on Monday.
  return weeks * 7 + wanted - (weekday === 0 ? 7 : weekday);
}

/** `3`, `三`, `十`, `十五`, `二十`: what people count days with. */
export function readSmallNumber(text: string): number | null {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const digit = (character: string | undefined) =>
    character === "两" ? 2 : "零一二三四五六七八九".indexOf(character ?? "");
  const tens = /^([一二三四五六七八九])?十([一二三四五六七八九])?$/.exec(text);
  if (tens) return (tens[1] ? digit(tens[1]) : 1) * 10 + (tens[2] ? digit(tens[2]) : 0);
  return /^[一二两三四五六七八九]$/.test(text) ? digit(text) : null;
}

type YearWord = "今年" | "明年" | "后年";
const YEARS_AHEAD: Record<YearWord, number> = { 今年: 0, 明年: 1, 后年: 2 };

const lastDay = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const isDay = (year: number, month: number, day: number) => day >= 1 && day <= lastDay(year, month);
const isPast = (year: number, month: number, day: number, now: Date) =>
  fromLocal(year, month, day, 24).getTime() <= now.getTime();
