import { sayMoment } from "../../lib/china-time.ts";
import type { FieldError } from "../../lib/refusal.ts";
import type { SendingHours } from "../../village/village.ts";
import { finishAt } from "../sending/send-time.ts";

/** A poll as far as its time goes: it leaves at `from` at the earliest, and sending it takes so many seconds. */
export type Asking = { closesAt: Date | null; from: Date; seconds: number; hours: SendingHours; now: Date };

/** Whoever is asked last must be able to answer: refuses a poll that would close while it is still being sent. */
export function closingProblem({ closesAt, from, seconds, hours, now }: Asking): FieldError | null {
  const finish = closesAt && finishAt(hours, from, seconds);
  if (!closesAt || !finish || finish < closesAt) return null;
  const message = `要到 ${sayMoment(finish, now)} 才发得完，那时已经截止了，后面的户没法表态：请把截止时间往后推`;
  return { field: "closesAt", message };
}
