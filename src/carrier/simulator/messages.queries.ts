import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import { newId } from "../../lib/ids.ts";
import { maskPhone, type PhoneNumber } from "../../lib/phone.ts";
import type { PlannedStep } from "./life.ts";
import type { ListRequest } from "./read-request.ts";
import type { MessagePage, SimulatedMessage } from "./resource.ts";

export type NewMessage = SimulatedMessage & {
  steps: readonly PlannedStep[];
  /** Who is told of the steps; null for nobody. */
  url: string | null;
  reachedAt: Date | null;
  listedFrom: Date;
};

/**
 * Stores texts with everything that will happen to them, in one statement. A phone that was never texted joins the
 * page; they go in sorted, so that two processes never wait for each other crosswise.
 */
export async function storeMessages(db: Db, messages: readonly NewMessage[]): Promise<void> {
  const texts = messages.map((message) => ({
    sid: message.sid,
    account_sid: message.accountSid,
    direction: message.direction,
    sender: message.sender,
    recipient: message.recipient,
    messaging_service_sid: message.serviceSid,
    body: message.body,
    segments: message.segments,
    status: message.status,
    error_code: message.errorCode,
    created_at: message.createdAt,
    updated_at: message.updatedAt,
    sent_at: message.sentAt,
    reached_at: message.reachedAt,
    listed_from: message.listedFrom,
  }));
  const steps = messages.flatMap(({ sid, url, steps }) =>
    steps.map((step) => ({ id: newId(), sid, url, status: step.status, error_code: step.code, due_at: step.at })),
  );
  const numbers = [...new Set(messages.map((m) => (m.direction === "inbound" ? m.sender : m.recipient)))].sort();
  await sql`
    with text as (
      insert into simulator.messages (sid, account_sid, direction, sender, recipient, messaging_service_sid, body,
                                      segments, status, error_code, created_at, updated_at, sent_at, reached_at, listed_from)
      select sid, account_sid, direction, sender, recipient, messaging_service_sid, body,
             segments, status, error_code, created_at, updated_at, sent_at, reached_at, listed_from
        from json_populate_recordset(null::simulator.messages, ${JSON.stringify(texts)}::json)
    ), step as (
      insert into simulator.webhooks (id, sid, url, status, error_code, due_at)
      select id, sid, url, status, error_code, due_at
        from json_populate_recordset(null::simulator.webhooks, ${JSON.stringify(steps)}::json)
    )
    insert into simulator.phones (number, label, seen_at)
    select number, label, to_timestamp(0)
      from unnest(${numbers}::text[], ${numbers.map(usualLabel)}::text[]) as phone (number, label)
    on conflict (number) do nothing`.execute(db);
}

/** A phone that nobody named is called by its masked number; a service number such as 10086 by itself. */
export const usualLabel = (number: string): string =>
  number.startsWith("+") ? maskPhone(number as PhoneNumber) : number;

/** How often this number was texted, this call included. Counted here, because processes share the simulator. */
export async function countCall(db: Db, number: string): Promise<number> {
  const { calls } = await db
    .insertInto("simulator.phones")
    .values({ number, label: usualLabel(number), seen_at: new Date(0), calls: 1 })
    .onConflict((oc) => oc.column("number").doUpdateSet((eb) => ({ calls: eb("simulator.phones.calls", "+", 1) })))
    .returning("calls")
    .executeTakeFirstOrThrow();
  return calls;
}

const COLUMNS = [
  "sid",
  "account_sid as accountSid",
  "direction",
  "sender",
  "recipient",
  "messaging_service_sid as serviceSid",
  "body",
  "segments",
  "status",
  "error_code as errorCode",
  "created_at as createdAt",
  "updated_at as updatedAt",
  "sent_at as sentAt",
] as const;

export async function findMessage(db: Db, accountSid: string, sid: string): Promise<SimulatedMessage | undefined> {
  return await db
    .selectFrom("simulator.messages")
    .select(COLUMNS)
    .where("sid", "=", sid)
    .where("account_sid", "=", accountSid)
    .executeTakeFirst();
}

/** A page of the list, newest first; only what the list shows by now. */
export async function listMessages(db: Db, accountSid: string, request: ListRequest, now: Date): Promise<MessagePage> {
  const { to, from, sentSince, sentUntil, token, pageSize } = request;
  const backwards = token?.side === "before";
  let query = db
    .selectFrom("simulator.messages")
    .select(COLUMNS)
    .where("account_sid", "=", accountSid)
    .where("listed_from", "<=", now)
    .orderBy("sid", backwards ? "asc" : "desc")
    .limit(pageSize + 1);
  if (to !== null) query = query.where("recipient", "=", to);
  if (from !== null) query = query.where("sender", "=", from);
  if (sentSince) query = query.where("sent_at", ">=", sentSince);
  if (sentUntil) query = query.where("sent_at", "<=", sentUntil);
  if (token) query = query.where("sid", backwards ? ">" : "<", token.sid);
  else query = query.offset(request.page * pageSize);
  const rows = await query.execute();
  const messages = rows.slice(0, pageSize);
  return backwards ? { messages: messages.reverse(), hasNext: true } : { messages, hasNext: rows.length > pageSize };
}

/** The number that texted this phone last: a person answers the one who wrote. */
export async function lastSenderTo(db: Db, phone: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("simulator.messages")
    .select("sender")
    .where("phone", "=", phone)
    .where("direction", "=", "outbound-api")
    .where("reached_at", "is not", null)
    .orderBy("reached_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.sender;
}
