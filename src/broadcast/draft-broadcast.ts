import { audit } from "../db/audit.queries.ts";
import { type BroadcastId, newId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { findBroadcast } from "./broadcast.queries.ts";
import { changeDraft, insertBroadcast } from "./change-broadcast.queries.ts";
import { checkDraft, type DraftWish } from "./check-draft.ts";
import { noteEvent } from "./events.queries.ts";
import { submitBroadcast } from "./submit-broadcast.ts";

/** Writes a notice down; `submit` hands it to whoever approves. */
export async function draftBroadcast(
  work: Work,
  village: Village,
  wish: DraftWish,
  submit: boolean,
): Promise<Outcome<BroadcastId>> {
  const checked = await checkDraft(work, village, wish);
  if (!checked.ok) return checked;
  const { estimate, ...draft } = checked.value;
  const id = newId<BroadcastId>(work.now.getTime());
  await insertBroadcast(
    work.tx,
    {
      id,
      villageId: village.id,
      ...draft,
      segmentsPerMessage: estimate.segments,
      personalSegments: null,
      recipients: estimate.recipients,
      price: estimate.price,
      draftedBy: work.actor.id,
    },
    work.now,
  );
  await noteEvent(
    work.tx,
    { broadcastId: id, villageId: village.id, actorId: work.actor.id, kind: "drafted" },
    work.now,
  );
  await audit(work, { chain: village.id, action: "broadcast.draft", subject: "broadcast", subjectId: id });
  return submit ? await submitBroadcast(work, id) : ok(id);
}

/** Changes a draft, or one that came back; what was approved is frozen. */
export async function editBroadcast(
  work: Work,
  village: Village,
  id: BroadcastId,
  wish: DraftWish,
  submit: boolean,
): Promise<Outcome<BroadcastId>> {
  const known = await findBroadcast(work.tx, id);
  if (!known || known.villageId !== village.id) return refusal("not_found", "没有这条通知");
  const { kind, atLeastOnce, options, closesAt, urgentReason } = known;
  // What it was made of may have asked for the overseer; another column does not take that back.
  const needsOverseer = known.needsOverseer && (known.sheetId ?? known.disclosureId ?? known.templateId) !== null;
  const audience = wish.audience ?? known.audience;
  const kept = { kind, atLeastOnce, options, closesAt, urgentReason, needsOverseer };
  const checked = await checkDraft(work, village, { ...wish, audience, ...kept });
  if (!checked.ok) return checked;
  const { body, columnId, personal, sendAt, stages, estimate } = checked.value;
  const changed = await changeDraft(work.tx, id, {
    body,
    audience: JSON.stringify(checked.value.audience),
    personal,
    personal_segments: null,
    column_id: columnId,
    send_at: sendAt,
    needs_overseer: checked.value.needsOverseer,
    stage_first: stages?.first ?? null,
    stage_minutes: stages?.waitMinutes ?? null,
    segments_per_message: estimate.segments,
    recipients: estimate.recipients,
    price: estimate.price,
  });
  if (!changed) return refusal("move_not_allowed", "这条通知已经提交，不能再改；要改请先退回");
  await audit(work, { chain: village.id, action: "broadcast.edit", subject: "broadcast", subjectId: id });
  return submit ? await submitBroadcast(work, id) : ok(id);
}
