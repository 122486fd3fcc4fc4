import { localTime } from "../lib/china-time.ts";
import { addDays, dayOfMonth, type IsoDay, noonOf } from "../lib/iso-day.ts";
import type { Calendar } from "../lib/workdays.ts";
import { dueAfterPeriod } from "./due-date.ts";
import type { Obligation } from "./obligation.ts";
import { nextDay, periodAt, sayPeriod } from "./period.ts";
import { dueDayOf, type EffectiveRules, type Rule, rulesOn } from "./rules.ts";

type Ask = {
  rules: readonly Rule[];
  calendar: Calendar;
  /** Nothing is owed that was due before the village began here. */
  since: IsoDay;
  /** Due from the first to the last of these days. */
  from: IsoDay;
  until: IsoDay;
  today: IsoDay;
};

/** The longest time from a period's first day to its due day: a year, and the months after it. */
const REACH_DAYS = 900;

/**
 * What a village owes by the calendar alone, each period of each item once. One walks from period to period: the rule
 * in force on a period's first day says how long it is, the one on its last day by when and whether at all; so a change
 * of cadence leaves neither a gap nor a day twice.
 */
export function listObligations(ask: Ask): Obligation[] {
  const onDay = rememberRules(ask.rules);
  const codes = new Set([...onDay(ask.until).items.keys(), ...ask.rules.map((rule) => rule.item)]);
  return [...codes].flatMap((code) => obligationsOf(code, ask, onDay));
}

function obligationsOf(code: string, ask: Ask, onDay: (day: IsoDay) => EffectiveRules): Obligation[] {
  const year = localTime(noonOf(ask.today)).year;
  const found: Obligation[] = [];
  let day = startOfYear(addDays(ask.from, -REACH_DAYS));
  while (day <= ask.until) {
    const begun = onDay(day).items.get(code);
    if (!begun?.active || begun.cadence === "E") {
      day = nextMonth(day);
      continue;
    }
    const period = periodAt(begun.cadence, day);
    const { items, ground } = onDay(period.last);
    const item = items.get(code);
    if (item?.active && item.cadence !== "E") {
      const { on, why } = dueAfterPeriod(period, dueDayOf(item, period.cadence, ground), ask.calendar);
      if (on >= ask.since && on >= ask.from && on <= ask.until) {
        const label = sayPeriod(period, year);
        found.push({ item, period: period.key, label, opensOn: nextDay(period), dueOn: on, why });
      }
    }
    day = nextDay(period);
  }
  return found;
}

/** A walk begins where a year does, so that it meets every item's periods at their beginnings. */
const startOfYear = (day: IsoDay): IsoDay => `${day.slice(0, 4)}-01-01`;
const nextMonth = (day: IsoDay): IsoDay => dayOfMonth(Number(day.slice(0, 4)), Number(day.slice(5, 7)) + 1, 1);

/** All items are walked over the same few days. */
function rememberRules(rules: readonly Rule[]): (day: IsoDay) => EffectiveRules {
  const known = new Map<string, EffectiveRules>();
  const turns = rules.map((rule) => rule.fromOn).toSorted();
  return (day) => {
    // Between two changes the rules stay what they are.
    const key = turns.findLast((turn) => turn <= day) ?? "";
    const found = known.get(key) ?? rulesOn(rules, day);
    known.set(key, found);
    return found;
  };
}
