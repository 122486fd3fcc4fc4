import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { ChannelId, ClaimId, MessageId, VillageId } from "../lib/ids.ts";
import { PHONES_NOTED } from "./reports.queries.ts";

/** `again`: asked before under this claim, never heard whether that was committed, and therefore not called yet. */
export type Beginning = { id: MessageId; claim: ClaimId; again: boolean };

/** Begins calls: from this commit on the carrier may have the text. Only for claims whose lease still runs. */
export async function beginCalls(db: Db, worker: string, wanted: readonly Beginning[]): Promise<Map<MessageId, Begun>> {
  const { rows } = await sql<Begun & { id: MessageId }>`
    update messages m set attempt = m.attempt + 1, called_at = clock_timestamp()
      from unnest(${wanted.map((want) => want.id)}::uuid[], ${wanted.map((want) => want.claim)}::uuid[],
                  ${wanted.map((want) => want.again)}::boolean[]) want (id, claim, again)
     where m.id = want.id and m.claim_id = want.claim and m.state = 'claimed' and (m.called_at is null or want.again)
       and exists (select from claims c where c.id = m.claim_id and c.worker = ${worker}
                                          and c.lease_until > clock_timestamp())
    returning m.id, m.attempt, m.called_at::text as "calledAt"`.execute(db);
  return new Map(rows.map(({ id, ...begun }) => [id, begun]));
}
/** `calledAt` as the database writes it: it goes back there as it came. */
export type Begun = { attempt: number; calledAt: string };

export type CallResult = {
  messageId: MessageId;
  villageId: VillageId;
  channelId: ChannelId;
  attempt: number;
  calledAt: string;
  outcome: "accepted" | "not_taken" | "refused" | "unknown";
  code: string | null;
  carrierMessageId: string | null;
  /** For `not_taken`: how long to leave it alone. */
  retryMs: number;
};

/**
 * Writes a chunk of results. A report may have been quicker: it has moved the message and brought the carrier's id, and
 * only the attempt is written. A result of an attempt that has been followed by another changes nothing but its own history.
 */
export async function recordResults(db: Db, results: readonly CallResult[]): Promise<void> {
  await sql`
    with result as (
      select * from unnest(
        ${results.map((r) => r.messageId)}::uuid[], ${results.map((r) => r.attempt)}::int[],
        ${results.map((r) => r.outcome)}::text[], ${results.map((r) => r.code)}::text[],
        ${results.map((r) => r.carrierMessageId)}::text[], ${results.map((r) => r.retryMs)}::float8[],
        ${results.map((r) => r.villageId)}::uuid[], ${results.map((r) => r.channelId)}::uuid[],
        ${results.map((r) => r.calledAt)}::timestamptz[]
      ) as r (id, attempt, outcome, code, carrier_message_id, retry_ms, village_id, channel_id, called_at)
    ), moved as (
      update messages m set
        state = case r.outcome when 'accepted' then 'accepted' when 'refused' then 'failed'
                               when 'not_taken' then 'pending' else 'unknown' end,
        reason = case r.outcome when 'accepted' then null else r.code end,
        carrier_message_id = coalesce(m.carrier_message_id, r.carrier_message_id),
        accepted_at = case r.outcome when 'accepted' then coalesce(m.accepted_at, clock_timestamp())
                                     else m.accepted_at end,
        claim_id = null,
        called_at = case r.outcome when 'not_taken' then null else m.called_at end,
        not_before = case r.outcome when 'not_taken'
                       then clock_timestamp() + make_interval(secs => r.retry_ms / 1000) else m.not_before end,
        state_at = clock_timestamp()
        from result r
       where m.id = r.id and m.attempt = r.attempt
         and (m.state = 'claimed' or (m.state = 'unknown' and r.outcome <> 'unknown')
              -- a worker that was long away knows more than whoever decided without it
              or (r.outcome in ('accepted', 'refused') and (m.state = 'pending' or m.reason = 'given_up')))
      returning m.village_id, m.phone_hash, m.reason
    ), ${sql.raw(PHONES_NOTED)}
    insert into attempts (message_id, attempt, village_id, channel_id, called_at, ended_at, outcome, code,
                          carrier_message_id)
    select r.id, r.attempt, r.village_id, r.channel_id, r.called_at, clock_timestamp(), r.outcome, r.code,
           r.carrier_message_id
      from result r
    on conflict (message_id, attempt) do update
      set outcome = excluded.outcome, code = excluded.code, ended_at = excluded.ended_at,
          carrier_message_id = coalesce(attempts.carrier_message_id, excluded.carrier_message_id)
      where attempts.outcome in ('unknown', 'absent', 'resent', 'given_up')`.execute(db);
}

/**
 * What a killed worker leaves: claims whose lease has run out. Not called yet → `pending`, as if nothing had been;
 * called → `unknown`, because the carrier may have it.
 */
export async function expireClaims(db: Db): Promise<{ released: number; unknown: number }> {
  const { rows } = await sql<{ state: string; n: number }>`
    with expired as (
      delete from claims where lease_until < clock_timestamp() returning id, message_ids
    ), moved as (
      update messages m set
        state = case when m.called_at is null then 'pending' else 'unknown' end,
        reason = case when m.called_at is null then m.reason else 'worker_died' end,
        claim_id = null, state_at = clock_timestamp()
        from expired e
       where m.id = any (e.message_ids) and m.claim_id = e.id and m.state = 'claimed'
      returning m.id, m.state, m.attempt, m.village_id, m.channel_id, m.called_at
    ), noted as (
      insert into attempts (message_id, attempt, village_id, channel_id, called_at, ended_at, outcome, code)
      select id, attempt, village_id, channel_id, called_at, clock_timestamp(), 'unknown', 'worker_died'
        from moved where state = 'unknown'
      on conflict (message_id, attempt) do nothing
    )
    select state, count(*)::int as n from moved group by state`.execute(db);
  const count = (state: string) => rows.find((row) => row.state === state)?.n ?? 0;
  return { released: count("pending"), unknown: count("unknown") };
}
