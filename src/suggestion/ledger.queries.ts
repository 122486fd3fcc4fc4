import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { SuggestionId, VillageId } from "../lib/ids.ts";
import type { Narrowing } from "./ledger-filter.ts";
import { readCases, type Suggestion } from "./suggestion.queries.ts";
import { OPEN_STATES, type SuggestionState } from "./suggestion.ts";

export type LedgerFilter = {
  states: readonly SuggestionState[] | null;
  overdue: boolean;
  /** Also the sealed ones that this actor may see; pages show those apart, and what leaves the house never holds them. */
  sealed?: boolean;
  /** Due by this moment at the latest. */
  dueBy?: Date;
  narrow?: Narrowing;
  now: Date;
  limit: number;
  offset: number;
};

const isOpenCase = sql<boolean>`s.state in (${sql.join(OPEN_STATES)})`;

function conditionsOf(villageId: VillageId, filter: Omit<LedgerFilter, "limit" | "offset">) {
  const { states, overdue, dueBy, narrow, now } = filter;
  const found = [sql<boolean>`s.village_id = ${villageId}`];
  if (states !== null) found.push(sql`s.state = any (${[...states]}::text[])`);
  if (overdue) found.push(sql`(s.due_at <= ${now} and ${isOpenCase})`);
  if (dueBy) found.push(sql`s.due_at <= ${dueBy}`);
  if (!filter.sealed) found.push(sql`not s.sealed`);
  if (!narrow) return found;
  const { owner, category, nature, group, since, until, words, number } = narrow;
  if (owner !== null) found.push(owner === "none" ? sql`s.owner_id is null` : sql`s.owner_id = ${owner}`);
  if (category !== null) found.push(category === "none" ? sql`s.category is null` : sql`s.category = ${category}`);
  if (nature !== null) found.push(sql`s.nature = ${nature}`);
  if (group !== null) {
    found.push(sql`exists (select from groups g where g.id = h.group_id and g.name = ${group})`);
  }
  if (narrow.escalated) found.push(sql`s.escalated_at is not null`);
  if (narrow.urgent) found.push(sql`s.urgent`);
  if (since !== null) found.push(sql`s.opened_at >= ${since}`);
  if (until !== null) found.push(sql`s.opened_at < ${until}`);
  if (number !== null) found.push(sql`s.number = ${number}`);
  if (words !== null) {
    const part = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
    const named = /^\d{1,9}$/.test(words) ? sql`s.number = ${Number(words)}` : sql`false`;
    found.push(sql`(${named} or s.text ilike ${part} or s.answer ilike ${part} or v.name like ${part}
      or h.number like ${part})`);
  }
  return found;
}

export async function countMatching(
  db: Db,
  villageId: VillageId,
  filter: Omit<LedgerFilter, "limit" | "offset">,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from suggestions s
      left join households h on h.id = s.household_id left join villagers v on v.id = s.villager_id
     where ${sql.join(conditionsOf(villageId, filter), sql` and `)}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The ledger: open cases first, whoever waits longest against the promise on top; then the rest, newest first. */
export async function listLedger(db: Db, villageId: VillageId, filter: LedgerFilter): Promise<Suggestion[]> {
  return await readCases(db)
    .where(sql<boolean>`${sql.join(conditionsOf(villageId, filter), sql` and `)}`)
    .orderBy(sql`case when ${isOpenCase} then 0 else 1 end`)
    .orderBy(sql`case when ${isOpenCase} then s.due_at end`)
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
      from suggestions where village_id = ${villageId} and not sealed`.execute(db);
  return rows[0] ?? { open: 0, overdue: 0, dueToday: 0, answered: 0, closed: 0 };
}

/**
 * Answered cases that nobody rated for as many hours or days as the village gives, the longest first; one without a
 * phone must have been told, and despair is never closed by silence.
 */
export async function unratedTooLong(
  db: Db,
  now: Date,
  limit: number,
): Promise<{ id: SuggestionId; villageId: VillageId; answeredAt: Date; sealed: boolean }[]> {
  const { rows } = await sql<{ id: SuggestionId; villageId: VillageId; answeredAt: Date; sealed: boolean }>`
    select s.id, s.village_id as "villageId", coalesce(s.told_at, s.answered_at) as "answeredAt", s.sealed
      from suggestions s join villages v on v.id = s.village_id,
           lateral (select (v.promises #>> '{rating,amount}')::int as amount,
                           v.promises #>> '{rating,unit}' as unit) r
     where s.state = 'answered' and s.danger is distinct from 'crisis'
       and (s.phone_hash is not null or s.told_at is not null)
       and coalesce(s.told_at, s.answered_at) <= ${now}::timestamptz - case r.unit
         when 'hours' then make_interval(hours => r.amount) else make_interval(days => r.amount) end
     order by s.answered_at
     limit ${limit}`.execute(db);
  return rows;
}
