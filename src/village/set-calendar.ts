import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import { localTime } from "../lib/china-time.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { type CalendarScope, clearDay, countyOf, setDay, villagesUnder } from "./calendar.queries.ts";
import type { Village } from "./village.queries.ts";

export const SCOPES = ["township", "county", "country"] as const;
export type ScopeName = (typeof SCOPES)[number];
export const SCOPE_WORDS: Record<ScopeName, string> = { township: "本乡镇", county: "全县", country: "全国" };

/** `off` null: back to the plan. */
export type DayWish = { day: string; off: boolean | null; reason: string; scope: ScopeName };

/**
 * Sets one day off or on for everybody in a scope, seen from one of its villages. A township sets its own days, the
 * platform any. Every village it counts for has its open cases' dates reckoned again, at once.
 */
export async function setCalendarDay(work: Work, village: Village, wish: DayWish): Promise<Outcome<string>> {
  const reason = cleanText(wish.reason).trim().slice(0, 60);
  const errors: FieldError[] = [];
  if (!isNearDay(wish.day, work.now)) {
    errors.push({ field: "day", message: "日期要写成 2027-02-05 这样，在去年到后年之间" });
  }
  if (wish.off !== null && reason === "") {
    errors.push({ field: "reason", message: "请写原因，比如“国务院通知：国庆节放假”" });
  }
  const scope = await scopeOf(work, village, wish.scope);
  if (scope === null) errors.push({ field: "scope", message: sayWrongScope(work, wish.scope) });
  if (errors.length > 0 || scope === null) return invalid(...errors);

  if (wish.off === null) await clearDay(work.tx, scope, wish.day);
  else await setDay(work.tx, scope, wish.day, { off: wish.off, reason, by: work.actor.id }, work.now);
  for (const villageId of await villagesUnder(work.tx, scope)) {
    work.ring({ queue: "reckon-dates", payload: { villageId } });
  }
  await audit(work, {
    chain: scope.townshipId ?? PLATFORM_CHAIN,
    action: "calendar.set_day",
    subject: scope.townshipId ? "township" : scope.countyId ? "county" : "country",
    subjectId: scope.townshipId ?? scope.countyId,
    detail: { day: wish.day, off: wish.off },
  });
  return ok(wish.day);
}

async function scopeOf(work: Work, village: Village, name: ScopeName): Promise<CalendarScope | null> {
  if (name === "township") return village.townshipId ? { countyId: null, townshipId: village.townshipId } : null;
  if (work.actor.role !== "platform") return null;
  if (name === "country") return { countyId: null, townshipId: null };
  const countyId = await countyOf(work.tx, village.townshipId);
  return countyId ? { countyId, townshipId: null } : null;
}

const sayWrongScope = (work: Work, name: ScopeName): string =>
  name !== "township" && work.actor.role !== "platform"
    ? "乡镇只能定本乡镇的日子"
    : `这个村没有${name === "county" ? "所属的县" : "所属的乡镇"}`;

function isNearDay(day: string, now: Date): boolean {
  const [, year] = /^(\d{4})-\d{2}-\d{2}$/.exec(day) ?? [];
  const at = new Date(`${day}T00:00:00Z`);
  if (!year || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) return false;
  return Math.abs(Number(year) - localTime(now).year - 0.5) < 2;
}
