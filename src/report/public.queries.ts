import { sql } from "kysely";
import type { BroadcastKind, BroadcastState } from "../broadcast/broadcast.ts";
import type { Db } from "../db/connect.ts";
import type { Disclosure } from "../disclosure/disclosure.queries.ts";
import type { Rule } from "../disclosure/rules.ts";
import type { PublicLine } from "../finance/say-sheet.ts";
import type { BroadcastId, ColumnId, TownshipId, VillageId } from "../lib/ids.ts";

/** Read as a visitor: the policies named `public` say what there is. */
export type PublicNotice = {
  id: BroadcastId;
  column: string;
  kind: BroadcastKind;
  state: BroadcastState;
  body: string;
  options: string[] | null;
  closesAt: Date | null;
  launchedAt: Date;
  /** What puts it right, and what it puts right itself. */
  correctedBy: BroadcastId | null;
  correctsId: BroadcastId | null;
};

export async function listPublicNotices(
  db: Db,
  villageId: VillageId,
  wish: { columnId: ColumnId | null; before: BroadcastId | null; limit: number },
): Promise<PublicNotice[]> {
  return await db
    .selectFrom("broadcasts as b")
    .innerJoin("columns as c", "c.id", "b.column_id")
    .select(["b.id", "c.name as column", "b.kind", "b.state", "b.body", "b.options", "b.closes_at as closesAt"])
    .select([sql<Date>`b.launched_at`.as("launchedAt"), "b.corrects_id as correctsId"])
    .select(
      sql<BroadcastId | null>`(select n.id from broadcasts n where n.corrects_id = b.id order by n.id limit 1)`.as(
        "correctedBy",
      ),
    )
    .where("b.village_id", "=", villageId)
    .$if(wish.columnId !== null, (query) => query.where("b.column_id", "=", wish.columnId as ColumnId))
    .$if(wish.before !== null, (query) => query.where("b.id", "<", wish.before as BroadcastId))
    .orderBy("b.id", "desc")
    .limit(wish.limit)
    .execute();
}

/** The columns under which something was sent, in the village's order. */
export const listPublicColumns = (db: Db, villageId: VillageId): Promise<{ id: ColumnId; name: string }[]> =>
  db
    .selectFrom("columns as c")
    .select(["c.id", "c.name"])
    .where("c.village_id", "=", villageId)
    .where((eb) => eb.exists(eb.selectFrom("broadcasts as b").select("b.id").whereRef("b.column_id", "=", "c.id")))
    .orderBy("c.position")
    .execute();

/** Votes of each option by its place, from 1; who voted stays unseen. */
export async function countPublicVotes(db: Db, poll: BroadcastId): Promise<Map<number, number>> {
  const { rows } = await sql<{ option: number; votes: number }>`select * from count_votes_of(${poll})`.execute(db);
  return new Map(rows.map(({ option, votes }) => [option, votes]));
}

/** Villagers whom these words name. */
export const listNamesIn = async (db: Db, words: string): Promise<string[]> =>
  (await sql<{ name: string }>`select name from names_in(${words})`.execute(db)).rows.map((row) => row.name);

export const listPublicAnswers = (db: Db, villageId: VillageId, limit: number) =>
  db
    .selectFrom("publications")
    .select(["question", "answer", "published_at as publishedAt"])
    .where("village_id", "=", villageId)
    .orderBy("published_at", "desc")
    .orderBy("suggestion_id", "desc")
    .limit(limit)
    .execute();

export type PublicSheet = { month: string; opening: number; closing: number; lines: PublicLine[]; postedOn: string };

/** Newest month first; of one month the correction before what it corrects. */
export const listPublicSheets = (db: Db, villageId: VillageId, month: string | null): Promise<PublicSheet[]> =>
  db
    .selectFrom("sheet_publications")
    .select([
      sql<string>`to_char(month, 'YYYY-MM')`.as("month"),
      sql<number>`opening::float8`.as("opening"),
      sql<number>`closing::float8`.as("closing"),
      "lines",
      "posted_on as postedOn",
    ])
    .where("village_id", "=", villageId)
    .$if(month !== null, (query) => query.where("month", "=", `${month}-01`))
    .orderBy("sheet_publications.month", "desc")
    .orderBy("published_at", "desc")
    .limit(60)
    .execute();

export const listPublicContacts = (db: Db, villageId: VillageId) =>
  db
    .selectFrom("public_contacts as c")
    .innerJoin("actors as a", "a.id", "c.actor_id")
    .select(["a.name", "c.post", "c.duty", "c.phone"])
    .where("c.village_id", "=", villageId)
    .orderBy("a.created_at")
    .execute();

/** What the calendar knows, without the names of those who entered it. */
export async function listPublicRules(
  db: Db,
  place: { id: VillageId; townshipId: TownshipId | null },
): Promise<Rule[]> {
  return (await db
    .selectFrom("disclosure_rules")
    .select(["level", "item", "from_on as fromOn", "change", sql<string>`''`.as("by")])
    .where((eb) =>
      eb.or([
        eb("village_id", "=", place.id),
        ...(place.townshipId === null ? [] : [eb("township_id", "=", place.townshipId)]),
      ]),
    )
    .orderBy("from_on")
    .execute()) as Rule[];
}

export async function listPublicDisclosures(db: Db, villageId: VillageId): Promise<Disclosure[]> {
  const rows = await db
    .selectFrom("disclosures as d")
    .leftJoin("disclosure_photos as p", "p.disclosure_id", "d.id")
    .select(["d.id", "d.village_id as villageId", "d.item", "d.period", "d.title", "d.event_on as eventOn"])
    .select(["d.chain_id as chainId", "d.chain_step as chainStep", "d.due_on as dueOn", "d.sheet_id as sheetId"])
    .select(["d.board_posted_on as boardPostedOn", "d.board_until as boardUntil", "d.reposted_on as repostedOn"])
    .select(["d.created_at as createdAt", "p.disclosure_id as photoOf"])
    .select((eb) =>
      eb
        .selectFrom("broadcasts as b")
        .select((of) => of.fn.min("b.launched_at").as("at"))
        .whereRef("b.disclosure_id", "=", "d.id")
        .where("b.state", "!=", "canceled")
        .as("smsSentAt"),
    )
    .leftJoin("disclosure_chains as c", "c.id", "d.chain_id")
    .where("d.village_id", "=", villageId)
    // As in the village's own calendar, a chain that was stopped owes nothing.
    .where((eb) => eb.or([eb("c.stopped_at", "is", null), eb("d.board_posted_on", "is not", null)]))
    .orderBy("d.id")
    .execute();
  // Of photos the database shows a visitor the public ones.
  return rows.map(({ photoOf, ...row }) => ({
    ...row,
    postedBy: null,
    notedAt: null,
    photo: photoOf && { public: true },
  }));
}
