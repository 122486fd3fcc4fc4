import { audit } from "../db/audit.queries.ts";
import { explainPhoneProblem, parsePhone } from "../lib/phone.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { deletePublicPhone, insertPublicPhone, readPublicPhones } from "./public-phones.queries.ts";
import type { Village } from "./village.queries.ts";

const LONGEST_LABEL = 20;
const MOST_PHONES = 50;

/** A mobile that the village publishes, and whose it is: from now on it may stand in a notice. */
export async function addPublicPhone(
  work: Work,
  village: Village,
  wish: { phone: string; label: string },
): Promise<Outcome<null>> {
  const label = cleanText(wish.label).trim();
  if (label === "" || Array.from(label).length > LONGEST_LABEL) {
    return invalid({ field: "label", message: `请写是谁的电话，最多 ${LONGEST_LABEL} 个字，比如“村医王大夫”` });
  }
  const read = parsePhone(wish.phone);
  if (!read.ok) return invalid({ field: "phone", message: explainPhoneProblem(read.refusal, wish.phone) });
  if ((await readPublicPhones(work.tx, village.id)).length >= MOST_PHONES) {
    return invalid({ field: "phone", message: `最多登记 ${MOST_PHONES} 个，请先撤下不用的` });
  }
  const sealed = { hash: work.sealer.hashPhone(read.value), phone: work.sealer.phone(read.value), label };
  if (!(await insertPublicPhone(work.tx, village.id, sealed, work.actor.id, work.now))) {
    return invalid({ field: "phone", message: "这个号码已经登记了" });
  }
  await audit(work, { chain: village.id, action: "village.publish_phone", subject: "village", subjectId: village.id });
  return ok(null);
}

/** `mark`: the hash of the number, in hex. */
export async function dropPublicPhone(work: Work, village: Village, mark: string): Promise<Outcome<null>> {
  if (!/^[0-9a-f]{1,200}$/.test(mark)) return refusal("not_found", "没有这个号码");
  if (!(await deletePublicPhone(work.tx, village.id, Buffer.from(mark, "hex")))) {
    return refusal("not_found", "这个号码已经撤下了");
  }
  await audit(work, { chain: village.id, action: "village.withdraw_phone", subject: "village", subjectId: village.id });
  return ok(null);
}
