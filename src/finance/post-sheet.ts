import { findBroadcastOfSheet } from "../broadcast/broadcast.queries.ts";
import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import { newId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { listNamesAndDoors } from "../roster/find-people.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { insertEntries, insertPublication, insertSheet, moveSheet } from "./change-sheet.queries.ts";
import { publicLines } from "./say-sheet.ts";
import { findBefore, findCorrectionOf, listEntries, lockSheet } from "./sheet.queries.ts";
import type { Sheet, SheetId } from "./sheet.ts";
import { tellCalendar } from "./tell-calendar.ts";

/**
 * The sheet hangs on the board since that day, which is what the law asks for (reference/domain.md 1.3); from now on
 * the public page shows it too, and the next month goes on from it. Only what both keys have signed.
 */
export async function postSheet(work: Work, village: Village, known: Sheet, on: string): Promise<Outcome<null>> {
  const sheet = await lockSheet(work.tx, known.id);
  if (sheet?.state !== "locked") {
    return refusal("move_not_allowed", sheet?.state === "posted" ? "这张账已经公布了" : "先做成通知，签了字才能公布");
  }
  const notice = await findBroadcastOfSheet(work.tx, sheet.id);
  if (!notice?.frozenAt) return refusal("move_not_allowed", "村监会和书记都签了字，才能公布");
  const today = localDate(work.now);
  if (!/^\d{4}-\d\d-\d\d$/.test(on)) return invalid({ field: "postedOn", message: "请选贴到公开栏的那天" });
  if (on > today) return invalid({ field: "postedOn", message: "这一天还没到，贴出来以后再记" });
  if (on.slice(0, 7) <= sheet.month) return invalid({ field: "postedOn", message: "这一天月份还没过完，请核对" });

  const { names } = await listNamesAndDoors(work.tx, village.id);
  const lines = publicLines(await listEntries(work.tx, sheet.id), names);
  await moveSheet(work.tx, sheet.id, "posted", { posted_on: on, posted_at: work.now, posted_by: work.actor.id });
  const { opening, closing } = sheet;
  await insertPublication(
    work.tx,
    { ...sheet, opening: opening ?? 0, closing: closing ?? 0, postedOn: on },
    lines,
    work.now,
  );
  // A correction hangs beside what it corrects: that one's day says whether the month was published in time.
  const told = await tellCalendar(work, sheet, sheet.correctsId ? {} : { boardPostedOn: on });
  if (!told.ok) return told;
  await note(work, sheet, "sheet.post", { on });
  return ok(null);
}

/** Begins the sheet that will take the place of a posted one: the same entries, to be put right. */
export async function correctSheet(work: Work, village: Village, known: Sheet): Promise<Outcome<SheetId>> {
  const sheet = await lockSheet(work.tx, known.id);
  if (sheet?.state !== "posted") return refusal("move_not_allowed", "只有公布了的账才要更正表，没公布的直接改");
  const begun = await findCorrectionOf(work.tx, sheet.id);
  if (begun) return ok(begun.id);
  const before = await findBefore(work.tx, village.id, sheet.month);
  const id = newId<SheetId>(work.now.getTime());
  const { villageId, month, closing } = sheet;
  const opening = before ? before.closing : sheet.opening;
  await insertSheet(
    work.tx,
    { id, villageId, month, opening, closing, correctsId: sheet.id, by: work.actor.id },
    work.now,
  );
  const entries = (await listEntries(work.tx, sheet.id)).map(({ id: _, ...words }) => words);
  await insertEntries(work.tx, { id, villageId }, entries, work.now);
  await note(work, sheet, "sheet.correct");
  return ok(id);
}

const note = (work: Work, { id, villageId, month }: Sheet, action: string, detail = {}): Promise<void> =>
  audit(work, { chain: villageId, action, subject: "sheet", subjectId: id, detail: { month, ...detail } });
