import type { SystemWork } from "../queue/work.ts";
import type { Consequence, Hearing } from "./hearing.ts";
import { joinOrOpen } from "./join-or-open.ts";
import type { Verdict } from "./verdict.ts";

/** Danger: people are called at once, and a case is opened. */
export async function raiseAlarm(
  work: SystemWork,
  hearing: Hearing,
  _verdict: Extract<Verdict, { meaning: "emergency" }>,
): Promise<Consequence> {
  return await joinOrOpen(work, hearing);
}
