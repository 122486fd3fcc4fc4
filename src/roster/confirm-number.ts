import { audit } from "../db/audit.queries.ts";
import { type HouseholdId, isUuid, type VillageId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { clearWrongPerson } from "./phone-problem.queries.ts";

/** A person has looked: whoever wrote "发错了" was mistaken, and the household gets its texts again. */
export async function confirmNumber(work: Work, villageId: VillageId, id: string): Promise<Outcome<null>> {
  if (!isUuid(id) || !(await clearWrongPerson(work.tx, villageId, id as HouseholdId))) {
    return refusal("not_found", "这户的号码没有人说发错");
  }
  await audit(work, { chain: villageId, action: "roster.confirm_number", subject: "household", subjectId: id });
  return ok(null);
}
