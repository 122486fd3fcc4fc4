import type { Tx } from "../db/connect.ts";
import type { ActorId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { findNamed, type Naming } from "./conflict.ts";
import { chooseOwner, type Suggestion } from "./suggestion.queries.ts";

export type Owner = { id: ActorId; name: string; post: string | null };

/**
 * Who answers for a new case: the secretary, unless the text names him; then whoever of the village it does not name;
 * with nobody left, the township (`null`, and `named` says why).
 */
export async function chooseHandler(
  tx: Tx,
  village: Village,
  text: string,
): Promise<{ owner: Owner | null; named: readonly Naming[] }> {
  const handlers = await listHandlers(tx, village.id);
  const named = findNamed(text, handlers);
  const isFree = ({ id }: { id: string }) => named.every((one) => one.id !== id);
  const usual = await chooseOwner(tx, village.id);
  if (!usual || isFree(usual)) return { owner: usual ?? null, named: [] };
  return { owner: handlers.find(isFree) ?? null, named };
}

export const sayNamed = (named: readonly Naming[]): string =>
  `短信里提到了${named.map((one) => `“${one.words}”（${one.name}）`).join("、")}`;

/** Refuses whoever the case is about to answer or settle it; the township may. */
export async function refuseNamed(work: Work, suggestion: Suggestion): Promise<Outcome<null>> {
  if (work.actor.role === "township" || work.actor.kind !== "staff") return ok(null);
  const named = findNamed(suggestion.text, await listHandlers(work.tx, suggestion.villageId));
  const me = named.find((one) => one.id === work.actor.id);
  if (!me) return ok(null);
  return refusal("conflict_of_interest", `这件事提到了您（“${me.words}”），要由别人来办：请交给别人，或上报乡镇`);
}
