import type { SystemWork } from "../queue/work.ts";
import type { Consequence, Hearing } from "./hearing.ts";
import { joinOrOpen } from "./join-or-open.ts";
import type { Verdict } from "./verdict.ts";

/** A sealed case: for the overseer and the township only. */
export async function openSealed(
  work: SystemWork,
  hearing: Hearing,
  _verdict: Extract<Verdict, { meaning: "sealed" }>,
): Promise<Consequence> {
  return await joinOrOpen(work, hearing);
}
