import { audit } from "../db/audit.queries.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { type Promises, type PromiseWish, readPromises } from "./promises.ts";
import { getVillage, updatePromises, type Village } from "./village.queries.ts";
import { hoursProblem, type SendingHours } from "./village.ts";

export type ClocksWish = { promises?: PromiseWish | undefined; serviceHours?: SendingHours | undefined };

/** Changes a village's clocks; what is not named stays. The dates of its open cases are reckoned again, at once. */
export async function setPromises(work: Work, village: Village, wish: ClocksWish): Promise<Outcome<Village>> {
  const promises = readPromises(wish.promises ?? {}, village.promises);
  if (!promises.ok) return promises;
  const serviceHours = wish.serviceHours ?? village.serviceHours;
  const problem = hoursProblem(serviceHours);
  if (problem) return invalid({ field: "serviceHours", message: problem });
  await updatePromises(work.tx, village.id, promises.value, serviceHours);
  work.ring({ queue: "reckon-dates", payload: { villageId: village.id } });
  await audit(work, {
    chain: village.id,
    action: "village.set_promises",
    subject: "village",
    subjectId: village.id,
    detail: detailOf(promises.value),
  });
  return ok(await getVillage(work.tx, village.id));
}

const detailOf = (promises: Promises): Record<string, string> =>
  Object.fromEntries(Object.entries(promises).map(([name, { amount, unit }]) => [name, `${amount} ${unit}`]));
