import { STATUS_LOOKS, sayStatus } from "../disclosure/obligation.ts";
import { type Entry, makeCalendar } from "../disclosure/read-calendar.ts";
import { sayAmount } from "../finance/amount.ts";
import { sumUp } from "../finance/balance.ts";
import { hideNames, hideNumbers, joinSpaced } from "../finance/hide.ts";
import { monthBefore, sayMonth } from "../finance/sheet.ts";
import { localDate } from "../lib/china-time.ts";
import { addDays } from "../lib/iso-day.ts";
import { shareBar } from "../web/charts.ts";
import {
  countPublicVotes,
  listNamesIn,
  listPublicDisclosures,
  listPublicRules,
  listPublicSheets,
  type PublicNotice,
  type PublicSheet,
} from "./public.queries.ts";
import type { PublicVisit } from "./visit-public.ts";

/** A number as people dial it. */
export const sayNumber = (sender: string): string => sender.replace(/^\+86/, "");

/**
 * Notices as they were sent, but without what makes a stranger know a villager: names of the roster, and numbers. A
 * text went to the village's doors; this page lies open to the world.
 */
export async function describeNotices({ work }: PublicVisit, notices: readonly PublicNotice[]) {
  const hide = await hiderOf(
    work,
    notices.flatMap((one) => [one.body, ...(one.options ?? [])]),
  );
  return await Promise.all(
    notices.map(async ({ id, column, kind, state, body, options, closesAt, launchedAt, correctedBy, correctsId }) => ({
      ...{ id, column, launchedAt, correctedBy, correctsId, closesAt },
      body: hide(body),
      withdrawn: state === "canceled",
      poll:
        kind === "poll" && options
          ? {
              open: closesAt === null || closesAt > work.now,
              options: await describeVotes(work, id, options.map(hide)),
            }
          : null,
    })),
  );
}

/** Takes what points at a villager out of any of these texts. */
async function hiderOf({ tx }: PublicVisit["work"], texts: readonly string[]): Promise<(text: string) => string> {
  const spaced = texts.filter((text) => /\s/u.test(text)).map(joinSpaced);
  const names = await listNamesIn(tx, [...texts, ...spaced].join("\n"));
  return (text) => hideNames(hideNumbers(text), names);
}

async function describeVotes({ tx }: PublicVisit["work"], id: PublicNotice["id"], options: readonly string[]) {
  const votes = await countPublicVotes(tx, id);
  const all = [...votes.values()].reduce((sum, n) => sum + n, 0);
  return options.map((option, i) => {
    const n = votes.get(i + 1) ?? 0;
    return { option, votes: n, bar: shareBar(all === 0 ? 0 : n / all) };
  });
}

/** A sheet as `parts/account` takes it. */
export function describePublicSheet(sheet: PublicSheet) {
  const { income, expense } = sumUp(0, sheet.lines);
  return {
    key: sheet.month,
    month: sayMonth(sheet.month),
    last: `${Number(monthBefore(sheet.month).slice(5))}月`,
    opening: sayAmount(sheet.opening),
    income: sayAmount(income),
    expense: sayAmount(expense),
    computed: sayAmount(sheet.closing),
    postedOn: sheet.postedOn,
    amounts: { income, expense },
    entries: sheet.lines.map(({ day, kind, purpose, amount, entries }) => ({
      day: day && `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`,
      ...{ kind, purpose, count: entries },
      amount: sayAmount(amount),
    })),
  };
}

/** The newest word on each month: a correction stands before what it corrects. */
export async function newestSheets({ work, village }: PublicVisit): Promise<PublicSheet[]> {
  const all = await listPublicSheets(work.tx, village.id, null);
  return all.filter((one, i) => all.findIndex((other) => other.month === one.month) === i);
}

/** What was due lately or will be soon. */
const LOOK_BACK_DAYS = 120;
const LOOK_AHEAD_DAYS = 60;

export async function readPublicCalendar({ work, village, since }: PublicVisit) {
  const today = localDate(work.now);
  const known = {
    rules: await listPublicRules(work.tx, village),
    rows: await listPublicDisclosures(work.tx, village.id),
    since: localDate(since),
  };
  const range = { from: addDays(today, -LOOK_BACK_DAYS), until: addDays(today, LOOK_AHEAD_DAYS) };
  const entries = makeCalendar(village, known, range, work.now);
  const shown = entries.filter((one) => one.status !== "later").map((one) => describeEntry(one, today));
  // What happened is told in somebody's own words.
  const hide = await hiderOf(
    work,
    shown.map(({ label }) => label),
  );
  return shown.map((one) => ({ ...one, label: hide(one.label) }));
}

const describeEntry = (one: Entry, today: string) => ({
  title: one.item.title,
  label: one.label,
  dueOn: one.dueOn,
  boardPostedOn: one.boardPostedOn,
  smsSentOn: one.smsSentOn,
  photo: one.row?.photo ? one.row.id : null,
  look: STATUS_LOOKS[one.status],
  words: sayStatus(one, { boardPostedOn: one.boardPostedOn, smsSentOn: one.smsSentOn }, today),
  status: one.status,
});
