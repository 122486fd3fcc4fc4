import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { findVillage, type Village } from "./village.queries.ts";

/** The village in a page's address; one that this actor may not see does not exist for him. */
export async function visitVillage(work: Work, params: Readonly<Record<string, string>>): Promise<Outcome<Village>> {
  const village = await findVillage(work.tx, params.code ?? "");
  return village ? ok(village) : refusal("not_found", "没有这个村");
}
