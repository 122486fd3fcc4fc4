import { audit } from "../db/audit.queries.ts";
import { type ActorId, type GridId, type GroupId, type HouseholdId, isUuid } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { type DoorValues, findDoorNumbered, insertDoor, updateDoor } from "./change-household.queries.ts";
import type { Home } from "./find-household.ts";
import { findUnit, type UnitKind } from "./groups.queries.ts";
import { findHousehold, type Household, listResidents } from "./household.queries.ts";
import { savePerson } from "./save-person.ts";

const LONGEST = { number: 40, note: 200 };

/** `group` and `grid`: an id or nothing; `cadre`: an account's id, `keep` for the name as the roster has it, or nothing. */
export type DoorFields = Readonly<Record<string, string>>;

export async function saveDoor(work: Work, home: Home, fields: DoorFields): Promise<Outcome<null>> {
  const door = await readDoor(work, home.village, fields, home.household);
  if (!door.ok) return door;
  await updateDoor(work.tx, home.household.id, door.value);
  await auditDoor(work, home.village, home.household.id, "household.change");
  return ok(null);
}

/** A new door with its first person. */
export async function addDoor(work: Work, village: Village, fields: DoorFields): Promise<Outcome<HouseholdId>> {
  const door = await readDoor(work, village, fields, null);
  if (!door.ok) return door;
  const id = await insertDoor(work.tx, village.id, door.value, work.now);
  if (!id) return invalid(TAKEN);
  const household = await findHousehold(work.tx, village.id, id, work.now);
  if (!household) throw new Error("a door that was just written is not there");
  const home: Home = { village, household, residents: await listResidents(work.tx, id) };
  const person = await savePerson(work, home, { ...fields, person: "" });
  if (!person.ok) return person;
  await auditDoor(work, village, id, "household.add");
  return ok(id);
}

const TAKEN: FieldError = { field: "number", message: "已经有这个户号了，请先找找看" };

async function readDoor(
  work: Work,
  village: Village,
  fields: DoorFields,
  before: Household | null,
): Promise<Outcome<DoorValues>> {
  const errors: FieldError[] = [];
  const number = cleanText(fields.number ?? "").trim();
  const note = cleanText(fields.note ?? "").trim();
  if (number === "" || number.length > LONGEST.number)
    errors.push({ field: "number", message: "请填户号，不超过40个字" });
  else {
    const taken = await findDoorNumbered(work.tx, village.id, number);
    if (taken && taken !== before?.id) errors.push(TAKEN);
  }
  if (note.length > LONGEST.note) errors.push({ field: "note", message: "备注不超过200个字" });
  const group = await readUnit(work, village, "group", fields.group);
  const grid = await readUnit(work, village, "grid", fields.grid);
  if (group === undefined) errors.push({ field: "group", message: "没有这个小组，请重新选" });
  if (grid === undefined) errors.push({ field: "grid", message: "没有这个网格，请重新选" });
  const cadre = await readCadre(work, village, fields.cadre ?? "", before);
  if (!cadre) errors.push({ field: "cadre", message: "请在名单里选联户干部" });
  if (errors.length > 0 || !cadre) return invalid(...errors);
  return ok({
    number,
    note,
    groupId: (group ?? null) as GroupId | null,
    gridId: (grid ?? null) as GridId | null,
    ...cadre,
  });
}

/** Null: none was chosen. Undefined: one that this village does not have. */
async function readUnit(work: Work, village: Village, kind: UnitKind, id = "") {
  if (id === "") return null;
  return isUuid(id) ? (await findUnit(work.tx, village.id, kind, { id }))?.id : undefined;
}

async function readCadre(
  work: Work,
  village: Village,
  chosen: string,
  before: Household | null,
): Promise<{ cadreId: ActorId | null; cadreName: string | null } | null> {
  if (chosen === "") return { cadreId: null, cadreName: null };
  if (chosen === "keep" && before) return { cadreId: before.cadreId, cadreName: before.cadre };
  const account = (await listHandlers(work.tx, village.id)).find((one) => one.id === chosen);
  return account ? { cadreId: account.id, cadreName: account.name } : null;
}

const auditDoor = (work: Work, village: Village, id: HouseholdId, action: string) =>
  audit(work, { chain: village.id, action, subject: "household", subjectId: id });
