import { audit } from "../db/audit.queries.ts";
import { isUuid } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import {
  countWaiting,
  findUnit,
  insertUnit,
  mergeUnit,
  renameUnit,
  setGridCadre,
  type UnitKind,
} from "./groups.queries.ts";

type Fields = Readonly<Record<string, string>>;
const LONGEST = 40;
export const UNIT_WORDS: Readonly<Record<UnitKind, string>> = { group: "小组", grid: "网格" };

export async function addUnit(work: Work, village: Village, fields: Fields): Promise<Outcome<null>> {
  const kind = readKind(fields);
  const name = readName(fields);
  if (!name.ok) return name;
  if (!(await insertUnit(work.tx, village.id, kind, name.value))) return taken(kind, name.value);
  const made = await findUnit(work.tx, village.id, kind, { name: name.value });
  return await noted(work, village, kind, "add", made?.id ?? null, {});
}

/** Notices that have not left yet go on naming it by its new name. */
export async function changeUnitName(work: Work, village: Village, fields: Fields): Promise<Outcome<null>> {
  const kind = readKind(fields);
  const unit = await readUnit(work, village, kind, fields.unit);
  if (!unit.ok) return unit;
  const name = readName(fields);
  if (!name.ok) return name;
  if (name.value === unit.value.name) return ok(null);
  if (await findUnit(work.tx, village.id, kind, { name: name.value })) return taken(kind, name.value);
  await renameUnit(work.tx, village.id, kind, unit.value, name.value);
  return await noted(work, village, kind, "rename", unit.value.id, {});
}

/**
 * Two become one, which nobody can part again. Not while somebody has signed, or is asked to sign, a notice to either:
 * it would go to doors that he never saw.
 */
export async function mergeUnits(work: Work, village: Village, fields: Fields): Promise<Outcome<null>> {
  const kind = readKind(fields);
  const unit = await readUnit(work, village, kind, fields.unit);
  if (!unit.ok) return unit;
  const into = await readUnit(work, village, kind, fields.into);
  if (!into.ok || into.value.id === unit.value.id) return invalid({ field: "into", message: "请选并到哪一个" });
  const waiting =
    (await countWaiting(work.tx, village.id, kind, unit.value.name)) +
    (await countWaiting(work.tx, village.id, kind, into.value.name));
  if (waiting > 0) {
    return refusal(
      "move_not_allowed",
      `有 ${waiting} 条等着签或等着发的通知是发给这两个${UNIT_WORDS[kind]}的，发完再并`,
    );
  }
  await mergeUnit(work.tx, village.id, kind, unit.value, into.value);
  return await noted(work, village, kind, "merge", unit.value.id, { into: into.value.id });
}

export async function giveGrid(work: Work, village: Village, fields: Fields): Promise<Outcome<null>> {
  const grid = await readUnit(work, village, "grid", fields.unit);
  if (!grid.ok) return grid;
  const cadre = (await listHandlers(work.tx, village.id)).find((one) => one.id === fields.cadre);
  if (!cadre) return invalid({ field: "cadre", message: "请在名单里选一个人" });
  const doors = await setGridCadre(work.tx, village.id, grid.value.id, cadre);
  return await noted(work, village, "grid", "cadre", grid.value.id, { cadre: cadre.id, doors });
}

const readKind = (fields: Fields): UnitKind => (fields.kind === "grid" ? "grid" : "group");

function readName(fields: Fields): Outcome<string> {
  const name = cleanText(fields.name ?? "").trim();
  return name === "" || name.length > LONGEST
    ? invalid({ field: "name", message: "请填名字，不超过40个字" })
    : ok(name);
}

const taken = (kind: UnitKind, name: string) =>
  invalid({ field: "name", message: `已经有叫“${name}”的${UNIT_WORDS[kind]}了；要合成一个，请用“并到”` });

async function readUnit(
  work: Work,
  village: Village,
  kind: UnitKind,
  id = "",
): Promise<Outcome<{ id: string; name: string }>> {
  const unit = isUuid(id) ? await findUnit(work.tx, village.id, kind, { id }) : undefined;
  return unit ? ok(unit) : refusal("not_found", `没有这个${UNIT_WORDS[kind]}`);
}

async function noted(
  work: Work,
  village: Village,
  kind: UnitKind,
  what: string,
  subjectId: string | null,
  detail: Record<string, string | number>,
): Promise<Outcome<null>> {
  await audit(work, { chain: village.id, action: `${kind}.${what}`, subject: kind, subjectId, detail });
  return ok(null);
}
