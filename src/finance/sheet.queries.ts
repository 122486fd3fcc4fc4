import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { VillageId } from "../lib/ids.ts";
import type { Before } from "./balance.ts";
import type { Entry, Sheet, SheetId } from "./sheet.ts";

const read = (db: Db) =>
  db
    .selectFrom("sheets as s")
    .leftJoin("actors as m", "m.id", "s.made_by")
    .leftJoin("actors as p", "p.id", "s.posted_by")
    .select([
      "s.id",
      "s.village_id as villageId",
      sql<string>`to_char(s.month, 'YYYY-MM')`.as("month"),
      "s.state",
      sql<number | null>`s.opening::float8`.as("opening"),
      sql<number | null>`s.closing::float8`.as("closing"),
      "s.corrects_id as correctsId",
      sql<string>`coalesce(m.name, '已离任人员')`.as("maker"),
      "s.posted_on as postedOn",
      "s.posted_at as postedAt",
      "p.name as poster",
    ]);

export const findSheet = (db: Db, id: SheetId): Promise<Sheet | undefined> =>
  read(db).where("s.id", "=", id).executeTakeFirst();

/** Takes the row's lock: whoever changes its entries or moves it does so one after the other. */
export const lockSheet = (tx: Tx, id: SheetId): Promise<Sheet | undefined> =>
  read(tx).where("s.id", "=", id).forUpdate("s").executeTakeFirst();

export const listEntries = (db: Db, id: SheetId): Promise<Entry[]> =>
  db
    .selectFrom("sheet_entries")
    .select(["id", "day", "kind", "purpose", sql<number>`amount::float8`.as("amount")])
    .select(["category", "via", "handler", "voucher"])
    .where("sheet_id", "=", id)
    .orderBy("day")
    .orderBy("id")
    .execute();

export type ListedSheet = Sheet & { income: number; expense: number; entries: number; correctedBy: SheetId | null };

/** Newest month first, a correction before what it corrects; of one year, or all. */
export const listSheets = (db: Db, villageId: VillageId, year: number | null = null): Promise<ListedSheet[]> => {
  const sum = (kind: "income" | "expense") =>
    sql<number>`coalesce((select sum(e.amount) from sheet_entries e where e.sheet_id = s.id and e.kind = ${kind}), 0)::float8`;
  return read(db)
    .select([
      sum("income").as("income"),
      sum("expense").as("expense"),
      sql<number>`(select count(*)::int from sheet_entries e where e.sheet_id = s.id)`.as("entries"),
      sql<SheetId | null>`(select c.id from sheets c where c.corrects_id = s.id and c.state = 'posted')`.as(
        "correctedBy",
      ),
    ])
    .where("s.village_id", "=", villageId)
    .$if(year !== null, (query) => query.where(sql<boolean>`extract(year from s.month) = ${year}`))
    .orderBy("s.month", "desc")
    .orderBy("s.id", "desc")
    .execute();
};

/** The last month before this one that was posted, as its newest correction has it. */
export async function findBefore(db: Db, villageId: VillageId, month: string): Promise<Before> {
  const row = await read(db)
    .where("s.village_id", "=", villageId)
    .where("s.state", "=", "posted")
    .where(sql<boolean>`s.month < ${`${month}-01`}::date`)
    .where(sql<boolean>`not exists (select from sheets c where c.corrects_id = s.id and c.state = 'posted')`)
    .orderBy("s.month", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? { month: row.month, closing: row.closing ?? 0 } : null;
}

/** The month's first sheet, posted or not. */
export const findSheetOfMonth = (db: Db, villageId: VillageId, month: string): Promise<Sheet | undefined> =>
  read(db)
    .where("s.village_id", "=", villageId)
    .where("s.month", "=", `${month}-01`)
    .where("s.corrects_id", "is", null)
    .executeTakeFirst();

export const findCorrectionOf = (db: Db, id: SheetId): Promise<Sheet | undefined> =>
  read(db).where("s.corrects_id", "=", id).executeTakeFirst();
