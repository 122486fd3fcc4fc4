import { sayDate } from "../../lib/china-time.ts";
import type { VillageId } from "../../lib/ids.ts";
import type { Work } from "../../queue/work.ts";
import { weekOf } from "../lint/check-words.ts";
import { ENOUGH_A_WEEK } from "../lint/clarity.ts";
import { countNotices } from "../lint/count-notices.queries.ts";

/** `10月19日那一周 6 条`: weeks in which these moments, with what leaves beside them, are more than people read. */
export async function crowdedWeeks(work: Work, villageId: VillageId, moments: readonly Date[]): Promise<string[]> {
  const weeks = new Map<number, number>();
  for (const at of moments) {
    const monday = weekOf(at).from.getTime();
    weeks.set(monday, (weeks.get(monday) ?? 0) + 1);
  }
  const crowded: string[] = [];
  for (const [monday, parts] of weeks) {
    const week = weekOf(new Date(monday));
    const others = await countNotices(work.tx, villageId, { ...week, except: null, now: work.now });
    if (others + parts > ENOUGH_A_WEEK) crowded.push(`${sayDate(week.from, work.now)}那一周 ${others + parts} 条`);
  }
  return crowded;
}
