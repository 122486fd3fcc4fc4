import { isUuid, type RosterImportId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { findImport, type RosterImport } from "./roster-imports.queries.ts";

/** The import in a page's address; one of another village does not exist here. */
export async function visitImport(
  work: Work,
  params: Readonly<Record<string, string>>,
): Promise<Outcome<{ village: Village; item: RosterImport }>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { id = "" } = params;
  const item = isUuid(id) ? await findImport(work.tx, village.value.id, id as RosterImportId) : undefined;
  if (!item || item.state === "dropped")
    return refusal("not_found", "没有这份名单。上传的文件只留一天，过了请再传一次");
  return ok({ village: village.value, item });
}
