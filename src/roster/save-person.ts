import { audit } from "../db/audit.queries.ts";
import type { VillagerId } from "../lib/ids.ts";
import { explainPhoneProblem, parsePhone } from "../lib/phone.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { insertResident, type Phone, settleContact, takePhone, updateResident } from "./change-household.queries.ts";
import { findResident, type Home } from "./find-household.ts";
import { joinHan } from "./read-row.ts";
import { readTags } from "./tags.ts";

const LONGEST_NAME = 40;

/** A form's fields: `phone` empty leaves the number as it is, `noPhone` takes it away; tags as src/roster/tags.ts reads them. */
export type PersonFields = Readonly<Record<string, string>>;

/** Writes down a new person of a door, or changes one. A new number is a good one until somebody says otherwise. */
export async function savePerson(work: Work, home: Home, fields: PersonFields): Promise<Outcome<VillagerId>> {
  const person = fields.person ? findResident(home, fields.person) : null;
  if (person && !person.ok) return person;
  const before = person?.value ?? null;
  if (before?.leftAt) return refusal("move_not_allowed", "这个人已不在这一户，请先点“还在这一户”");
  const errors: FieldError[] = [];
  const name = joinHan(
    cleanText(fields.name ?? "")
      .replace(/\s+/g, " ")
      .trim(),
  );
  if (name === "" || name.length > LONGEST_NAME) errors.push({ field: "name", message: "请填姓名，不超过40个字" });
  else if (home.residents.some((one) => one.name === name && one.id !== before?.id))
    errors.push({ field: "name", message: `这一户已经有“${name}”，同名的请加一个区分，如“${name}（小）”` });
  const tags = readTags(fields);
  if (!tags.ok) errors.push(...(tags.refusal.errors ?? []));
  const phone = readPhone(work, fields);
  if (!phone.ok) errors.push(...(phone.refusal.errors ?? []));
  if (errors.length > 0 || !tags.ok || !phone.ok) return invalid(...errors);

  const at = { villageId: home.village.id, householdId: home.household.id };
  const hash = phone.value === "kept" ? (before?.hash ?? null) : (phone.value?.hash ?? null);
  if (phone.value !== "kept" && phone.value) await takePhone(work.tx, at.villageId, phone.value, work.now);
  let id = before?.id ?? null;
  if (id) await updateResident(work.tx, id, { name, tags: tags.value, phone_hash: hash });
  else id = await insertResident(work.tx, at, { name, tags: tags.value, phoneHash: hash }, work.now);
  if (!id) return invalid({ field: "name", message: `这一户已经有“${name}”` });
  await settleContact(work.tx, at.householdId, before?.hash && hash ? { from: before.hash, to: hash } : null);
  const changed = before?.hash ? !hash?.equals(before.hash) : hash !== null;
  await audit(work, {
    chain: at.villageId,
    action: before ? "person.change" : "person.add",
    subject: "villager",
    subjectId: id,
    detail: { phone: changed },
  });
  return ok(id);
}

/** `kept`: nothing was said of the number. Null: he has none. */
function readPhone(work: Work, fields: PersonFields): Outcome<Phone | "kept" | null> {
  if (fields.noPhone) return ok(null);
  const written = (fields.phone ?? "").trim();
  if (written === "") return ok("kept");
  const phone = parsePhone(written);
  if (!phone.ok) return invalid({ field: "phone", message: explainPhoneProblem(phone.refusal, written) });
  return ok({ hash: work.sealer.hashPhone(phone.value), sealed: work.sealer.phone(phone.value) });
}
