import { sayDate } from "../../lib/china-time.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import type { Work } from "../../queue/work.ts";
import type { Village } from "../../village/village.queries.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { draftBroadcast } from "../draft-broadcast.ts";

/**
 * A draft that says what was wrong, for everybody whom the first was for. It begins with the first one's own words, to
 * be mended where they are wrong; those of a notice with blanks are each household's own, so there it begins empty.
 */
export async function draftCorrection(work: Work, village: Village, first: Broadcast): Promise<Outcome<BroadcastId>> {
  if (!first.launchedAt) return refusal("move_not_allowed", "这条通知还没有发出，改它自己就行，不用更正");
  const day = sayDate(first.launchedAt, work.now);
  const about = `更正：${day}“${first.column}”那条写错了，正确的是：`;
  const wish = {
    column: first.column,
    kind: first.kind === "emergency" ? ("emergency" as const) : ("notice" as const),
    audience: first.audience,
    needsOverseer: first.needsOverseer,
    origin: { correctsId: first.id },
  };
  const whole = await draftBroadcast(
    work,
    village,
    { ...wish, body: about + (first.personal ? "" : first.body) },
    false,
  );
  // As long as can be already: then only the beginning.
  return whole.ok || first.personal ? whole : await draftBroadcast(work, village, { ...wish, body: about }, false);
}

/** The same text again, for the doors that it has not reached: a new notice, with an approval of its own. */
export async function draftForUnreached(work: Work, village: Village, first: Broadcast): Promise<Outcome<BroadcastId>> {
  if (!first.launchedAt) return refusal("move_not_allowed", "这条通知还没有发出");
  if (first.kind === "poll") return refusal("move_not_allowed", "表态再发一遍，票就分成两份了；请入户问");
  if (first.personal) return refusal("move_not_allowed", "这条通知每户的话不一样，不能照样再发；请入户告知");
  return await draftBroadcast(
    work,
    village,
    {
      column: first.column,
      kind: first.kind,
      body: first.body,
      audience: { scope: first.audience.scope, unreachedOf: first.id },
      needsOverseer: first.needsOverseer,
    },
    false,
  );
}
