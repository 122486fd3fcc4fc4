import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import type { ActorId, TownshipId, VillageId } from "../lib/ids.ts";
import { explainPhoneProblem, maskPhone, parsePhone } from "../lib/phone.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import { findPhoneHolder, setPhone } from "./staff.queries.ts";

/**
 * Puts a phone on record for an account, or takes it off (empty): cases are texted to it, and what is texted from it
 * is done in its owner's name. So in one village it belongs to one account in use.
 */
export async function recordPhone(
  work: Work,
  sealer: Sealer,
  account: { id: ActorId; villageId: VillageId | null; townshipId: TownshipId | null },
  written: string,
): Promise<Outcome<null>> {
  const phone = parsePhone(written);
  if (!phone.ok && phone.refusal !== "empty") {
    return invalid({ field: "phone", message: explainPhoneProblem(phone.refusal, written) });
  }
  const record = phone.ok ? { hash: sealer.hashPhone(phone.value), sealed: sealer.phone(phone.value) } : null;
  if (record && account.villageId) {
    const holder = await findPhoneHolder(work.tx, account.villageId, record.hash, account.id);
    if (holder) return invalid({ field: "phone", message: `这个号码已登记在${holder}名下，一个号码只能一个人用` });
  }
  await setPhone(work.tx, account.id, record);
  await audit(work, {
    chain: account.villageId ?? account.townshipId ?? PLATFORM_CHAIN,
    action: record ? "staff.phone" : "staff.phone_removed",
    subject: "actor",
    subjectId: account.id,
  });
  return ok(null);
}

/** `138****0003`, or null where none is on record. */
export const showPhone = (sealer: Sealer, sealed: Buffer | null): string | null =>
  sealed === null ? null : maskPhone(sealer.openPhone(sealed));
