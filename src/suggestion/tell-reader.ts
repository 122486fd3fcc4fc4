import { sayDate } from "../lib/china-time.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { findPhone } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { sayNumber } from "./suggestion.ts";

/** Tells whoever owes a sealed case its answer that there is one, and nothing of what is in it. */
export async function tellReader(
  work: SystemWork,
  village: Village,
  { id, ownerId, ...of }: Pick<Suggestion, "id" | "ownerId" | "number" | "sealed" | "dueAt">,
): Promise<void> {
  const phone = ownerId && (await findPhone(work.tx, ownerId));
  if (!phone) return;
  const number = sayNumber({ number: of.number, sealed: true });
  const due = sayDate(new Date(of.dueAt.getTime() - 1), work.now);
  await queueText(work, {
    ...{ villageId: village.id, signature: village.signature, phone, householdId: null, suggestionId: id },
    // One that is just being sealed takes its texts with it.
    ...{ purpose: "notice", sealed: of.sealed, body: renderSms("sealed-arrived", { number, due }) },
  });
}
