import { audit } from "../db/audit.queries.ts";
import type { HouseholdId, VillagerId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { settleContact, updateResident } from "./change-household.queries.ts";
import { marksOf } from "./erased-marks.ts";
import { dropUnsentTexts, insertErasure } from "./erasure.queries.ts";
import { erasedName, keepUntil } from "./erasure.ts";
import { listResidents, lockHousehold } from "./household.queries.ts";
import { countOpenCases, findPersonOf, listOthersOnPhone, listSelves, type Person } from "./person-data.queries.ts";

/**
 * Takes one person's data out, because he or his family asked for it (个人信息保护法 47, 49). The roster forgets him
 * here and now; what staff may not touch follows within seconds, and what the law wants kept at its time
 * (src/roster/finish-erasures.ts). Cases and the audit log keep their rows, which name him by an id that says nothing.
 * Not while he is owed an answer.
 */
export async function erasePerson(
  work: Work,
  village: Village,
  person: Person,
  fields: Readonly<Record<string, string>>,
): Promise<Outcome<null>> {
  if (person.erasedAt) return refusal("move_not_allowed", "他的资料已经删除了");
  if (!fields.asked) return invalid({ field: "asked", message: "请先核对是本人或近亲属提出的" });
  const selves = await listSelves(work.tx, person.id);
  const open = await countOpenCases(work.tx, selves);
  if (open > 0) return refusal("move_not_allowed", `他还有 ${open} 件没办完，先答复他，办结了再删`);
  const taken = new Set<string>();
  for (const id of selves) await eraseRow(work, village, id, selves, taken);
  await audit(work, {
    chain: village.id,
    action: "person.erase",
    subject: "villager",
    subjectId: person.id,
    detail: { rows: selves.length },
  });
  return ok(null);
}

/** `taken`: the phones that another row of his has already answered for. */
async function eraseRow(
  work: Work,
  village: Village,
  id: VillagerId,
  selves: readonly VillagerId[],
  taken: Set<string>,
): Promise<void> {
  const row = await findPersonOf(work.tx, village.id, id);
  if (!row) throw new Error("a row of this person is not in his village");
  await lockHousehold(work.tx, village.id, row.householdId);
  const alone = row.hash !== null && (await listOthersOnPhone(work.tx, village.id, row.hash, selves)).length === 0;
  const fresh = alone && !taken.has(row.hash?.toString("hex") ?? "");
  if (row.hash) taken.add(row.hash.toString("hex"));
  await insertErasure(
    work.tx,
    {
      villageId: village.id,
      villagerId: id,
      name: work.sealer.bytes(Buffer.from(row.name)),
      phone: fresh && row.hash && row.phone ? { hash: row.hash, sealed: row.phone } : null,
      marks: marksOf(work.sealer, village.id, { ...row, phone: row.phone && work.sealer.openPhone(row.phone) }),
      askedBy: work.actor.id,
      keepUntil: keepUntil(work.now),
    },
    work.now,
  );
  await dropUnsentTexts(work.tx, row.householdId, row.name);
  await updateResident(work.tx, id, {
    name: erasedName(await namesAt(work, row.householdId)),
    tags: [],
    phone_hash: null,
    left_at: row.leftAt ?? work.now,
    ...(row.leftAt ? {} : { left_reason: "other" }),
    erased_at: work.now,
  });
  await settleContact(work.tx, row.householdId);
}

const namesAt = async (work: Work, householdId: HouseholdId): Promise<string[]> =>
  (await listResidents(work.tx, householdId)).map((one) => one.name);
