import type { Db } from "../db/connect.ts";
import { fold } from "../lib/fold.ts";
import type { VillageId } from "../lib/ids.ts";
import { type Column, listColumns } from "./village.queries.ts";

/** The column a villager named, however he wrote it. */
export async function findColumn(db: Db, villageId: VillageId, name: string): Promise<Column | undefined> {
  const wanted = fold(name);
  return (await listColumns(db, villageId)).find((column) => fold(column.name) === wanted);
}
