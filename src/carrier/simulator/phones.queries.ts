import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";

export type ListedPhone = { number: string; label: string; activeAt: Date | null; unread: number };

/** Phones on the page at most; any other opens by its number. */
export const MOST_PHONES = 300;
/** How far back the row of phones looks for activity, in texts: enough to sort it, cheap after a million. */
const RECENT = 5000;

/** Phones, newest activity first, then those that never had any, by name. */
export async function listPhones(db: Db, now: Date): Promise<ListedPhone[]> {
  const { rows } = await sql<ListedPhone>`
    with recent as (
      select phone, reached_at from simulator.messages order by sid desc limit ${RECENT}
    ), active as (
      select phone, max(reached_at) as at from recent where reached_at <= ${now} group by phone
    ), shown as (
      select p.number, p.label, p.seen_at, a.at
        from simulator.phones p left join active a on a.phone = p.number
       order by a.at desc nulls last, p.label, p.number limit ${MOST_PHONES}
    )
    select s.number, s.label, s.at as "activeAt", u.count as unread
      from shown s, lateral (
        select count(*)::int as count from simulator.messages m
         where m.phone = s.number and m.direction = 'outbound-api' and m.reached_at > s.seen_at and m.reached_at <= ${now}
      ) u
     order by s.at desc nulls last, s.label, s.number`.execute(db);
  return rows;
}

export type ShownText = { sid: string; mine: boolean; other: string; body: string; at: Date };

/** The last texts of one phone that it shows by now, oldest first. `mine` were written on it. */
export async function readConversation(db: Db, phone: string, now: Date, limit: number): Promise<ShownText[]> {
  const rows = await db
    .selectFrom("simulator.messages")
    .select(["sid", "direction", "sender", "recipient", "body", "reached_at as at"])
    .where("phone", "=", phone)
    .where("reached_at", "<=", now)
    .orderBy("reached_at", "desc")
    .orderBy("sid", "desc")
    .limit(limit)
    .execute();
  return rows.reverse().map(({ direction, sender, recipient, at, ...text }) => ({
    ...text,
    mine: direction === "inbound",
    other: direction === "inbound" ? recipient : sender,
    at: at ?? now,
  }));
}

export async function findLabels(db: Db, numbers: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom("simulator.phones")
    .select(["number", "label"])
    .where("number", "in", numbers)
    .execute();
  return new Map(rows.map(({ number, label }) => [number, label]));
}

/** Puts phones on the page under these names; one that is there already is renamed. */
export async function namePhones(db: Db, phones: readonly { number: string; label: string }[]): Promise<void> {
  if (phones.length === 0) return;
  await db
    .insertInto("simulator.phones")
    .values(phones.map((phone) => ({ ...phone, seen_at: new Date(0) })))
    .onConflict((oc) => oc.column("number").doUpdateSet((eb) => ({ label: eb.ref("excluded.label") })))
    .execute();
}

/** What these phones show by now has been read. Writes only where something was unread. */
export async function markSeen(db: Db, numbers: readonly string[], now: Date): Promise<void> {
  await db
    .updateTable("simulator.phones as p")
    .set({ seen_at: now })
    .where("p.number", "in", numbers)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("simulator.messages as m")
          .select("m.sid")
          .whereRef("m.phone", "=", "p.number")
          .whereRef("m.reached_at", ">", "p.seen_at")
          .where("m.reached_at", "<=", now)
          .where("m.direction", "=", "outbound-api"),
      ),
    )
    .execute();
}
