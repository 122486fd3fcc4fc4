import { type HouseholdId, isUuid, type VillagerId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { findHousehold, type Household, listResidents, lockHousehold, type Resident } from "./household.queries.ts";

/** The door in a page's address with everybody who lives or lived there. */
export type Home = { village: Village; household: Household; residents: Resident[] };

export async function findHome(
  work: Work,
  params: Readonly<Record<string, string>>,
  options: { toChange?: boolean } = {},
): Promise<Outcome<Home>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const none = refusal("not_found", "没有这一户");
  if (!isUuid(id)) return none;
  if (options.toChange && !(await lockHousehold(work.tx, village.value.id, id as HouseholdId))) return none;
  const household = await findHousehold(work.tx, village.value.id, id as HouseholdId, work.now);
  if (!household) return none;
  return ok({ village: village.value, household, residents: await listResidents(work.tx, household.id) });
}

export const isHere = (person: Resident): boolean => person.leftAt === null;

/** Somebody of this door, by the id that a form brought. */
export function findResident(home: Home, id: string | undefined): Outcome<Resident> {
  const person = home.residents.find((one) => one.id === (id as VillagerId));
  return person ? ok(person) : refusal("not_found", "这一户没有这个人");
}
