import { type BroadcastId, isUuid } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Broadcast, findBroadcast } from "./broadcast.queries.ts";

/** One notice of the village in the address, never another village's. */
export async function visitNotice(
  work: Work,
  params: Readonly<Record<string, string>>,
): Promise<Outcome<{ village: Village; broadcast: Broadcast }>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const broadcast = isUuid(id) ? await findBroadcast(work.tx, id as BroadcastId) : undefined;
  if (broadcast?.villageId !== village.value.id) return refusal("not_found", "没有这条通知");
  return ok({ village: village.value, broadcast });
}
