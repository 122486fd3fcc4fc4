import { audit } from "../db/audit.queries.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import { lockBroadcast } from "./broadcast.queries.ts";
import { changeDraft, moveBroadcast } from "./change-broadcast.queries.ts";
import { checkDraft } from "./check-draft.ts";
import { noteEvent } from "./events.queries.ts";
import { checkWords } from "./lint/check-words.ts";
import { checkPersonal, personalChange } from "./personal/personal.ts";
import { rushBroadcast } from "./signing/rush-broadcast.ts";
import { sayVersion } from "./signing/say-version.ts";
import { keepVersion } from "./signing/versions.queries.ts";
import { checkRepeat } from "./similar/similar-notices.ts";

/** `repeatAnyway`: the same text went to the same people within a day, and is meant to go again. */
type Meant = { repeatAnyway?: boolean | undefined };

/** Hands a draft in for approval: what was kept half-way is checked whole here. An emergency with a reason leaves at once. */
export async function submitBroadcast(work: Work, id: BroadcastId, meant: Meant = {}): Promise<Outcome<BroadcastId>> {
  const draft = await lockBroadcast(work.tx, id);
  if (!draft) return refusal("not_found", "没有这条通知");
  if (draft.state !== "draft" && draft.state !== "returned") {
    return refusal("move_not_allowed", "这条通知已经提交过了");
  }
  const village = await getVillage(work.tx, draft.villageId);
  const quorum = draft.quorum ?? undefined;
  const checked = await checkDraft(work, village, { ...draft, column: draft.columnId, quorum });
  if (!checked.ok) return checked;
  const { audience, personal, needsOverseer, estimate } = checked.value;
  await changeDraft(work.tx, id, {
    audience: JSON.stringify(audience),
    personal,
    needs_overseer: needsOverseer,
    segments_per_message: estimate.segments,
    recipients: estimate.recipients,
    price: estimate.price,
  });
  return await handIn(work, id, meant);
}

/** The move itself, of a notice whose whole has just been checked. */
export async function handIn(
  work: Work,
  id: BroadcastId,
  { repeatAnyway = false }: Meant,
): Promise<Outcome<BroadcastId>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (broadcast.sheetText !== null && broadcast.body !== broadcast.sheetText) {
    return invalid({ field: "body", message: SAY_SHEET });
  }
  const words = await checkWords(work, broadcast);
  if (!words.ok) return words;
  const counted = await checkPersonal(work, broadcast);
  if (!counted.ok) return counted;
  await changeDraft(work.tx, id, { personal: counted.value !== null, ...personalChange(counted.value) });
  const repeat = await checkRepeat(work, broadcast);
  if (!repeat.ok && !repeatAnyway) return repeat;
  const submitted = { note: null, submitted_at: work.now, remind_at: work.now };
  if (!(await moveBroadcast(work.tx, id, "awaiting_approval", submitted))) {
    return refusal("move_not_allowed", "这条通知已经提交过了");
  }
  await keepVersion(work.tx, broadcast, await sayVersion(work, broadcast), work.actor.id, work.now);
  await noteEvent(
    work.tx,
    {
      broadcastId: id,
      villageId: broadcast.villageId,
      actorId: work.actor.id,
      kind: "submitted",
      note: repeat.ok ? "" : "知道一天内发过一样的，再发一次",
    },
    work.now,
  );
  await audit(work, { chain: broadcast.villageId, action: "broadcast.submit", subject: "broadcast", subjectId: id });
  return broadcast.urgentReason === null ? ok(id) : await rushBroadcast(work, broadcast, broadcast.urgentReason);
}

const SAY_SHEET = "这条通知是按账做的，字和数要和账一样。要改，请到那张账里解开了改，再做一次通知";
