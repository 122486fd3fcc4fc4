import type { ActorId, SuggestionId, VillageId } from "../lib/ids.ts";
import { isUuid } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import { getVillage } from "../village/village.queries.ts";
import { moveSuggestion } from "./change-suggestion.queries.ts";
import { findNamed } from "./conflict.ts";
import { notAllowed, responseNow, takeSuggestion, write } from "./move-suggestion.ts";
import { findSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { tellOwner } from "./tell-owner.ts";

/** Gives the case to somebody of the village whom it does not name; `to` is an account's id or a full name. */
export async function assignSuggestion(work: Work, id: SuggestionId, to: string): Promise<Outcome<Suggestion>> {
  const taken = await takeSuggestion(work, id);
  if (!taken.ok) return taken;
  const handlers = await listHandlers(work.tx, taken.value.villageId);
  const handler = handlers.find((one) => one.id === to || one.name === to.trim());
  if (!handler) return invalid({ field: "to", message: "请选一位承办人" });
  const named = findNamed(taken.value.text, handlers).find((one) => one.id === handler.id);
  if (named) {
    return invalid({ field: "to", message: `编号 ${taken.value.number} 里提到了“${named.words}”，请换一个人办` });
  }
  const change = { owner_id: handler.id as ActorId, ...responseNow(taken.value, work.now) };
  if (!(await moveSuggestion(work.tx, id, "assigned", change))) return notAllowed(taken.value);
  if (handler.id !== taken.value.ownerId && handler.id !== work.actor.id) {
    await tellOwner(work, await getVillage(work.tx, taken.value.villageId), id, "assigned");
  }
  await write(work, taken.value, "assigned", { text: `交给${handler.name}${handler.post}` });
  return taken;
}

export type Bulk = { assigned: Suggestion[]; refused: { id: string; number: number | null; message: string }[] };

/** More than a screen of cases is a mistake, and would hold the audit log for long. */
export const MOST_AT_ONCE = 100;

/** Several cases to one person: each stands by itself, and those that cannot be given say why. */
export async function assignMany(
  work: Work,
  villageId: VillageId,
  ids: readonly string[],
  to: string,
): Promise<Outcome<Bulk>> {
  if (ids.length === 0) return invalid({ field: "ids", message: "请先勾选要交办的意见" });
  if (ids.length > MOST_AT_ONCE) return invalid({ field: "ids", message: `一次最多交办 ${MOST_AT_ONCE} 件` });
  const handlers = await listHandlers(work.tx, villageId);
  if (!handlers.some((one) => one.id === to || one.name === to.trim())) {
    return invalid({ field: "to", message: "请选一位承办人" });
  }
  const bulk: Bulk = { assigned: [], refused: [] };
  for (const id of [...new Set(ids)].sort()) {
    const found = isUuid(id) ? await findSuggestion(work.tx, id as SuggestionId) : undefined;
    const done =
      found?.villageId === villageId
        ? await assignSuggestion(work, found.id, to)
        : refusal("not_found", "没有这件意见");
    if (done.ok) bulk.assigned.push(done.value);
    else bulk.refused.push({ id, number: found?.number ?? null, message: done.refusal.message });
  }
  return ok(bulk);
}
