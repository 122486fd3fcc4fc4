import { audit } from "../db/audit.queries.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { optIn, optOut } from "../roster/opt-out.queries.ts";
import { type Consequence, type Hearing, NOTHING, phoneOf } from "./hearing.ts";
import type { Verdict } from "./verdict.ts";

/** Takes a phone out, or in again, and says so once: only when the word changed something. */
export async function changeConsent(
  work: SystemWork,
  hearing: Hearing,
  verdict: Extract<Verdict, { meaning: "opt_out" | "opt_in" }>,
): Promise<Consequence> {
  const { text, village } = hearing;
  if (verdict.meaning === "opt_out") {
    const who = { villageId: village.id, phoneHash: text.fromHash, inboundId: text.id };
    if (await optOut(work.tx, who, work.now)) await confirm(work, hearing, "opt_out");
  } else if (await optIn(work.tx, village.id, text.fromHash, work.now)) {
    await confirm(work, hearing, "opt_in");
  }
  return NOTHING;
}

async function confirm(work: SystemWork, hearing: Hearing, purpose: "opt_out" | "opt_in"): Promise<void> {
  const { text, sender, village } = hearing;
  await queueText(work, {
    villageId: village.id,
    signature: village.signature,
    phone: phoneOf(hearing),
    householdId: sender.householdId,
    suggestionId: null,
    purpose,
    body: renderSms(purpose === "opt_out" ? "opt-out-confirmed" : "opt-in-confirmed", {}),
    sealed: false,
  });
  await audit(work, { chain: village.id, action: `roster.${purpose}`, subject: "inbound", subjectId: text.id });
}
