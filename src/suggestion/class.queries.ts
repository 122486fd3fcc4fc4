import type { Tx } from "../db/connect.ts";
import type { ActorId, SuggestionId } from "../lib/ids.ts";
import type { Category } from "./category.ts";
import type { Nature } from "./suggestion.ts";

export type ClassChange =
  | { nature: Nature; nature_by: string[] }
  | { category: Category; category_by: string[] }
  | { urgent: boolean; urgent_by: string[] };

/** False if there is no such case. */
export async function setClasses(tx: Tx, id: SuggestionId, change: ClassChange, by: ActorId): Promise<boolean> {
  const done = await tx
    .updateTable("suggestions")
    .set({ ...change, classed_by: by })
    .where("id", "=", id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}
