import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import type { BroadcastId, DisclosureId, VillageId } from "../lib/ids.ts";
import { addDays, type IsoDay, isIsoDay } from "../lib/iso-day.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { ensureDisclosure, linkBroadcast, linkSheet, noteBoard, noteRepost } from "./disclosure.queries.ts";
import { sayIsoDay } from "./due-date.ts";
import { findEntryOf } from "./find-entry.ts";
import { keepPhoto } from "./keep-photo.ts";
import type { Entry } from "./read-calendar.ts";
import { listRules } from "./rules.queries.ts";
import { rulesOn } from "./rules.ts";
import { followChain } from "./run-chain.ts";

export type DisclosureNote = {
  villageId: VillageId;
  item: string;
  /** `2026-07`, `2026-Q3`, …, or the key of an event that was opened before. */
  period: string;
  boardPostedOn?: IsoDay | undefined;
  /** How long it will hang there; without it, as long as the rules want at least. */
  boardUntil?: IsoDay | undefined;
  photo?: Buffer | undefined;
  broadcastId?: BroadcastId | undefined;
  sheetId?: string | undefined;
};

/**
 * Writes down what is known of a publication: that it is on the board, its photo, its notice, its sheet; what is not
 * named stays. The calendar must ask for that item and period; a board date is a day that has come.
 */
export async function noteDisclosure(work: Work, note: DisclosureNote): Promise<Outcome<DisclosureId>> {
  const found = await findEntryOf(work, note.villageId, note.item, note.period);
  if (!found.ok) return found;
  const { village, entry } = found.value;
  const board =
    note.boardPostedOn === undefined ? ok(null) : readBoard(entry, note.boardPostedOn, note.boardUntil, work);
  if (!board.ok) return board;
  const { villageId, item, period } = note;
  const id = await ensureDisclosure(work.tx, { villageId, item, period, by: work.actor.id }, work.now);
  if (board.value) {
    const keep = rulesOn(await listRules(work.tx, village), board.value.postedOn).ground.keepDays;
    const until = board.value.until ?? addDays(board.value.postedOn, keep);
    if (until < addDays(board.value.postedOn, keep)) {
      return invalid({ field: "until", message: `至少要贴 ${keep} 天，到${addDays(board.value.postedOn, keep)}` });
    }
    await noteBoard(
      work.tx,
      id,
      { postedOn: board.value.postedOn, until, dueOn: entry.dueOn, by: work.actor.id },
      work.now,
    );
  }
  if (board.value && entry.row?.chainId) await followChain(work, villageId, entry.row.chainId);
  if (note.sheetId) await linkSheet(work.tx, id, note.sheetId);
  if (note.broadcastId && !(await linkBroadcast(work.tx, id, villageId, note.broadcastId))) {
    return refusal("not_found", "没有这条通知");
  }
  if (note.photo) {
    const kept = await keepPhoto(work, villageId, id, note.photo);
    if (!kept.ok) return kept;
  }
  await audit(work, {
    chain: villageId,
    action: "disclosure.note",
    subject: "disclosure",
    subjectId: id,
    detail: { item, period, board: note.boardPostedOn ?? null, photo: note.photo !== undefined },
  });
  return ok(id);
}

function readBoard(
  entry: Entry,
  postedOn: string,
  until: string | undefined,
  { now }: Work,
): Outcome<{ postedOn: IsoDay; until: IsoDay | null }> {
  const wrong = (field: string, message: string) => invalid({ field, message });
  if (!isIsoDay(postedOn)) return wrong("postedOn", "请选贴上公开栏的日期");
  if (postedOn > localDate(now)) return wrong("postedOn", "这天还没到，贴上以后再记");
  if (postedOn < entry.opensOn)
    return wrong("postedOn", `${entry.label}的，最早${sayIsoDay(entry.opensOn)}才能公开，请看看日期`);
  if (until === undefined || until === "") return ok({ postedOn, until: null });
  return isIsoDay(until) ? ok({ postedOn, until }) : wrong("until", "请选贴到哪天");
}

/** It was torn off or rained away, and hangs there again: for the full time from that day on. */
export async function repostDisclosure(
  work: Work,
  villageId: VillageId,
  item: string,
  period: string,
  on: string,
): Promise<Outcome<DisclosureId>> {
  const found = await findEntryOf(work, villageId, item, period);
  if (!found.ok) return found;
  const { village, entry } = found.value;
  const { row, boardPostedOn } = entry;
  if (!row || boardPostedOn === null) return refusal("move_not_allowed", "还没有贴过，请先记下贴上的日期");
  if (!isIsoDay(on) || on < boardPostedOn || on > localDate(work.now)) {
    return invalid({ field: "repostedOn", message: "请选重新贴上的日期，在第一次贴上以后、今天以前" });
  }
  const { keepDays } = rulesOn(await listRules(work.tx, village), on).ground;
  await noteRepost(work.tx, row.id, on, addDays(on, keepDays));
  await audit(work, { chain: villageId, action: "disclosure.repost", subject: "disclosure", subjectId: row.id });
  return ok(row.id);
}
