import { localDate } from "../lib/china-time.ts";
import type { VillageId } from "../lib/ids.ts";
import { addDays } from "../lib/iso-day.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { type Entry, readCalendar } from "./read-calendar.ts";

/** How far back and ahead an address may point. */
const REACH_DAYS = 800;

/** One entry by what its address names: `F01` and `2026-07`, or an event's `V01` and `2026-07-12`. */
export async function findEntry(work: Work, village: Village, item: string, period: string): Promise<Outcome<Entry>> {
  const today = localDate(work.now);
  const range = { from: addDays(today, -REACH_DAYS), until: addDays(today, REACH_DAYS) };
  const found = (await readCalendar(work.tx, village, range, work.now)).find(
    (one) => one.item.code === item && one.period === period,
  );
  return found ? ok(found) : refusal("not_found", "公开日历上没有这一项");
}

export async function findEntryOf(
  work: Work,
  villageId: VillageId,
  item: string,
  period: string,
): Promise<Outcome<{ village: Village; entry: Entry }>> {
  const village = await getVillage(work.tx, villageId);
  const entry = await findEntry(work, village, item, period);
  return entry.ok ? ok({ village, entry: entry.value }) : entry;
}
