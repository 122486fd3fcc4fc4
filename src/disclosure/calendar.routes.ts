import type { FastifyInstance } from "fastify";
import { localDate } from "../lib/china-time.ts";
import { addDays } from "../lib/iso-day.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type LightKind, lightSample } from "../web/lights.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { CLASS_WORDS, ITEM_CLASSES } from "./catalogue.ts";
import { describeEntry, sayTitle, sortEntries, yearStrip } from "./describe-entry.ts";
import { STATUS_LOOKS, STATUSES } from "./obligation.ts";
import { listEventItems, openEvent } from "./open-event.ts";
import { type Entry, readCalendar } from "./read-calendar.ts";

const AHEAD_DAYS = 40;
const DONE_SHOWN = 8;

/** The calendar of one village: what is due next, the year in lights, the year as a table to print, and what happened. */
export function disclosureCalendarRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/v/:code/disclosure", access: "disclosure.read", show: showCalendar });
  pageRoute(app, deps, { url: "/v/:code/disclosure/year", access: "disclosure.read", show: showYear });
  pageRoute(app, deps, { url: "/v/:code/disclosure/events/new", access: "disclosure.post", show: showNewEvent });
  pageForm(app, deps, {
    url: "/v/:code/disclosure/events",
    access: "disclosure.post",
    page: showNewEvent,
    async act(work, params, { item = "", title = "", on = "" }) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const opened = await openEvent(work, village.value, { item, title, on });
      return opened.ok
        ? ok(`/v/${params.code}/disclosure/${opened.value.item}/${opened.value.period}?done=event_opened`)
        : opened;
    },
  });
}

/** The year asked for, and of this one also what is left from the last and comes with the next. */
async function readYear(work: Work, village: Village, year: number): Promise<{ year: Entry[]; around: Entry[] }> {
  const today = localDate(work.now);
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  const ahead = addDays(today, AHEAD_DAYS);
  const until = year === Number(today.slice(0, 4)) && ahead > last ? ahead : last;
  const around = await readCalendar(work.tx, village, { from: addDays(first, -180), until }, work.now);
  return { year: around.filter((one) => one.dueOn >= first && one.dueOn <= last), around };
}

async function showCalendar({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const today = localDate(work.now);
  const thisYear = Number(today.slice(0, 4));
  const { year, around } = await readYear(work, village.value, thisYear);
  const { pressing, ahead, done } = sortEntries(around, today, AHEAD_DAYS);
  const words = (entries: readonly Entry[]) => entries.map((one) => describeEntry(one, work.now));
  return ok({
    view: "disclosure",
    title: sayTitle(pressing),
    tab: "more",
    village: village.value,
    data: {
      year: thisYear,
      strip: yearStrip(year, thisYear, today),
      legend: legend(),
      pressing: words(pressing),
      ahead: words(ahead),
      published: words(done.slice(0, DONE_SHOWN)),
      township: work.actor.role === "township",
      post: may(work.actor.role, "disclosure.post"),
    },
  });
}

/** One sample of each light, with its words. */
function legend(): { svg: string; words: string }[] {
  const kinds = new Map<LightKind, string[]>();
  for (const status of [...STATUSES].reverse()) {
    const { tone, word } = STATUS_LOOKS[status];
    kinds.set(tone, [...(kinds.get(tone) ?? []), word]);
  }
  return [...kinds].map(([kind, words]) => ({ svg: lightSample(kind), words: words.join("、") }));
}

async function showYear({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const thisYear = Number(localDate(work.now).slice(0, 4));
  const year = Number(/^20\d\d$/.exec(query.year ?? "")?.[0] ?? thisYear);
  const { year: entries } = await readYear(work, village.value, year);
  const groups = ITEM_CLASSES.map((itemClass) => ({
    words: CLASS_WORDS[itemClass],
    items: groupByItem(
      entries.filter((one) => one.item.class === itemClass),
      work.now,
    ),
  }));
  return ok({
    view: "disclosure-year",
    title: `${year}年公开日历`,
    tab: "more",
    village: village.value,
    data: {
      year,
      years: [thisYear - 1, thisYear, thisYear + 1],
      groups: groups.filter((group) => group.items.length > 0),
      printedOn: localDate(work.now),
    },
  });
}

function groupByItem(entries: readonly Entry[], now: Date) {
  const codes = [...new Set(entries.map((one) => one.item.code))].sort();
  return codes.map((code) => {
    const own = entries.filter((one) => one.item.code === code);
    const described = own.map((one) => ({ ...describeEntry(one, now), label: one.label, mark: markOf(one) }));
    const months = Array.from({ length: 12 }, (_, i) => described.filter((one) => one.month === i + 1));
    return { code, title: own[0]?.item.title ?? code, months };
  });
}

/** In the table one letter and a day say it, in black and white too. */
function markOf({ status, boardPostedOn }: Entry): string {
  const day = boardPostedOn === null ? "" : `${Number(boardPostedOn.slice(5, 7))}.${Number(boardPostedOn.slice(8))}`;
  return { overdue: "✗", half: "△", soon: "△", open: "○", later: "·", done: `✓${day}`, done_late: `迟${day}` }[status];
}

async function showNewEvent({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const items = await listEventItems(work, village.value);
  return ok({
    view: "disclosure-event",
    title: "发生了一件要公开的事",
    tab: "more",
    village: village.value,
    data: {
      form: problem?.fields ?? { on: localDate(work.now) },
      items: ITEM_CLASSES.map((itemClass) => ({
        label: CLASS_WORDS[itemClass],
        options: items.filter((one) => one.class === itemClass).map((one) => ({ value: one.code, label: one.title })),
      })),
    },
  });
}
