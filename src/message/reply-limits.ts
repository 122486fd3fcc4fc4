import type { Purpose } from "./message.ts";

/** Texts we write by ourselves because a phone wrote to us. What a person sends (an answer, a notice) is not among them. */
export const AUTOMATIC = ["receipt", "reply", "prompt", "opt_out", "opt_in"] as const satisfies readonly Purpose[];
export type AutomaticPurpose = (typeof AUTOMATIC)[number];

export type SentTo = { purpose: string; hour: number; day: number };

/**
 * How many of them one phone may get in an hour and in a day (24 hours). Two machines that answer one another are silent
 * after the third text of a kind, and a thousand texts in a minute bring three receipts; a person who asks for his case,
 * for help and for three policies in a row still gets every answer. Nothing that comes in is lost by this: only our
 * replies stop. Sources: reference/domain.md 4 (RapidPro: none after three alike in an hour) and 5.6.
 */
const LIMITS: Record<AutomaticPurpose, { hour: number; day: number }> = {
  receipt: { hour: 3, day: 10 },
  reply: { hour: 6, day: 12 },
  prompt: { hour: 1, day: 1 },
  opt_out: { hour: 3, day: 6 },
  opt_in: { hour: 3, day: 6 },
};
const ALL_TOGETHER = { hour: 8, day: 20 };

/** `sent`: what this phone got so far, by purpose. */
export function isWithinLimits(sent: readonly SentTo[], purpose: AutomaticPurpose): boolean {
  const own = sent.find((one) => one.purpose === purpose) ?? { hour: 0, day: 0 };
  const limit = LIMITS[purpose];
  if (own.hour >= limit.hour || own.day >= limit.day) return false;
  // Whoever wants out hears that he is out, however much he wrote before.
  if (purpose === "opt_out") return true;
  const sum = (of: "hour" | "day") => sent.reduce((total, one) => total + one[of], 0);
  return sum("hour") < ALL_TOGETHER.hour && sum("day") < ALL_TOGETHER.day;
}
