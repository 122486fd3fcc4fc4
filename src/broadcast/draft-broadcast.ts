import { audit } from "../db/audit.queries.ts";
import { type BroadcastId, newId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { insertBroadcast } from "./change-broadcast.queries.ts";
import { checkDraft, type DraftWish } from "./check-draft.ts";
import { noteEvent } from "./events.queries.ts";
import { handIn } from "./submit-broadcast.ts";

/** Writes a whole notice down, strictly checked; `submit` hands it to whoever approves. */
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
  return submit ? await handIn(work, id, wish) : ok(id);
}
