import { audit } from "../db/audit.queries.ts";
import { type InboundId, isUuid, type VillageId } from "../lib/ids.ts";
import { isE164 } from "../lib/phone.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { addPhone } from "../roster/add-phone.ts";
import { dismissTexts, replayTexts, type StrangersText, takeStrangersText } from "./strangers.queries.ts";

const GONE = refusal("not_found", "没有这条短信，或者已经有人处理过");

/**
 * A stranger turns out to be somebody of the village: his phone goes into the roster, and everything he wrote is
 * understood again in the order he wrote it. Old texts open their cases; he gets one receipt for all of them.
 */
export async function attachStranger(
  work: Work,
  sealer: Sealer,
  villageId: VillageId,
  id: string,
  wish: { household: string; name: string },
): Promise<Outcome<InboundId>> {
  const text = await take(work, id);
  if (!text) return GONE;
  if (!isE164(sealer.openPhone(text.fromPhone))) return refusal("move_not_allowed", "这不是手机号，不能登记到户");
  const added = await addPhone(work, villageId, { hash: text.fromHash, sealed: text.fromPhone }, wish);
  if (!added.ok) return added;
  const first = (await replayTexts(work.tx, text.fromHash, villageId, work.now)) ?? text.id;
  work.ring({ queue: "understand-inbound", payload: { inboundId: first } });
  return ok(text.id);
}

/** "不是本村": with a reason, and for what the phone wrote until now. */
export async function dismissStranger(
  work: Work,
  villageId: VillageId,
  id: string,
  reason: string,
): Promise<Outcome<InboundId>> {
  const why = cleanText(reason).trim().slice(0, 200);
  if (why === "") return invalid({ field: "reason", message: "请写明为什么，比如“打电话问过，是外村的”" });
  const text = await take(work, id);
  if (!text) return GONE;
  await dismissTexts(work.tx, text.fromHash, work.actor.id, why, work.now);
  await audit(work, { chain: villageId, action: "inbound.dismiss", subject: "inbound", subjectId: text.id });
  return ok(text.id);
}

const take = async (work: Work, id: string): Promise<StrangersText | undefined> =>
  isUuid(id) ? await takeStrangersText(work.tx, id as InboundId) : undefined;
