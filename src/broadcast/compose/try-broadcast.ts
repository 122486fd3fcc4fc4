import { audit } from "../../db/audit.queries.ts";
import { after, HOUR } from "../../lib/clock.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { countTexts } from "../../message/channel.queries.ts";
import { queueText } from "../../message/queue-text.ts";
import type { Work } from "../../queue/work.ts";
import { lockOwnPhone } from "../../staff/staff.queries.ts";
import { getVillage } from "../../village/village.queries.ts";
import { findBroadcast } from "../broadcast.queries.ts";
import { writeSample } from "../lint/letters.ts";
import { writeBody } from "../poll/poll.ts";

/** Enough to try a wording, too few to tease anybody. */
export const TESTS_PER_HOUR = 5;

/**
 * Sends a notice to the phone of whoever asks, letter for letter as villagers would get it; with blanks, as one
 * household would. Its row says `test` and
 * names no broadcast, so no count, no budget and no list of recipients knows of it.
 */
export async function tryBroadcast(work: Work, id: BroadcastId): Promise<Outcome<BroadcastId>> {
  const broadcast = await findBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const phone = await lockOwnPhone(work.tx, work.actor.id);
  if (!phone) return refusal("validation_failed", "您的账号没有登记手机号，发不了试发短信，请让管理账号的人补上");
  const sent = await countTexts(work.tx, phone.hash, "test", after(work.now, -HOUR));
  if (sent >= TESTS_PER_HOUR) {
    return refusal("too_many_requests", `一小时最多试发 ${TESTS_PER_HOUR} 次，请过一会儿再试`);
  }
  const village = await getVillage(work.tx, broadcast.villageId);
  await queueText(work, {
    villageId: village.id,
    signature: village.signature,
    phone,
    householdId: null,
    suggestionId: null,
    purpose: "test",
    body: broadcast.personal ? await writeSample(work, broadcast) : writeBody(broadcast),
    sealed: false,
  });
  await audit(work, { chain: village.id, action: "broadcast.test", subject: "broadcast", subjectId: id });
  return ok(id);
}
