import { type AuditEntry, audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import type { SystemWork } from "../queue/work.ts";
import { getVillage } from "../village/village.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";

/**
 * A line about a case. What happens to a sealed one stands in the township's chain: in the village's own a reader
 * could count the lines, and see which of them he is not shown.
 */
export async function auditCase(
  work: SystemWork,
  suggestion: Pick<Suggestion, "id" | "villageId" | "sealed">,
  action: string,
  detail: AuditEntry["detail"] = {},
): Promise<void> {
  const { id, villageId, sealed } = suggestion;
  const chain = sealed ? ((await getVillage(work.tx, villageId)).townshipId ?? PLATFORM_CHAIN) : villageId;
  await audit(work, { chain, action, subject: "suggestion", subjectId: id, detail });
}
