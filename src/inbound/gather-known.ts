import type { Tx } from "../db/connect.ts";
import type { OpenQuestion } from "../suggestion/question.queries.ts";
import type { Village } from "../village/village.queries.ts";
import type { Known } from "./verdict.ts";

/** What the rules may know of the phone and of its village. */
export async function gatherKnown(
  _tx: Tx,
  _village: Village | null,
  questions: readonly OpenQuestion[],
): Promise<Known> {
  return { sender: "person", questions, cadres: [], columns: [] };
}
