import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import { fromLocal, localTime } from "../lib/china-time.ts";
import type { VillageId } from "../lib/ids.ts";
import { CATEGORIES, CATEGORY_WORDS } from "./category.ts";

/** A calendar month of the village: its name, the fields to ask for it, and its first and last moment. */
export type Month = { key: string; words: string; from: Date; until: Date };

/** `2026-10`; this month without one. */
export function readMonth(text: string | undefined, now: Date): Month {
  const today = localTime(now);
  const asked = /^(20\d{2})-(0[1-9]|1[0-2])$/.exec(text ?? "");
  const [year, month] = asked ? [Number(asked[1]), Number(asked[2])] : [today.year, today.month];
  return {
    key: `${year}-${String(month).padStart(2, "0")}`,
    words: `${year}年${month}月`,
    from: fromLocal(year, month, 1),
    until: month === 12 ? fromLocal(year + 1, 1, 1) : fromLocal(year, month + 1, 1),
  };
}

export type MonthLine = {
  label: string;
  came: number;
  answered: number;
  solved: number;
  content: number;
  open: number;
};

/**
 * What came in a month by the six classes, and how it stands now. `solved` is what the villager himself confirmed or
 * did not dispute by rating; whoever never rated is in `answered` alone. Sealed cases are counted nowhere.
 */
export async function countByCategory(db: Db, villageId: VillageId, month: Month): Promise<MonthLine[]> {
  const { rows } = await sql<Omit<MonthLine, "label"> & { category: string | null }>`
    select category, count(*)::int as came,
           count(*) filter (where answered_at is not null)::int as answered,
           count(*) filter (where result_kind = 'solved' and state = 'closed' and rating <= 2)::int as solved,
           count(*) filter (where rating <= 2)::int as content,
           count(*) filter (where state not in ('answered', 'closed', 'merged', 'declined', 'transferred'))::int as open
      from suggestions
     where village_id = ${villageId} and not sealed and opened_at >= ${month.from} and opened_at < ${month.until}
     group by category`.execute(db);
  const none = { came: 0, answered: 0, solved: 0, content: 0, open: 0 };
  const lines = CATEGORIES.map((category) => ({
    ...(rows.find((row) => row.category === category) ?? none),
    label: CATEGORY_WORDS[category],
  }));
  const rest = rows.filter((row) => !CATEGORIES.some((category) => category === row.category));
  const all = [...lines, { ...sum(rest), label: "还没归类" }];
  return [...all, { ...sum(all), label: "合计" }].map(({ label, came, answered, solved, content, open }) => ({
    label,
    came,
    answered,
    solved,
    content,
    open,
  }));
}

const sum = (lines: readonly Omit<MonthLine, "label">[]): Omit<MonthLine, "label"> =>
  lines.reduce(
    (total, one) => ({
      came: total.came + one.came,
      answered: total.answered + one.answered,
      solved: total.solved + one.solved,
      content: total.content + one.content,
      open: total.open + one.open,
    }),
    { came: 0, answered: 0, solved: 0, content: 0, open: 0 },
  );
