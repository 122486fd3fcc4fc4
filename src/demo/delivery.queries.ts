import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, ChannelId, MessageId } from "../lib/ids.ts";
import type { MessageState } from "../message/message.ts";
import { PHONES_NOTED } from "../message/reports.queries.ts";

export type PendingText = { id: MessageId; phone: Buffer; body: string; segments: number; door: string | null };

/**
 * What a notice has waiting, or without one what the channel has for single persons; by door, so that the n-th is the
 * same one in every installation.
 */
export async function pendingTexts(db: Db, channelId: ChannelId, notice: BroadcastId | null): Promise<PendingText[]> {
  const waiting =
    notice === null
      ? sql`m.channel_id = ${channelId} and m.broadcast_id is null`
      : sql`m.broadcast_id = ${notice} and m.broadcast_id is not null`;
  const { rows } = await sql<PendingText>`
    select m.id, m.phone, coalesce(m.body, b.text) as body, m.segments, h.number as door
      from messages m
      left join broadcasts b on b.id = m.broadcast_id
      left join households h on h.id = m.household_id
     where ${waiting} and m.queued
     order by h.number, m.id`.execute(db);
  return rows;
}

export type Delivered = {
  id: MessageId;
  state: MessageState;
  code: string | null;
  /** Null for a text that the carrier did not take, or of which it never said so. */
  carrierMessageId: string | null;
  calledAt: Date;
  answeredAt: Date;
  settledAt: Date;
};

/** Writes what a worker and the carrier's reports would have written, at the moments they would have. */
export async function recordDelivery(tx: Tx, texts: readonly Delivered[]): Promise<void> {
  const moments = (of: (text: Delivered) => Date) => texts.map((text) => of(text).toISOString());
  await sql`
    with fate as (
      select * from unnest(
        ${texts.map((t) => t.id)}::uuid[], ${texts.map((t) => t.state)}::text[], ${texts.map((t) => t.code)}::text[],
        ${texts.map((t) => t.carrierMessageId)}::text[], ${moments((t) => t.calledAt)}::timestamptz[],
        ${moments((t) => t.answeredAt)}::timestamptz[], ${moments((t) => t.settledAt)}::timestamptz[]
      ) as f (id, state, code, sid, called_at, answered_at, settled_at)
    ), moved as (
      update messages m
         set state = f.state, reason = f.code, attempt = 1, carrier_message_id = f.sid, called_at = f.called_at,
             accepted_at = case when f.sid is not null then f.answered_at end, state_at = f.settled_at
        from fate f where m.id = f.id and m.queued
      returning f.*, m.village_id, m.channel_id
    )
    insert into attempts (message_id, attempt, village_id, channel_id, called_at, ended_at, outcome, code,
                          carrier_message_id)
    select id, 1, village_id, channel_id, called_at, answered_at,
           case when sid is not null then 'accepted' when state = 'failed' then 'refused' else 'unknown' end,
           case when sid is null then code end, sid
      from moved`.execute(tx);
}

/** As the carrier's refusals would have marked them. */
export async function notePhones(tx: Tx, ids: readonly MessageId[]): Promise<void> {
  await sql`
    with moved as (
      select village_id, phone_hash, reason from messages where id = any (${ids}::uuid[])
    ), ${sql.raw(PHONES_NOTED)} select`.execute(tx);
}
