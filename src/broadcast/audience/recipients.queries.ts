import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { BroadcastId, MessageId, VillageId } from "../../lib/ids.ts";
import type { MessageState } from "../../message/message.ts";

export type Counts = Partial<Record<MessageState, number>>;

export async function countMessages(db: Db, id: BroadcastId): Promise<Counts> {
  const rows = await db
    .selectFrom("messages")
    .select(["state", (eb) => eb.fn.countAll<string>().as("n")])
    .where("broadcast_id", "=", id)
    .groupBy("state")
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.n)]));
}

/** Counts of a page of broadcasts, in one query. */
export async function countMessagesOf(db: Db, ids: readonly BroadcastId[]): Promise<Map<BroadcastId, Counts>> {
  const counts = new Map<BroadcastId, Counts>(ids.map((id) => [id, {}]));
  if (ids.length === 0) return counts;
  const rows = await db
    .selectFrom("messages")
    .select(["broadcast_id", "state", (eb) => eb.fn.countAll<string>().as("n")])
    .where("broadcast_id", "in", ids)
    .groupBy(["broadcast_id", "state"])
    .execute();
  for (const row of rows)
    if (row.broadcast_id) counts.set(row.broadcast_id, { ...counts.get(row.broadcast_id), [row.state]: Number(row.n) });
  return counts;
}

export type Recipient = {
  id: MessageId;
  phone: Buffer;
  household: string | null;
  name: string | null;
  grid: string | null;
  state: MessageState;
  reason: string | null;
  carrierMessageId: string | null;
  attempts: number;
};

export async function listRecipients(
  db: Db,
  id: BroadcastId,
  options: { states: readonly MessageState[] | null; limit: number; after: MessageId | null },
): Promise<Recipient[]> {
  return await db
    .selectFrom("messages as m")
    .leftJoin("households as h", "h.id", "m.household_id")
    .leftJoin("grids as g", "g.id", "h.grid_id")
    .select((eb) => [
      "m.id",
      "m.phone",
      "h.number as household",
      "g.name as grid",
      "m.state",
      "m.reason",
      "m.carrier_message_id as carrierMessageId",
      "m.attempt as attempts",
      eb
        .selectFrom("villagers as v")
        .select("v.name")
        .whereRef("v.household_id", "=", "m.household_id")
        .orderBy((eb) => eb("v.left_at", "is not", null))
        .orderBy("v.position")
        .orderBy("v.id")
        .limit(1)
        .as("name"),
    ])
    .where("m.broadcast_id", "=", id)
    .$if(options.states !== null, (query) => query.where("m.state", "in", [...(options.states ?? [])]))
    .$if(options.after !== null, (query) => query.where("m.id", ">", options.after as MessageId))
    .orderBy("m.id")
    .limit(options.limit)
    .execute();
}

/** The doors of a village with their text of a broadcast, for the picture: one square each, by grid. None if there are more than `most`. */
export type Door = { number: string; grid: string | null; state: MessageState | null; hasPhone: boolean };
export async function listDoors(
  db: Db,
  { id, villageId, personal }: { id: BroadcastId; villageId: VillageId; personal: boolean },
  most: number,
): Promise<Door[]> {
  const { rows } = await sql<Door>`
    select h.number, g.name as grid, m.state, h.contact_hash is not null as "hasPhone"
      from households h
      left join grids g on g.id = h.grid_id
      left join lateral (select state from messages m
                          where m.broadcast_id = ${id}
                            and m.once_key = ${personal ? sql`uuid_send(h.id)` : sql`h.contact_hash`}) m on true
     where h.village_id = ${villageId}
       and (select count(*) from (select from households where village_id = ${villageId} limit ${most + 1}) n) <= ${most}
     order by g.name nulls last, h.number`.execute(db);
  return rows;
}
