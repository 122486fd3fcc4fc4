import { audit } from "../db/audit.queries.ts";
import type { ActorId, VillageId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { type ContactWords, listContacts, putContact } from "./contacts.queries.ts";

const LONGEST = { post: 20, duty: 40 } as const;

/** Puts somebody on the village's public page, or takes him off it. His account's own phone is never used. */
export async function showContact(
  work: Work,
  villageId: VillageId,
  id: ActorId,
  typed: ContactWords,
): Promise<Outcome<null>> {
  const known = (await listContacts(work.tx, villageId)).find((one) => one.id === id);
  if (!known) return refusal("not_found", "没有这个工作人员");
  const words = {
    post: cleanText(typed.post).trim(),
    duty: cleanText(typed.duty).trim(),
    phone: typed.phone.normalize("NFKC").replace(/[\s–—]/g, (mark) => (mark.trim() ? "-" : "")),
    shown: typed.shown,
  };
  const errors: FieldError[] = [];
  if (words.shown && words.post === "") errors.push({ field: "post", message: "请写职务，大家好称呼" });
  for (const field of ["post", "duty"] as const) {
    const over = Array.from(words[field]).length - LONGEST[field];
    if (over > 0) errors.push({ field, message: `太长了，请减 ${over} 个字` });
  }
  if (words.phone !== "" && !/^(?:1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-8]\d{6,7}(?:-\d{1,4})?)$/.test(words.phone)) {
    errors.push({ field: "phone", message: "电话要写 0533-6550001 这样的座机，或 11 位手机号；不登就留空" });
  }
  if (errors.length > 0) return invalid(...errors);
  await putContact(work.tx, { id, villageId, by: work.actor.id, ...words }, work.now);
  await audit(work, {
    chain: villageId,
    action: "contact.show",
    subject: "actor",
    subjectId: id,
    detail: { shown: words.shown, phone: words.phone !== "" },
  });
  return ok(null);
}
