import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, ChannelId, MessageId, VillageId } from "../lib/ids.ts";
import { type DoubtsOf, whose } from "./doubts.queries.ts";

export type Doubt = {
  messageId: MessageId;
  attempt: number;
  villageId: VillageId;
  channelId: ChannelId;
  phone: Buffer;
  body: string;
  calledAt: Date;
  /** `ripe`: the look-up that first lacked it was long enough ago. */
  absent: "never" | "just_now" | "ripe";
  askedAt: Date;
  /** Look-ups RECONCILE_AFTER apart, this one included. */
  lookUps: number;
  broadcastId: BroadcastId | null;
  /** Of an emergency that would rather arrive twice than not at all. */
  atLeastOnce: boolean;
};

/**
 * Takes attempts whose outcome is unknown and that nobody has asked about for a while, or those that a person wants
 * asked about now. Asking is dated at once.
 */
export async function takeDoubts(db: Db, afterSeconds: number, limit: number, of?: DoubtsOf): Promise<Doubt[]> {
  const after = sql`make_interval(secs => ${afterSeconds}::float8)`;
  const { rows } = await sql<Doubt>`
    update attempts a set asked_at = clock_timestamp(), look_ups = a.look_ups + case when d.due then 1 else 0 end
      from (select a.message_id, a.attempt, m.village_id, m.broadcast_id, m.channel_id, m.phone, coalesce(m.body, b.text) as body,
                   coalesce(b.at_least_once, false) as at_least_once, due.due
              from messages m join attempts a on a.message_id = m.id and a.attempt = m.attempt
              left join broadcasts b on b.id = m.broadcast_id
              cross join lateral (select coalesce(a.asked_at, a.ended_at) < clock_timestamp() - ${after} as due) due
             where m.doubtful and a.outcome = 'unknown' and ${of ? whose(of) : sql`due.due`}
             order by a.asked_at nulls first, m.id limit ${limit} for update of a skip locked) d
     where a.message_id = d.message_id and a.attempt = d.attempt
    returning a.message_id as "messageId", a.attempt, d.village_id as "villageId", d.broadcast_id as "broadcastId",
              d.channel_id as "channelId",
              d.phone, d.body, a.called_at as "calledAt", a.asked_at as "askedAt", a.look_ups as "lookUps",
              d.at_least_once as "atLeastOnce",
              case when a.absences = 0 then 'never'
                   when coalesce(a.absent_at, a.ended_at) <= a.asked_at - ${after} then 'ripe'
                   else 'just_now' end as absent`.execute(db);
  return rows;
}

/** Which of these texts at the carrier belong to another attempt already. */
export async function boundElsewhere(db: Db, doubt: Doubt, carrierMessageIds: readonly string[]): Promise<Set<string>> {
  if (carrierMessageIds.length === 0) return new Set();
  const rows = await db
    .selectFrom("attempts")
    .select("carrier_message_id")
    .where("carrier_message_id", "in", carrierMessageIds)
    .where((eb) => eb.or([eb("message_id", "!=", doubt.messageId), eb("attempt", "!=", doubt.attempt)]))
    .execute();
  return new Set(rows.map((row) => row.carrier_message_id ?? ""));
}

export async function countAbsence(tx: Tx, doubt: Doubt): Promise<void> {
  await tx
    .updateTable("attempts")
    .set((eb) => ({ absences: eb("absences", "+", 1), absent_at: doubt.askedAt }))
    .where("message_id", "=", doubt.messageId)
    .where("attempt", "=", doubt.attempt)
    .execute();
}

/**
 * The carrier surely never took it (`absent`), or nobody will ever know and arriving twice is the lesser evil
 * (`resent`): the text goes back to the queue, and its next call is a new attempt. Its broadcast
 * may have ended meanwhile: one that was sent goes on for this text, one that was canceled takes it along. False: it will
 * not be sent, or something has settled it in between.
 */
export async function requeueDoubt(tx: Tx, doubt: Doubt, as: "absent" | "resent"): Promise<boolean> {
  const absent = as === "absent";
  const { rows } = await sql`
    with ended as (
      update attempts set outcome = ${as}, ended_at = clock_timestamp(),
                          absences = absences + ${absent ? 1 : 0}::int,
                          code = case when ${absent} then code else 'at_least_once' end
       where message_id = ${doubt.messageId} and attempt = ${doubt.attempt} and outcome = 'unknown'
    ), requeued as (
      update messages m set
        state = case when b.state = 'canceled' then 'canceled' else 'pending' end,
        reason = case when b.state = 'canceled' then 'canceled' end,
        called_at = null, claim_id = null, state_at = clock_timestamp()
        from (select 1) one left join broadcasts b
          on b.id = (select broadcast_id from messages where id = ${doubt.messageId})
       where m.id = ${doubt.messageId} and m.attempt = ${doubt.attempt} and m.state = 'unknown'
      returning m.broadcast_id, m.state
    ), resumed as (
      update broadcasts b set state = 'sending', finished_at = null
        from requeued r where b.id = r.broadcast_id and r.state = 'pending' and b.state = 'sent'
    )
    select from requeued where state = 'pending'`.execute(tx);
  return rows.length > 0;
}
