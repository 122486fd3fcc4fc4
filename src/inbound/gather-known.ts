import type { Db } from "../db/connect.ts";
import type { OpenQuestion } from "../suggestion/question.queries.ts";
import { listColumns, type Village } from "../village/village.queries.ts";
import { listCadreNames } from "./known.queries.ts";
import type { Known } from "./verdict.ts";

/** What the rules may know of the phone and of its village. A text that belongs to no village is read without names. */
export async function gatherKnown(
  db: Db,
  village: Village | null,
  questions: readonly OpenQuestion[],
  text: { machine: boolean },
): Promise<Known> {
  return {
    sender: text.machine ? "machine" : "person",
    questions,
    cadres: village ? await listCadreNames(db, village.id) : [],
    columns: village ? (await listColumns(db, village.id)).map((column) => column.name) : [],
  };
}
