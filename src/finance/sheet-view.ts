import type { Broadcast } from "../broadcast/broadcast.queries.ts";
import { BROADCAST_STATE_WORDS } from "../broadcast/broadcast.ts";
import { localDate } from "../lib/china-time.ts";
import { type Actor, may } from "../lib/roles.ts";
import { monthBars } from "../web/charts.ts";
import { sayAmount } from "./amount.ts";
import { type Before, checkSheet, sumUp } from "./balance.ts";
import { hideNumbers } from "./hide.ts";
import { explainDifference, sayHint } from "./hints.ts";
import type { ListedSheet } from "./sheet.queries.ts";
import {
  CATEGORIES,
  ENTRY_CATEGORIES,
  type Entry,
  type EntryKind,
  KIND_WORDS,
  monthBefore,
  SHEET_STATE_WORDS,
  type Sheet,
  sayMonth,
  VIA_WORDS,
  VIAS,
} from "./sheet.ts";

const TONES = { draft: "off", locked: "soon", posted: "done" } as const;

/** One entry as an account book has it; numbers that are a person's keep only their ends. */
export const describeEntry = ({ day, kind, category, via, ...entry }: Entry) => ({
  ...entry,
  day: `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`,
  kind,
  amount: sayAmount(entry.amount),
  purpose: hideNumbers(entry.purpose),
  category: CATEGORIES[category].words,
  via: via ? VIA_WORDS[via] : "",
  handler: hideNumbers(entry.handler),
  voucher: hideNumbers(entry.voucher),
});

/** The page's picture of one sheet: what is in it, what is wrong with it, and what this person may do next. */
export function describeSheet(
  sheet: Sheet,
  entries: readonly Entry[],
  before: Before,
  notice: Broadcast | undefined,
  correctedBy: string | null,
  actor: Actor,
  now: Date,
) {
  const edit = may(actor.role, "sheet.edit");
  const sums = sumUp(sheet.opening ?? 0, entries);
  const problems = sheet.state === "draft" ? checkSheet(sheet, entries, before) : [];
  const wrong = problems.find((one) => one.code === "does_not_balance");
  const hints = wrong?.difference ? explainDifference(wrong.difference, entries, sheet.closing ?? 0) : [];
  const over = sheet.month < localDate(now).slice(0, 7);
  return {
    id: sheet.id,
    month: sayMonth(sheet.month),
    first: `${sheet.month}-01`,
    last: sayMonth(monthBefore(sheet.month)),
    state: SHEET_STATE_WORDS[sheet.state],
    tone: correctedBy ? "off" : TONES[sheet.state],
    draft: sheet.state === "draft",
    corrects: sheet.correctsId,
    correctedBy,
    opening: sheet.opening === null ? null : sayAmount(sheet.opening),
    closing: sheet.closing === null ? null : sayAmount(sheet.closing),
    income: sayAmount(sums.income),
    expense: sayAmount(sums.expense),
    computed: sayAmount(sums.computed),
    entries: entries.map(describeEntry),
    problems: problems.map((one) => one.message),
    hints: hints.map((hint) => sayHint(hint, entries)),
    ready: problems.length === 0,
    over,
    before: before && { month: sayMonth(before.month), closing: sayAmount(before.closing) },
    maker: sheet.maker,
    posted: sheet.postedOn && { on: sheet.postedOn, by: sheet.poster },
    notice: notice && describeNotice(notice),
    can: {
      edit: edit && sheet.state === "draft",
      lock: edit && sheet.state === "draft" && over && problems.length === 0,
      unlock: edit && sheet.state === "locked",
      post: edit && sheet.state === "locked" && Boolean(notice?.frozenAt),
      correct: edit && sheet.state === "posted" && !correctedBy,
    },
  };
}

const describeNotice = (notice: Broadcast) => ({
  id: notice.id,
  words: BROADCAST_STATE_WORDS[notice.state],
  open: notice.state === "draft" || notice.state === "returned",
  gone: notice.state === "canceled" && notice.launchedAt === null,
  overseer: notice.overseer,
  overseenAt: notice.overseenAt,
  approver: notice.approver,
  approvedAt: notice.approvedAt,
});

export const CATEGORY_OPTIONS = (["income", "expense"] as const satisfies EntryKind[]).map((kind) => ({
  label: KIND_WORDS[kind],
  options: ENTRY_CATEGORIES.filter((one) => CATEGORIES[one].kind === kind).map((one) => ({
    value: one,
    label: CATEGORIES[one].words,
  })),
}));
export const VIA_OPTIONS = [
  { value: "", label: "不写" },
  ...VIAS.map((via) => ({ value: via, label: VIA_WORDS[via] })),
];
export const KIND_OPTIONS = (["expense", "income"] as const).map((kind) => ({ value: kind, label: KIND_WORDS[kind] }));

/** One year, oldest month first, each month as its newest posted sheet has it, or as far as it is filled in. */
export function describeYear(sheets: readonly ListedSheet[]) {
  const shown = sheets.filter((one) => one.correctedBy === null && (one.correctsId === null || one.state === "posted"));
  const months = shown.toReversed().map((one) => {
    const computed = (one.opening ?? 0) + one.income - one.expense;
    return {
      id: one.id,
      number: Number(one.month.slice(5)),
      opening: one.opening === null ? "" : sayAmount(one.opening),
      income: sayAmount(one.income),
      expense: sayAmount(one.expense),
      closing: sayAmount(one.state === "draft" ? computed : (one.closing ?? 0)),
      entries: one.entries,
      state: SHEET_STATE_WORDS[one.state],
      tone: TONES[one.state],
      corrected: one.correctsId !== null,
      posted: one.state === "posted",
    };
  });
  const total = (kind: "income" | "expense") => sayAmount(shown.reduce((sum, one) => sum + one[kind], 0));
  return {
    months,
    income: total("income"),
    expense: total("expense"),
    bars: monthBars(
      shown
        .toReversed()
        .map(({ month, income, expense }) => ({ label: String(Number(month.slice(5))), income, expense })),
    ),
  };
}
