import { BROADCAST_STATE_WORDS } from "../broadcast/broadcast.ts";
import { localDate } from "../lib/china-time.ts";
import { addDays } from "../lib/iso-day.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { saySpan } from "../lib/spans.ts";
import { shorten } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { SUGGESTION_STATE_WORDS } from "../suggestion/suggestion.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import type { Page, Visit } from "../web/page.ts";
import { describeEntry, describeItem } from "./describe-entry.ts";
import { listNotices } from "./disclosure.queries.ts";
import { sayIsoDay } from "./due-date.ts";
import { findEntry } from "./find-entry.ts";
import { listObjections } from "./objection.queries.ts";
import { answerings, windowOf } from "./objection.ts";
import { type Entry, readCalendar } from "./read-calendar.ts";
import { listRules } from "./rules.queries.ts";
import { rulesOn } from "./rules.ts";

const HISTORY_DAYS = 500;
const HISTORY_SHOWN = 8;

/** One item and period: where it stands and why, its two kinds of evidence, objections, basis and history. */
export async function showItem({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const found = await visitVillage(work, params);
  if (!found.ok) return found;
  const village = found.value;
  const one = await findEntry(work, village, params.item ?? "", params.period ?? "");
  if (!one.ok) return one;
  const entry = one.value;
  const today = localDate(work.now);
  const { ground } = rulesOn(await listRules(work.tx, village), entry.boardPostedOn ?? today);
  const notices = entry.row ? await listNotices(work.tx, entry.row.id) : [];
  const { role } = work.actor;
  const described = describeEntry(entry, work.now);
  return ok({
    view: "disclosure-item",
    title: described.title,
    tab: "more",
    village,
    data: {
      entry: { ...described, why: entry.why, opensOn: entry.opensOn },
      rule: describeItem(entry.item),
      board: describeBoard(entry, today),
      notices: notices.map((notice) => ({ ...notice, words: BROADCAST_STATE_WORDS[notice.state] })),
      smsSentOn: entry.smsSentOn,
      photo: entry.row?.photo ?? null,
      chainId: entry.row?.chainId ?? null,
      sheet: entry.item.code === "F01" && may(role, "sheet.read") ? (entry.row?.sheetId ?? "") : null,
      objections: await describeObjections(work, village, entry, ground.objectionDays, today),
      keepDays: ground.keepDays,
      history: await listHistory(work, village, entry),
      form: { postedOn: today, repostedOn: today, ...problem?.fields },
      latest: today,
      post: may(role, "disclosure.post") && entry.status !== "later",
      draft: may(role, "broadcast.draft"),
    },
  });
}

/** What hangs there, until when it must, and when it may come off. */
function describeBoard({ row, boardPostedOn }: Entry, today: string) {
  if (!row || boardPostedOn === null || row.boardUntil === null) return null;
  const hangs = today <= row.boardUntil;
  return {
    postedOn: boardPostedOn,
    repostedOn: row.repostedOn,
    by: row.postedBy,
    until: row.boardUntil,
    hangs,
    words: hangs
      ? `要贴到${sayIsoDay(row.boardUntil)}，被撕了、淋了就重新贴`
      : `贴满了，${sayIsoDay(row.boardUntil)}以后可以取下`,
  };
}

async function describeObjections(work: Work, village: Village, entry: Entry, days: number, today: string) {
  const window = windowOf(entry, days, village.calendar, today);
  const all = entry.row ? await listObjections(work.tx, village.id, entry.row.id) : [];
  const rules = { answer: village.promises.objection, calendar: village.calendar };
  return {
    window,
    days,
    answer: saySpan(village.promises.objection),
    list: answerings(all, window, rules, today).map((one) => ({
      ...one,
      text: shorten(one.text, 40),
      state: SUGGESTION_STATE_WORDS[one.state],
    })),
  };
}

/** The same item at other times, newest first. */
async function listHistory(work: Work, village: Village, entry: Entry) {
  const range = { from: addDays(localDate(work.now), -HISTORY_DAYS), until: addDays(localDate(work.now), 1) };
  const all = await readCalendar(work.tx, village, range, work.now);
  return all
    .filter((one) => one.item.code === entry.item.code && one.period !== entry.period)
    .toReversed()
    .slice(0, HISTORY_SHOWN)
    .map((one) => describeEntry(one, work.now));
}
