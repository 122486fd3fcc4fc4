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

/** A report of an attempt that we know, and what it says of it. */
export type KnownReport = {
  messageId: MessageId;
  attempt: number;
  carrierMessageId: string;
  state: ReportState;
  code: string | null;
};

/**
 * Stores reports and applies those whose attempt is known: one statement, one commit, one text for any number of them,
 * so that the server reads and plans little however many share it.
 */
export async function takeReports(db: Db, reports: readonly Report[], now: Date): Promise<void> {
  await sql`
    with heard as (
      select * from unnest(
        ${reports.map(() => newId())}::uuid[], ${reports.map((r) => r.channelId)}::uuid[],
        ${reports.map((r) => r.messageId)}::uuid[], ${reports.map((r) => r.attempt)}::smallint[],
        ${reports.map((r) => r.carrierMessageId)}::text[], ${reports.map((r) => r.state)}::text[],
        ${reports.map((r) => r.word)}::text[], ${reports.map((r) => r.code)}::text[],
        ${reports.map((r) => JSON.stringify(r.fields))}::text[],
        ${reports.map((r) => (r.state === null ? null : REPORT_RANK[r.state]))}::int[]
      ) as r (event, channel_id, id, attempt, carrier_message_id, state, word, code, fields, rank)
    ), stored as (
      insert into reports (id, channel_id, message_id, attempt, carrier_message_id, status, code, fields, received_at,
                           matched)
      select event, channel_id, id, attempt, carrier_message_id, coalesce(state, word), code, fields::jsonb, ${now},
             id is not null or state is null
        from heard
    ), report as (
      select distinct on (id, attempt) id, attempt, carrier_message_id, state, code, rank
        from heard where id is not null and attempt is not null and state is not null
       order by id, attempt, rank desc, code
    ), ${APPLIED} select`.execute(db);
}

const RANKS = `case when m.reason = 'given_up' then 0 else case m.state ${Object.entries(REPORT_RANK)
  .map(([state, rank]) => `when '${state}' then ${rank}`)
  .join(" ")} else 0 end end`;

const codesFor = (action: string) =>
  Object.keys(CARRIER_CODES).filter((code) => CARRIER_CODES[code]?.action === action);
const BAD_NUMBER = codesFor("bad_number");
const OPTED_OUT = codesFor("opted_out");
const quoted = (codes: readonly string[]) => codes.map((code) => `'${code}'`).join(", ");

/** Of the texts that `moved`: a number the carrier calls bad is marked on the roster; one it blocks has opted out there. */
export const PHONES_NOTED = `noted as (
      update phones p set problem = case when m.reason in (${quoted(OPTED_OUT)}) then 'blocked' else 'invalid' end,
                          problem_at = clock_timestamp()
        from moved m
       where m.reason in (${quoted([...BAD_NUMBER, ...OPTED_OUT])})
         and p.village_id = m.village_id and p.hash = m.phone_hash and p.problem is null
    )`;

/**
 * Applies `report` by rank within its attempt: a message only ever rises, so every order and repetition of the same
 * reports ends alike. A report also settles `claimed` (it overtook our own note), `unknown` (that is how most are
 * resolved) and even `pending` (we thought the carrier had not taken it, or a person had it sent again: sending again
 * would be twice), and what a person gave up.
 */
const APPLIED = sql.raw(`settled as (
      update attempts a set outcome = 'accepted', carrier_message_id = r.carrier_message_id
        from report r
       where a.message_id = r.id and a.attempt = r.attempt and a.outcome in ('unknown', 'absent', 'resent', 'given_up')
    ), moved as (
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
      returning m.village_id, m.phone_hash, m.reason
    ), ${PHONES_NOTED}`);

export async function applyReports(tx: Tx, reports: readonly KnownReport[]): Promise<void> {
  await sql`
    with report as (
      select distinct on (id, attempt) * from unnest(
        ${reports.map((r) => r.messageId)}::uuid[], ${reports.map((r) => r.attempt)}::int[],
        ${reports.map((r) => r.carrierMessageId)}::text[], ${reports.map((r) => r.state)}::text[],
        ${reports.map((r) => r.code)}::text[], ${reports.map((r) => REPORT_RANK[r.state])}::int[]
      ) as r (id, attempt, carrier_message_id, state, code, rank)
      order by id, attempt, rank desc, code
    ), ${APPLIED} select`.execute(tx);
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
