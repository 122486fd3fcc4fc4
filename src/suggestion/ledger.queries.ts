import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { SuggestionId, VillageId } from "../lib/ids.ts";
import { readCases, type Suggestion } from "./suggestion.queries.ts";
import { OPEN_STATES, type SuggestionState } from "./suggestion.ts";

export type LedgerFilter = {
  states: readonly SuggestionState[] | null;
  overdue: boolean;
  now: Date;
  limit: number;
  offset: number;
};

/** The ledger: open cases first, whoever waits longest against the promise on top; then the rest, newest first. */
export async function listLedger(db: Db, villageId: VillageId, filter: LedgerFilter): Promise<Suggestion[]> {
  const open = sql<boolean>`s.state in (${sql.join(OPEN_STATES)})`;
  return await readCases(db)
    .where("s.village_id", "=", villageId)
    .$if(filter.states !== null, (query) => query.where("s.state", "in", [...(filter.states ?? [])]))
    .$if(filter.overdue, (query) => query.where("s.due_at", "<=", filter.now).where(open, "=", true))
    .orderBy(sql`case when ${open} then 0 else 1 end`)
    .orderBy(sql`case when ${open} then s.due_at end`)
    .orderBy("s.id", "desc")
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
}

export type LedgerCounts = { open: number; overdue: number; dueToday: number; answered: number; closed: number };

export async function countLedger(db: Db, villageId: VillageId, now: Date, endOfToday: Date): Promise<LedgerCounts> {
  const open = sql`state in (${sql.join(OPEN_STATES)})`;
  const { rows } = await sql<LedgerCounts>`
    select count(*) filter (where ${open})::int as open,
           count(*) filter (where ${open} and due_at <= ${now})::int as overdue,
           count(*) filter (where ${open} and due_at > ${now} and due_at <= ${endOfToday})::int as "dueToday",
           count(*) filter (where state = 'answered')::int as answered,
           count(*) filter (where state = 'closed')::int as closed
      from suggestions where village_id = ${villageId}`.execute(db);
  return rows[0] ?? { open: 0, overdue: 0, dueToday: 0, answered: 0, closed: 0 };
}

/** Answered cases that nobody rated for as many hours or days as the village gives, the longest first. */
export async function unratedTooLong(
  db: Db,
  now: Date,
  limit: number,
): Promise<{ id: SuggestionId; villageId: VillageId; answeredAt: Date }[]> {
  const { rows } = await sql<{ id: SuggestionId; villageId: VillageId; answeredAt: Date }>`
    select s.id, s.village_id as "villageId", s.answered_at as "answeredAt"
      from suggestions s join villages v on v.id = s.village_id,
           lateral (select (v.promises #>> '{rating,amount}')::int as amount,
                           v.promises #>> '{rating,unit}' as unit) r
     where s.state = 'answered'
       and s.answered_at <= ${now}::timestamptz - case r.unit
         when 'hours' then make_interval(hours => r.amount) else make_interval(days => r.amount) end
     order by s.answered_at
     limit ${limit}`.execute(db);
  return rows;
}
