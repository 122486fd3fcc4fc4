import { sql } from "kysely";
import { CARRIER_CODES } from "../carrier/refusals.ts";
import type { Db, Tx } from "../db/connect.ts";
import { type ChannelId, type MessageId, newId } from "../lib/ids.ts";
import { REPORT_RANK, type ReportState } from "./message.ts";

/** One thing the carrier said of a text. Without `messageId` it is matched by the carrier's id, now or later. */
export type Report = {
  channelId: ChannelId | null;
  messageId: MessageId | null;
  attempt: number | null;
  carrierMessageId: string;
  /** The carrier's own word, and what it means for us; null for a word that means nothing. */
  word: string;
  state: ReportState | null;
  code: string | null;
  fields: Record<string, string>;
};

/** One text for any number of reports, so that the server reads and plans little however many share a commit. */
export async function storeReports(tx: Tx, reports: readonly Report[], now: Date): Promise<void> {
  await sql`
    insert into reports (id, channel_id, message_id, attempt, carrier_message_id, status, code, fields, received_at,
                         matched)
    select r.id, r.channel_id, r.message_id, r.attempt, r.carrier_message_id, r.status, r.code, r.fields::jsonb, ${now},
           r.matched
      from unnest(
        ${reports.map(() => newId())}::uuid[], ${reports.map((r) => r.channelId)}::uuid[],
        ${reports.map((r) => r.messageId)}::uuid[], ${reports.map((r) => r.attempt)}::smallint[],
        ${reports.map((r) => r.carrierMessageId)}::text[], ${reports.map((r) => r.state ?? r.word)}::text[],
        ${reports.map((r) => r.code)}::text[], ${reports.map((r) => JSON.stringify(r.fields))}::text[],
        ${reports.map((r) => r.messageId !== null || r.state === null)}::boolean[]
      ) as r (id, channel_id, message_id, attempt, carrier_message_id, status, code, fields, matched)`.execute(tx);
}

const RANKS = sql.raw(
  `case when m.reason = 'given_up' then 0 else case m.state ${Object.entries(REPORT_RANK)
    .map(([state, rank]) => `when '${state}' then ${rank}`)
    .join(" ")} else 0 end end`,
);

/**
 * Applies reports by rank within their attempt: a message only ever rises, so every order and repetition of the same
 * reports ends alike. A report also settles `claimed` (it overtook our own note), `unknown` (that is how most are
 * resolved) and even `pending` (we thought the carrier had not taken it, or a person had it sent again:
 * sending again would be twice), and what a person gave up.
 */
export async function applyReports(
  tx: Tx,
  reports: readonly {
    messageId: MessageId;
    attempt: number;
    carrierMessageId: string;
    state: ReportState;
    code: string | null;
  }[],
): Promise<void> {
  const { rows } = await sql<{ id: MessageId; code: string | null }>`
    with report as (
      select distinct on (id, attempt) * from unnest(
        ${reports.map((r) => r.messageId)}::uuid[], ${reports.map((r) => r.attempt)}::int[],
        ${reports.map((r) => r.carrierMessageId)}::text[], ${reports.map((r) => r.state)}::text[],
        ${reports.map((r) => r.code)}::text[], ${reports.map((r) => REPORT_RANK[r.state])}::int[]
      ) as r (id, attempt, carrier_message_id, state, code, rank)
      order by id, attempt, rank desc, code
    ), settled as (
      update attempts a set outcome = 'accepted', carrier_message_id = r.carrier_message_id
        from report r
       where a.message_id = r.id and a.attempt = r.attempt and a.outcome in ('unknown', 'absent', 'resent', 'given_up')
    )
    update messages m set
      state = r.state,
      reason = case when r.state in ('failed', 'undelivered') then coalesce(r.code, 'unexplained') end,
      carrier_message_id = coalesce(m.carrier_message_id, r.carrier_message_id),
      accepted_at = coalesce(m.accepted_at, clock_timestamp()),
      state_at = clock_timestamp()
      from report r
     where m.id = r.id and m.attempt = r.attempt and m.state not in ('suppressed', 'canceled')
       and (m.carrier_message_id is null or m.carrier_message_id = r.carrier_message_id)
       and ${RANKS} < r.rank
    returning m.id, m.reason as code`.execute(tx);

  const noteworthy = rows.filter(({ code }) => code !== null && NOTEWORTHY.has(code)).map(({ id }) => id);
  if (noteworthy.length > 0) await notePhones(tx, noteworthy);
}

const codesFor = (action: string) =>
  Object.keys(CARRIER_CODES).filter((code) => CARRIER_CODES[code]?.action === action);
const BAD_NUMBER = codesFor("bad_number");
const OPTED_OUT = codesFor("opted_out");
const NOTEWORTHY: ReadonlySet<string> = new Set([...BAD_NUMBER, ...OPTED_OUT]);

/** A number the carrier calls bad is marked on the roster; one it blocks is an opt-out made outside our system. */
export async function notePhones(tx: Tx, messageIds: readonly MessageId[]): Promise<void> {
  await sql`
    update phones p set problem = case when m.reason = any (${OPTED_OUT}) then 'blocked' else 'invalid' end,
                        problem_at = clock_timestamp()
      from messages m
     where m.id = any (${messageIds}::uuid[]) and p.village_id = m.village_id and p.hash = m.phone_hash
       and m.reason = any (${[...BAD_NUMBER, ...OPTED_OUT]}) and p.problem is null`.execute(tx);
}

/** Reports that came before their message could be known: try again to find it by the carrier's id. */
export async function matchWaitingReports(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql<{
    id: string;
    message_id: MessageId;
    attempt: number;
    carrier_message_id: string;
    status: string;
    code: string | null;
  }>`
    update reports r set matched = true, message_id = a.message_id, attempt = a.attempt
      from (select r.id, a.message_id, a.attempt
              from reports r join attempts a on a.carrier_message_id = r.carrier_message_id
             where not r.matched limit ${limit}) a
     where r.id = a.id
    returning r.id, r.message_id, r.attempt, r.carrier_message_id, r.status, r.code`.execute(tx);
  return await applyMatched(tx, rows);
}

async function applyMatched(
  tx: Tx,
  rows: readonly {
    message_id: MessageId;
    attempt: number;
    carrier_message_id: string;
    status: string;
    code: string | null;
  }[],
): Promise<number> {
  const reports = rows.flatMap((row) =>
    row.status in REPORT_RANK
      ? [
          {
            messageId: row.message_id,
            attempt: row.attempt,
            carrierMessageId: row.carrier_message_id,
            state: row.status as ReportState,
            code: row.code,
          },
        ]
      : [],
  );
  if (reports.length > 0) await applyReports(tx, reports);
  return rows.length;
}

export async function countWaitingReports(db: Db): Promise<number> {
  const { n } = await db
    .selectFrom("reports")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("matched", "=", false)
    .executeTakeFirstOrThrow();
  return Number(n);
}
