import { sql } from "kysely";
import type { Db } from "./connect.ts";

/** Makes the monthly partitions of the next months before they are needed. */
export async function ensurePartitions(db: Db): Promise<void> {
  await sql`select ensure_partitions()`.execute(db);
}
