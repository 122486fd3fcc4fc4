import type { Tx } from "../db/connect.ts";
import { type ActorId, newId, type VillageId } from "../lib/ids.ts";
import { statesBefore } from "../lib/moves.ts";
import type { PublicLine } from "./say-sheet.ts";
import { type EntryId, type EntryWords, SHEET_MOVES, type SheetId, type SheetState } from "./sheet.ts";

export type NewSheet = {
  id: SheetId;
  villageId: VillageId;
  month: string;
  opening: number | null;
  closing: number | null;
  correctsId: SheetId | null;
  by: ActorId;
};

/** False: the month, or the sheet to be corrected, has one already. */
export async function insertSheet(tx: Tx, sheet: NewSheet, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("sheets")
    .values({
      id: sheet.id,
      village_id: sheet.villageId,
      month: `${sheet.month}-01`,
      opening: sheet.opening,
      closing: sheet.closing,
      corrects_id: sheet.correctsId,
      made_by: sheet.by,
      made_at: now,
    })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function setBalances(
  tx: Tx,
  id: SheetId,
  balances: { opening: number | null; closing: number | null },
): Promise<void> {
  await tx.updateTable("sheets").set(balances).where("id", "=", id).where("state", "=", "draft").execute();
}

type Posting = { posted_on: string; posted_at: Date; posted_by: ActorId };

/** A move guarded by the table of moves. False: too late, or twice. */
export async function moveSheet(tx: Tx, id: SheetId, to: SheetState, posting: Partial<Posting> = {}): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("sheets")
    .set({ ...posting, state: to })
    .where("id", "=", id)
    .where("state", "in", statesBefore(SHEET_MOVES, to))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** In the order given: entries of one day stay in it. */
export async function insertEntries(
  tx: Tx,
  sheet: { id: SheetId; villageId: VillageId },
  entries: readonly EntryWords[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((words) => ({
    id: newId<EntryId>(now.getTime()),
    sheet_id: sheet.id,
    village_id: sheet.villageId,
    ...words,
  }));
  await tx.insertInto("sheet_entries").values(rows).execute();
}

/** False: it is not on this sheet any more. */
export async function updateEntry(tx: Tx, sheetId: SheetId, id: EntryId, words: EntryWords): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("sheet_entries")
    .set(words)
    .where("id", "=", id)
    .where("sheet_id", "=", sheetId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** One entry, or all of them. */
export async function deleteEntries(tx: Tx, sheetId: SheetId, id: EntryId | null): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("sheet_entries")
    .where("sheet_id", "=", sheetId)
    .$if(id !== null, (query) => query.where("id", "=", id as EntryId))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export async function deleteSheet(tx: Tx, id: SheetId): Promise<void> {
  await tx.deleteFrom("sheets").where("id", "=", id).where("state", "=", "draft").execute();
}

export async function insertPublication(
  tx: Tx,
  sheet: { id: SheetId; villageId: VillageId; month: string; opening: number; closing: number; postedOn: string },
  lines: readonly PublicLine[],
  now: Date,
): Promise<void> {
  await tx
    .insertInto("sheet_publications")
    .values({
      sheet_id: sheet.id,
      village_id: sheet.villageId,
      month: `${sheet.month}-01`,
      opening: sheet.opening,
      closing: sheet.closing,
      lines: JSON.stringify(lines),
      posted_on: sheet.postedOn,
      published_at: now,
    })
    .execute();
}
