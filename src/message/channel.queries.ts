import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ChannelId, VillageId } from "../lib/ids.ts";

/** The channel a village sends through: its own number if it has one, else its township's, else the common one. */
export async function channelOfVillage(
  tx: Tx,
  villageId: VillageId,
): Promise<{ id: ChannelId; price: number; rate: number; sender: string }> {
  const channel = await tx
    .selectFrom("channels as c")
    .innerJoin("villages as v", (join) => join.on("v.id", "=", villageId))
    .select(["c.id", "c.price", "c.rate", "c.sender"])
    .where("c.active", "=", true)
    .where((eb) =>
      eb.or([
        eb("c.village_id", "=", eb.ref("v.id")),
        eb.and([eb("c.village_id", "is", null), eb("c.township_id", "=", eb.ref("v.township_id"))]),
        eb.and([eb("c.village_id", "is", null), eb("c.township_id", "is", null)]),
      ]),
    )
    .orderBy(sql`c.village_id is null`)
    .orderBy(sql`c.township_id is null`)
    .orderBy("c.created_at", "desc")
    .executeTakeFirst();
  if (!channel) throw new Error("there is no channel to send through");
  return { ...channel, price: Number(channel.price) };
}

/** How many texts of this purpose a phone was sent since then. */
export async function countTexts(db: Db, phoneHash: Buffer, purpose: string, since: Date): Promise<number> {
  const { n } = await db
    .selectFrom("messages")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("phone_hash", "=", phoneHash)
    .where("purpose", "=", purpose)
    .where("created_at", ">", since)
    .executeTakeFirstOrThrow();
  return Number(n);
}

export type Channel = { id: ChannelId; carrier: string; sender: string; villageId: VillageId | null };

export const listChannels = (db: Db): Promise<Channel[]> =>
  db.selectFrom("channels").select(["id", "carrier", "sender", "village_id as villageId"]).execute();

/**
 * The environment names a channel's account and sender; its first start makes the row, with the rate and price to
 * begin with. Afterwards the row counts: staff may have changed it.
 */
export async function ensureChannel(
  db: Db,
  channel: { id: ChannelId; carrier: string; sender: string; rate: number; price: number; now: Date },
): Promise<ChannelId> {
  const { now, ...values } = channel;
  await db
    .insertInto("channels")
    .values({
      ...values,
      name: values.carrier === "simulator" ? "模拟通道" : "默认通道",
      active: true,
      created_at: now,
    })
    .onConflict((oc) => oc.columns(["carrier", "sender"]).doUpdateSet({ active: true }))
    .execute();
  // One common channel at a time: what an earlier environment named keeps its history and takes nothing new.
  const { id } = await db
    .selectFrom("channels")
    .select("id")
    .where("carrier", "=", values.carrier)
    .where("sender", "=", values.sender)
    .executeTakeFirstOrThrow();
  await db
    .updateTable("channels")
    .set({ active: false })
    .where("id", "!=", id)
    .where("village_id", "is", null)
    .where("township_id", "is", null)
    .execute();
  return id;
}

/** This carrier's channels that have something due: their bell is rung again by the sweep. */
export async function channelsWithWork(db: Db, carrier: string): Promise<ChannelId[]> {
  const { rows } = await sql<{ id: ChannelId }>`
    select c.id from channels c
     where c.carrier = ${carrier} and (exists (select from messages m
                    where m.channel_id = c.id and m.broadcast_id is null and m.queued
                      and m.not_before <= clock_timestamp())
        or exists (select from broadcasts b
                    where b.channel_id = c.id and b.state = 'sending'
                      and exists (select from messages m
                                   where m.broadcast_id = b.id and m.queued and m.broadcast_id is not null
                                     and m.not_before <= clock_timestamp())))`.execute(db);
  return rows.map((row) => row.id);
}
