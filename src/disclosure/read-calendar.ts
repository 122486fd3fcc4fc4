import type { Db } from "../db/connect.ts";
import { localDate } from "../lib/china-time.ts";
import type { VillageId } from "../lib/ids.ts";
import { addDays, type IsoDay } from "../lib/iso-day.ts";
import type { Village } from "../village/village.queries.ts";
import { type Disclosure, listDisclosures, startOf } from "./disclosure.queries.ts";
import { dueAfterEvent } from "./due-date.ts";
import { listObligations } from "./list-obligations.ts";
import { type Deeds, type Obligation, type Status, statusOf } from "./obligation.ts";
import { readPeriod, sayPeriod } from "./period.ts";
import { listRules } from "./rules.queries.ts";
import { itemOf, type Rule, rulesOn, withinOf } from "./rules.ts";

/** One obligation with what was done about it: what every page, the print and the API show. */
export type Entry = Obligation & Deeds & { status: Status; row: Disclosure | null };

export type CalendarRange = { from: IsoDay; until: IsoDay };

/** What one village owes and did, of what is due in that time, by due day. */
export async function readCalendar(db: Db, village: Village, range: CalendarRange, now: Date): Promise<Entry[]> {
  const [rules, rows, starts] = [
    await listRules(db, village),
    await listDisclosures(db, [village.id]),
    await startOf(db, [village.id]),
  ];
  return makeCalendar(village, { rules, rows, since: sinceOf(starts, village.id, now) }, range, now);
}

export const sinceOf = (starts: ReadonlyMap<VillageId, Date>, id: VillageId, now: Date): IsoDay =>
  localDate(starts.get(id) ?? now);

export type Known = { rules: readonly Rule[]; rows: readonly Disclosure[]; since: IsoDay };

/** The calendar's own obligations and what happened beside them, each joined with its row. Pure. */
export function makeCalendar(
  { calendar }: Pick<Village, "calendar">,
  { rules, rows, since }: Known,
  { from, until }: CalendarRange,
  now: Date,
): Entry[] {
  const today = localDate(now);
  const owed = listObligations({ rules, calendar, since, from, until, today });
  const known = new Set(owed.map(keyOf));
  const others = rows
    .filter((row) => !known.has(keyOf(row)))
    .map((row) => beside(row, rules, calendar, today))
    .filter((one) => one !== null && one.dueOn >= from && one.dueOn <= until);
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return [...owed, ...others.filter((one) => one !== null)]
    .map((one) => join(one, byKey.get(keyOf(one)) ?? null, today))
    .toSorted((a, b) => (a.dueOn === b.dueOn ? compare(keyOf(a), keyOf(b)) : compare(a.dueOn, b.dueOn)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = (one: { period: string } & ({ item: string } | { item: { code: string } })): string =>
  `${typeof one.item === "string" ? one.item : one.item.code} ${one.period}`;

/** A row that the calendar itself does not ask for: an event, a chain's step, or a period of an earlier rule that was posted. */
function beside(
  row: Disclosure,
  rules: readonly Rule[],
  calendar: Village["calendar"],
  today: IsoDay,
): Obligation | null {
  const effective = rulesOn(rules, row.eventOn ?? today);
  const item = itemOf(effective, row.item);
  if (row.title !== null && row.eventOn !== null) {
    const due = dueAfterEvent(row.eventOn, withinOf(item, effective.ground), calendar);
    const dueOn = row.dueOn ?? due.on;
    const why = dueOn === due.on ? due.why : sayFixed(row);
    return { item, period: row.period, label: row.title, opensOn: row.eventOn, dueOn, why };
  }
  const period = readPeriod(row.period);
  if (!period || row.boardPostedOn === null || row.dueOn === null) return null;
  const label = sayPeriod(period, Number(today.slice(0, 4)));
  const why = "按公开时的规定算的；后来规定改了，这一期不再要求。";
  return { item, period: row.period, label, opensOn: addDays(period.last, 1), dueOn: row.dueOn, why };
}

const sayFixed = (row: Disclosure): string =>
  row.chainId === null ? "按公开时的规定算的，后来改了规定也不变。" : "按这件事的步骤算的，说明写在步骤里。";

function join(one: Obligation, row: Disclosure | null, today: IsoDay): Entry {
  const deeds = {
    boardPostedOn: row?.boardPostedOn ?? null,
    smsSentOn: row?.smsSentAt ? localDate(row.smsSentAt) : null,
  };
  // Once it hangs there, whether that was in time is settled.
  const settled = row?.boardPostedOn && row.dueOn ? { ...one, dueOn: row.dueOn } : one;
  return { ...settled, ...deeds, status: statusOf(settled, deeds, today), row };
}
