import { localDate } from "../lib/china-time.ts";
import { addDays } from "../lib/iso-day.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { describeEntry, type EntryWords } from "./describe-entry.ts";
import { isPressing, SOON_DAYS } from "./obligation.ts";
import { readCalendar } from "./read-calendar.ts";

const SHOWN = 3;
/** Older debts are in the calendar; a day's page is for what can be done today. */
const BACK_DAYS = 60;

/** What of the calendar presses today, the longest overdue first. */
export async function readDueToday(work: Work, village: Village): Promise<{ list: EntryWords[]; more: number }> {
  const today = localDate(work.now);
  const range = { from: addDays(today, -BACK_DAYS), until: addDays(today, SOON_DAYS) };
  const pressing = (await readCalendar(work.tx, village, range, work.now)).filter((one) => isPressing(one.status));
  return { list: pressing.slice(0, SHOWN).map((one) => describeEntry(one, work.now)), more: pressing.length - SHOWN };
}
