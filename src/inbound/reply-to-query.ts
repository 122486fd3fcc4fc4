import type { SystemWork } from "../queue/work.ts";
import { type Consequence, type Hearing, NOTHING } from "./hearing.ts";
import type { Verdict } from "./verdict.ts";

/** Answers what a villager asks of the service. */
export async function replyToQuery(
  _work: SystemWork,
  _hearing: Hearing,
  _verdict: Extract<Verdict, { meaning: "status_query" | "help_query" | "contact_query" | "policy_query" }>,
): Promise<Consequence> {
  return NOTHING;
}
