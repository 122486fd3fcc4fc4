import type { SystemWork } from "../queue/work.ts";
import { type Consequence, type Hearing, NOTHING } from "./hearing.ts";
import type { Verdict } from "./verdict.ts";

/** Texts that open nothing: at most one gentle prompt. */
export async function promptSender(
  _work: SystemWork,
  _hearing: Hearing,
  _verdict: Extract<Verdict, { meaning: "courtesy" | "auto_reply" | "wrong_number" | "noise" }>,
): Promise<Consequence> {
  return NOTHING;
}
