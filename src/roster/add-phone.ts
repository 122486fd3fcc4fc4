import { audit } from "../db/audit.queries.ts";
import type { HouseholdId, VillageId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { ensureDoor, findVillagerAt, givePhone } from "./add-phone.queries.ts";

const LONGEST = 40;

/**
 * Writes one phone into the roster: a door by its number and a person by name, each made if it is not there. Refuses
 * to take a person's other phone from him: who changed his number is changed in the roster.
 */
export async function addPhone(
  work: Work,
  villageId: VillageId,
  phone: { hash: Buffer; sealed: Buffer },
  wish: { household: string; name: string },
): Promise<Outcome<HouseholdId>> {
  const household = cleanText(wish.household).trim();
  const name = cleanText(wish.name).trim();
  const errors: FieldError[] = [];
  if (household === "" || household.length > LONGEST) errors.push({ field: "household", message: "请填户号" });
  if (name === "" || name.length > LONGEST) errors.push({ field: "name", message: "请填这位村民的姓名" });
  if (errors.length > 0) return invalid(...errors);
  const householdId = await ensureDoor(work.tx, villageId, household, work.now);
  const known = await findVillagerAt(work.tx, householdId, name);
  if (known?.phoneHash && !known.phoneHash.equals(phone.hash)) {
    const message = `${name}在名册上已有别的号码。换了号请在名册里改；是家里别人的手机，就写那个人的姓名`;
    return invalid({ field: "name", message });
  }
  await givePhone(work.tx, { villageId, householdId, name, known: known?.id ?? null }, phone, work.now);
  await audit(work, { chain: villageId, action: "roster.attach", subject: "household", subjectId: householdId });
  return ok(householdId);
}
