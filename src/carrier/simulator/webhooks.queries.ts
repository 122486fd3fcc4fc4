import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import { type SimulatedStatus, STATUS_RANK } from "./life.ts";

/** A step that is due, with what its webhook says. */
export type DueWebhook = {
  id: string;
  sid: string;
  url: string | null;
  status: SimulatedStatus;
  errorCode: number | null;
  tries: number;
  accountSid: string;
  sender: string;
  recipient: string;
  serviceSid: string | null;
  body: string;
  segments: number;
};

const rank = (column: string) =>
  sql.raw(
    `case ${column} ${Object.entries(STATUS_RANK)
      .map(([status, rank]) => `when '${status}' then ${rank}`)
      .join(" ")} end`,
  );

/**
 * Takes steps that are due, for this long: each is one process's until then, and nobody waits for another. The texts
 * move on in the same statement, whether or not anybody can be told.
 */
export async function claimWebhooks(db: Db, options: { now: Date; until: Date; max: number }): Promise<DueWebhook[]> {
  const { rows } = await sql<DueWebhook>`
    with due as (
      select id from simulator.webhooks
       where due_at <= ${options.now} and (claimed_until is null or claimed_until <= ${options.now})
       order by due_at limit ${options.max} for update skip locked
    ), claimed as (
      update simulator.webhooks w set claimed_until = ${options.until}, tries = w.tries + 1
        from due where w.id = due.id
      returning w.id, w.sid, w.url, w.status, w.error_code, w.tries, w.due_at
    ), newest as (
      select distinct on (sid) sid, status, error_code, ${rank("status")} as rank
        from claimed order by sid, rank desc
    ), moved as (
      update simulator.messages m
         set status = n.status, error_code = n.error_code, updated_at = ${options.now},
             sent_at = case when n.rank >= ${STATUS_RANK.sent} then coalesce(m.sent_at, ${options.now}) end
        from newest n
       where m.sid = n.sid and m.direction = 'outbound-api' and ${rank("m.status")} < n.rank
    )
    select c.id, c.sid, c.url, c.status, c.error_code as "errorCode", c.tries, m.account_sid as "accountSid",
           m.sender, m.recipient, m.messaging_service_sid as "serviceSid", m.body, m.segments
      from claimed c join simulator.messages m on m.sid = c.sid
     order by c.due_at`.execute(db);
  return rows;
}

/** `again` is null for a webhook that was made or given up. */
export type SettledWebhook = { id: string; again: Date | null };

export async function settleWebhooks(db: Db, settled: readonly SettledWebhook[]): Promise<void> {
  const again = settled.filter((one) => one.again !== null);
  const over = settled.filter((one) => one.again === null);
  if (over.length > 0) {
    await sql`delete from simulator.webhooks where id = any (${over.map((one) => one.id)}::uuid[])`.execute(db);
  }
  if (again.length > 0) {
    await sql`
      update simulator.webhooks w set due_at = a.at, claimed_until = null
        from unnest(${again.map((one) => one.id)}::uuid[], ${again.map((one) => one.again?.toISOString())}::timestamptz[]) as a (id, at)
       where w.id = a.id`.execute(db);
  }
}

/** Whether nothing is left to happen to a text. */
export async function isOver(db: Db, sid: string): Promise<boolean> {
  const left = await db
    .selectFrom("simulator.webhooks")
    .select("id")
    .where("sid", "=", sid)
    .limit(1)
    .executeTakeFirst();
  return left === undefined;
}
