import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import type { Table } from "../lib/csv.ts";
import { maskPhone } from "../lib/phone.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { CATEGORY_WORDS, type Category } from "./category.ts";
import { type LedgerFilter, listLedger } from "./ledger.queries.ts";
import { type Asked, readNarrowing, readView } from "./ledger-filter.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen, NATURE_WORDS, RATING_WORDS, type Rating, RESULT_WORDS, SUGGESTION_STATE_WORDS } from "./suggestion.ts";

/** A village's ledger of many years; a larger one is exported by its dates. */
const MOST_ROWS = 20_000;

/** The same cases that the page shows for this address. */
export function readFilter(asked: Asked, now: Date, endOfToday: Date): Omit<LedgerFilter, "limit" | "offset"> {
  const view = readView(asked);
  return {
    states: view.states,
    overdue: view.key === "late",
    ...(view.key === "today" ? { dueBy: endOfToday } : {}),
    narrow: readNarrowing(asked),
    now,
  };
}

/** What leaves the house is logged, with how much and whether whole phone numbers went with it. */
export async function exportLedger(
  work: Work,
  village: Village,
  filter: Omit<LedgerFilter, "limit" | "offset">,
  wish: { format: "csv" | "xlsx" | "print"; phones: boolean },
  sealer: Sealer,
): Promise<Outcome<{ rows: Suggestion[]; table: Table }>> {
  if (wish.phones && !may(work.actor.role, "phone.reveal")) return refusal("forbidden", "您的角色不能导出完整号码");
  const rows = await listLedger(work.tx, village.id, { ...filter, limit: MOST_ROWS, offset: 0 });
  await audit(work, {
    chain: village.id,
    action: "suggestion.export",
    subject: "village",
    subjectId: village.id,
    detail: { format: wish.format, rows: rows.length, phones: wish.phones },
  });
  const table = [HEADINGS, ...rows.map((row) => writeRow(row, wish.phones, sealer, work.now))];
  return ok({ rows, table });
}

const HEADINGS = [
  ...["编号", "来信日期", "来源", "户号", "村民", "电话", "反映内容", "性质", "类别", "紧急", "负责人"],
  ...["承诺日期", "状态", "超期", "上报乡镇", "办理结果", "答复内容", "答复日期", "评价", "转往"],
];

function writeRow(row: Suggestion, phones: boolean, sealer: Sealer, now: Date): (string | number)[] {
  const phone = row.phone ? sealer.openPhone(row.phone) : null;
  const late = isOpen(row.state) ? row.dueAt <= now : (row.answeredAt ?? row.closedAt ?? now) > row.dueAt;
  return [
    row.number,
    localDate(row.openedAt),
    row.source === "oral" ? "当面" : "短信",
    row.household ?? "",
    row.villager ?? "",
    phone === null ? "" : phones ? phone.replace(/^\+86/, "") : maskPhone(phone),
    row.text,
    NATURE_WORDS[row.nature],
    row.category ? (CATEGORY_WORDS[row.category as Category] ?? row.category) : "",
    row.urgent ? "是" : "",
    row.owner ?? "",
    localDate(new Date(row.dueAt.getTime() - 1)),
    SUGGESTION_STATE_WORDS[row.state],
    late ? "是" : "",
    row.escalatedAt ? localDate(row.escalatedAt) : "",
    row.resultKind ? RESULT_WORDS[row.resultKind] : "",
    row.answer ?? "",
    row.answeredAt ? localDate(row.answeredAt) : "",
    row.rating === null ? "" : `${RATING_WORDS[row.rating as Rating]}${row.ratedOrally ? "（当面）" : ""}`,
    row.passedTo ?? "",
  ];
}
