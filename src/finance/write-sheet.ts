import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import { isUuid, newId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { readAmount } from "./amount.ts";
import {
  deleteEntries,
  deleteSheet,
  insertEntries,
  insertSheet,
  setBalances,
  updateEntry,
} from "./change-sheet.queries.ts";
import { ENTRY_FIELDS, readEntry, type TypedEntry } from "./read-entry.ts";
import { findBefore, findSheet, findSheetOfMonth, listEntries, lockSheet } from "./sheet.queries.ts";
import {
  type EntryId,
  type EntryWords,
  MOST_ENTRIES,
  monthBefore,
  SHEET_STATE_WORDS,
  type Sheet,
  type SheetId,
  sayMonth,
} from "./sheet.ts";

/** Begins a month; what was left of the month before stands on it already. */
export async function startSheet(work: Work, village: Village, month: string): Promise<Outcome<SheetId>> {
  if (!/^20\d\d-(?:0[1-9]|1[0-2])$/.test(month)) return invalid({ field: "month", message: "请选哪一年哪一个月" });
  if (month > localDate(work.now).slice(0, 7)) {
    return invalid({ field: "month", message: `${sayMonth(month)}还没到，请选以前的月份` });
  }
  const before = await findBefore(work.tx, village.id, month);
  const id = newId<SheetId>(work.now.getTime());
  const opening = before?.month === monthBefore(month) ? before.closing : null;
  const sheet = { id, villageId: village.id, month, opening, closing: null, correctsId: null, by: work.actor.id };
  if (!(await insertSheet(work.tx, sheet, work.now))) {
    const known = await findSheetOfMonth(work.tx, village.id, month);
    const words = `${sayMonth(month)}已经有一张了（${SHEET_STATE_WORDS[known?.state ?? "draft"]}），请打开那一张`;
    return { ok: false, refusal: { ...invalid({ field: "month", message: words }).refusal, code: "already_exists" } };
  }
  await audit(work, { chain: village.id, action: "sheet.start", subject: "sheet", subjectId: id, detail: { month } });
  return ok(id);
}

/** The sheet in an address; one of another village does not exist. */
export async function visitSheet(work: Work, village: Village, id: string | undefined): Promise<Outcome<Sheet>> {
  const sheet = id && isUuid(id) ? await findSheet(work.tx, id as SheetId) : undefined;
  return sheet?.villageId === village.id ? ok(sheet) : refusal("not_found", "没有这张账");
}

/** The same, under its lock and still to be filled in. */
export async function takeDraft(work: Work, village: Village, id: string | undefined): Promise<Outcome<Sheet>> {
  const sheet = await visitSheet(work, village, id);
  if (!sheet.ok) return sheet;
  const locked = await lockSheet(work.tx, sheet.value.id);
  if (locked?.state === "draft") return ok(locked);
  return refusal(
    "move_not_allowed",
    locked?.state === "posted" ? "已经公布的账不能改，要改请做更正表" : "这张账已经定稿，要改请先解开",
  );
}

/** @returns how many were added; none unless all of them can be read. */
export async function addEntries(work: Work, sheet: Sheet, entries: readonly EntryWords[]): Promise<Outcome<number>> {
  const known = await listEntries(work.tx, sheet.id);
  if (known.length + entries.length > MOST_ENTRIES) {
    return invalid({ field: "table", message: `一个月最多 ${MOST_ENTRIES} 笔，现在已有 ${known.length} 笔` });
  }
  await insertEntries(work.tx, sheet, entries, work.now);
  await note(work, sheet, "sheet.add", entries.length);
  return ok(entries.length);
}

/**
 * Rows as they were typed, `amount-1`, `amount-2` …; a row in which nothing was typed is passed over. What is wrong is
 * named by the same field.
 */
export function readRows(fields: Readonly<Record<string, string>>, month: string): Outcome<EntryWords[]> {
  const numbers = Object.keys(fields).flatMap((name) => /^amount-(\d{1,3})$/.exec(name)?.[1] ?? []);
  const entries: EntryWords[] = [];
  const errors: FieldError[] = [];
  for (const n of numbers) {
    const typed: TypedEntry = Object.fromEntries(ENTRY_FIELDS.map((field) => [field, fields[`${field}-${n}`]]));
    // The side is chosen already where nothing was typed.
    const { kind: _, ...rest } = typed;
    if (Object.values(rest).every((value) => !value?.trim())) continue;
    const read = readEntry(typed, month);
    if (read.ok) entries.push(read.value);
    else
      errors.push(
        ...read.refusal.map(({ field, message }) => ({ field: `${field}-${n}`, message: `第 ${n} 行：${message}` })),
      );
  }
  if (errors.length > 0) return invalid(...errors);
  if (entries.length === 0) return invalid({ field: `purpose-${numbers[0] ?? 1}`, message: "还没有填，请至少填一行" });
  return ok(entries);
}

export async function changeEntry(work: Work, sheet: Sheet, id: EntryId, typed: TypedEntry): Promise<Outcome<null>> {
  const read = readEntry(typed, sheet.month);
  if (!read.ok) return invalid(...read.refusal);
  if (!(await updateEntry(work.tx, sheet.id, id, read.value))) return refusal("not_found", "这一笔已经删掉了");
  await note(work, sheet, "sheet.change", 1);
  return ok(null);
}

/** One entry, or all of them (to paste the table anew). */
export async function removeEntries(work: Work, sheet: Sheet, id: EntryId | null): Promise<Outcome<number>> {
  const removed = await deleteEntries(work.tx, sheet.id, id);
  await note(work, sheet, "sheet.remove", removed);
  return ok(removed);
}

/** As typed; empty is not said yet. */
export async function sayBalances(
  work: Work,
  sheet: Sheet,
  typed: { opening: string; closing: string },
): Promise<Outcome<null>> {
  const errors: FieldError[] = [];
  const read = (field: "opening" | "closing"): number | null => {
    if (typed[field].trim() === "") return null;
    const amount = readAmount(typed[field]);
    if (!amount.ok) errors.push({ field, message: amount.refusal });
    return amount.ok ? amount.value : null;
  };
  const balances = { opening: read("opening"), closing: read("closing") };
  if (errors.length > 0) return invalid(...errors);
  await setBalances(work.tx, sheet.id, balances);
  await note(work, sheet, "sheet.balance", 1);
  return ok(null);
}

/** Throws away a month, or a correction, that was begun by mistake. */
export async function discardSheet(work: Work, sheet: Sheet): Promise<Outcome<null>> {
  await deleteEntries(work.tx, sheet.id, null);
  await deleteSheet(work.tx, sheet.id);
  await note(work, sheet, "sheet.discard", 1);
  return ok(null);
}

const note = (work: Work, { id, villageId, month }: Sheet, action: string, n: number): Promise<void> =>
  audit(work, { chain: villageId, action, subject: "sheet", subjectId: id, detail: { month, n } });
