import { type Broadcast, findBroadcastOfSheet, lockBroadcast } from "../broadcast/broadcast.queries.ts";
import { draftBroadcast } from "../broadcast/draft-broadcast.ts";
import { cancelBroadcast } from "../broadcast/sending/control-broadcast.ts";
import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { listNamesAndDoors } from "../roster/find-people.queries.ts";
import { listColumns, type Village } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { checkSheet } from "./balance.ts";
import { moveSheet } from "./change-sheet.queries.ts";
import { publicLines, saySheet } from "./say-sheet.ts";
import { findBefore, listEntries, lockSheet } from "./sheet.queries.ts";
import { type Sheet, sayMonth } from "./sheet.ts";
import { tellCalendar } from "./tell-calendar.ts";

/**
 * Makes the sheet's notice, a draft for the overseer and the secretary to sign, and locks the sheet: from here on both
 * say the same. Refused while the sheet does not balance or does not continue the month before.
 */
export async function makeNotice(work: Work, village: Village, known: Sheet): Promise<Outcome<BroadcastId>> {
  const sheet = await lockSheet(work.tx, known.id);
  if (sheet?.state !== "draft") return refusal("move_not_allowed", "这张账已经定稿，通知已经做过了");
  if (sheet.month >= localDate(work.now).slice(0, 7)) {
    return refusal("move_not_allowed", `${sayMonth(sheet.month)}还没有过完，下个月1日起才能做通知`);
  }
  const entries = await listEntries(work.tx, sheet.id);
  const [problem, ...more] = checkSheet(sheet, entries, await findBefore(work.tx, village.id, sheet.month));
  if (problem) {
    const errors = [problem, ...more].map(({ field, message }) => ({ field, message }));
    const message = errors.map((one) => one.message).join("；");
    return { ok: false, refusal: { code: problem.code, message, errors } };
  }
  const column = (await listColumns(work.tx, village.id)).find((one) => one.class === "finance");
  if (!column) return refusal("move_not_allowed", "村里没有财务公开的栏目，请先添一个");
  const { names } = await listNamesAndDoors(work.tx, village.id);
  const corrected = sheet.correctsId ? await findBroadcastOfSheet(work.tx, sheet.correctsId) : undefined;
  const told = { month: sheet.month, opening: sheet.opening ?? 0, correction: sheet.correctsId !== null };
  const { body } = saySheet(told, publicLines(entries, names), writeSignature(village.signature));
  const drafted = await draftBroadcast(
    work,
    village,
    {
      column: column.id,
      body,
      needsOverseer: true,
      origin: { sheetId: sheet.id, correctsId: corrected?.launchedAt ? corrected.id : null },
    },
    false,
  );
  if (!drafted.ok) return drafted;
  const noted = await tellCalendar(work, sheet, { broadcastId: drafted.value });
  if (!noted.ok) return noted;
  await moveSheet(work.tx, sheet.id, "locked");
  await note(work, sheet, "sheet.lock");
  return drafted;
}

/** Opens a locked sheet again, as long as nobody has its notice before him; that notice is thrown away. */
export async function unlockSheet(work: Work, known: Sheet): Promise<Outcome<null>> {
  const sheet = await lockSheet(work.tx, known.id);
  if (sheet?.state !== "locked") return refusal("move_not_allowed", "这张账没有定稿，不用解开");
  const made = await findBroadcastOfSheet(work.tx, sheet.id);
  // Somebody may just be handing it in.
  const notice = made && (await lockBroadcast(work.tx, made.id));
  if (notice && !isSpent(notice)) {
    if (notice.state !== "draft" && notice.state !== "returned") {
      return refusal("move_not_allowed", SAY_WAY_BACK[notice.launchedAt ? "sent" : "waiting"]);
    }
    const canceled = await cancelBroadcast(work, notice.id);
    if (!canceled.ok) return canceled;
  }
  await moveSheet(work.tx, sheet.id, "draft");
  await note(work, sheet, "sheet.unlock");
  return ok(null);
}

const SAY_WAY_BACK = {
  sent: "通知已经发出，账不能再改；有错请公布以后做更正表",
  waiting: "通知正等着签字或发送，请先撤回或退回它，再来改账",
};

/** Canceled before anybody got it. */
const isSpent = ({ state, launchedAt }: Broadcast): boolean => state === "canceled" && launchedAt === null;

const note = (work: Work, { id, villageId, month }: Sheet, action: string): Promise<void> =>
  audit(work, { chain: villageId, action, subject: "sheet", subjectId: id, detail: { month } });
