import { sql } from "kysely";
import type { BroadcastState } from "../broadcast/broadcast.ts";
import type { Db, Tx } from "../db/connect.ts";
import {
  type ActorId,
  type BroadcastId,
  type DisclosureChainId,
  type DisclosureId,
  newId,
  type VillageId,
} from "../lib/ids.ts";
import type { IsoDay } from "../lib/iso-day.ts";

/** One publication as it stands in the rows: what was noted of the board, and what its notices did. */
export type Disclosure = {
  id: DisclosureId;
  villageId: VillageId;
  item: string;
  period: string;
  title: string | null;
  eventOn: IsoDay | null;
  chainId: DisclosureChainId | null;
  chainStep: string | null;
  dueOn: IsoDay | null;
  boardPostedOn: IsoDay | null;
  boardUntil: IsoDay | null;
  repostedOn: IsoDay | null;
  postedBy: string | null;
  notedAt: Date | null;
  sheetId: string | null;
  photo: { public: boolean } | null;
  createdAt: Date;
  /** When its first notice left. */
  smsSentAt: Date | null;
};

const read = (db: Db) =>
  db
    .selectFrom("disclosures as d")
    .leftJoin("actors as a", "a.id", "d.posted_by")
    .leftJoin("disclosure_photos as p", "p.disclosure_id", "d.id")
    .select((eb) => [
      "d.id",
      "d.village_id as villageId",
      "d.item",
      "d.period",
      "d.title",
      "d.event_on as eventOn",
      "d.chain_id as chainId",
      "d.chain_step as chainStep",
      "d.due_on as dueOn",
      "d.board_posted_on as boardPostedOn",
      "d.board_until as boardUntil",
      "d.reposted_on as repostedOn",
      "a.name as postedBy",
      "d.noted_at as notedAt",
      "d.sheet_id as sheetId",
      sql<{ public: boolean } | null>`case when p.disclosure_id is not null
        then json_build_object('public', p.public) end`.as("photo"),
      "d.created_at as createdAt",
      eb
        .selectFrom("broadcasts as b")
        .select((of) => of.fn.min("b.launched_at").as("at"))
        .whereRef("b.disclosure_id", "=", "d.id")
        .where("b.state", "!=", "canceled")
        .as("smsSentAt"),
    ]);

/** All of some villages. What a chain that was stopped has not published, nobody asks for any more. */
export const listDisclosures = (db: Db, villageIds: readonly VillageId[]): Promise<Disclosure[]> =>
  read(db)
    .leftJoin("disclosure_chains as c", "c.id", "d.chain_id")
    .where("d.village_id", "=", sql<VillageId>`any (${[...villageIds]}::uuid[])`)
    .where((eb) => eb.or([eb("c.stopped_at", "is", null), eb("d.board_posted_on", "is not", null)]))
    .orderBy("d.id")
    .execute();

export const listOfChain = (db: Db, chainId: DisclosureChainId): Promise<Disclosure[]> =>
  read(db).where("d.chain_id", "=", chainId).orderBy("d.id").execute();

export type NewDisclosure = {
  villageId: VillageId;
  item: string;
  period: string;
  /** What happened, or the step of a chain; `on` is the first day on which it can be published. */
  event?: { title: string; on: IsoDay };
  chain?: { id: DisclosureChainId; step: string; dueOn: IsoDay };
  by: ActorId;
};

/** The row of an item and period, made if it is not there; whoever else asks for it waits until this transaction ends. */
export async function ensureDisclosure(tx: Tx, wish: NewDisclosure, now: Date): Promise<DisclosureId> {
  await tx
    .insertInto("disclosures")
    .values({
      id: newId<DisclosureId>(now.getTime()),
      village_id: wish.villageId,
      item: wish.item,
      period: wish.period,
      title: wish.event?.title ?? null,
      event_on: wish.event?.on ?? null,
      chain_id: wish.chain?.id ?? null,
      chain_step: wish.chain?.step ?? null,
      due_on: wish.chain?.dueOn ?? null,
      created_by: wish.by,
      created_at: now,
    })
    .onConflict((oc) => oc.columns(["village_id", "item", "period"]).doNothing())
    .execute();
  const row = await tx
    .selectFrom("disclosures")
    .select("id")
    .where("village_id", "=", wish.villageId)
    .where("item", "=", wish.item)
    .where("period", "=", wish.period)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return row.id;
}

/** How many of one item's keys begin with a day. Until this transaction ends nobody else counts the village's. */
export async function countOnDay(tx: Tx, villageId: VillageId, item: string, day: IsoDay): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext(${`cunwu events ${villageId}`}))`.execute(tx);
  const rows = await tx
    .selectFrom("disclosures")
    .select("id")
    .where("village_id", "=", villageId)
    .where("item", "=", item)
    .where("period", "like", `${day}%`)
    .execute();
  return rows.length;
}

export type NoticeOf = { id: BroadcastId; state: BroadcastState; launchedAt: Date | null; recipients: number };

/** The notices of one publication, oldest first; those that were given up are not among them. */
export const listNotices = (db: Db, id: DisclosureId): Promise<NoticeOf[]> =>
  db
    .selectFrom("broadcasts")
    .select(["id", "state", "launched_at as launchedAt", "recipients"])
    .where("disclosure_id", "=", id)
    .where("state", "!=", "canceled")
    .orderBy("id")
    .execute();

export type BoardNote = { postedOn: IsoDay; until: IsoDay; dueOn: IsoDay; by: ActorId };

/** The first day on the board counts, and whether it was in time by the rules of then. */
export async function noteBoard(tx: Tx, id: DisclosureId, note: BoardNote, now: Date): Promise<void> {
  await tx
    .updateTable("disclosures")
    .set({
      board_posted_on: note.postedOn,
      board_until: note.until,
      due_on: note.dueOn,
      reposted_on: null,
      posted_by: note.by,
      noted_at: now,
    })
    .where("id", "=", id)
    .execute();
}

export async function noteRepost(tx: Tx, id: DisclosureId, on: IsoDay, until: IsoDay): Promise<void> {
  await tx.updateTable("disclosures").set({ reposted_on: on, board_until: until }).where("id", "=", id).execute();
}

export async function linkSheet(tx: Tx, id: DisclosureId, sheetId: string): Promise<void> {
  await tx.updateTable("disclosures").set({ sheet_id: sheetId }).where("id", "=", id).execute();
}

/** False for a notice that is not this village's. */
export async function linkBroadcast(
  tx: Tx,
  id: DisclosureId,
  villageId: VillageId,
  broadcastId: BroadcastId,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("broadcasts")
    .set({ disclosure_id: id })
    .where("id", "=", broadcastId)
    .where("village_id", "=", villageId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The day a village began here: what was due before is not owed. */
export async function startOf(db: Db, villageIds: readonly VillageId[]): Promise<Map<VillageId, Date>> {
  const rows = await db
    .selectFrom("villages")
    .select(["id", "created_at as at"])
    .where("id", "=", sql<VillageId>`any (${[...villageIds]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row.at]));
}
