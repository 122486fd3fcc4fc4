import type { Db } from "../../db/connect.ts";
import type { BroadcastId, VillageId } from "../../lib/ids.ts";
import type { BroadcastState } from "../broadcast.ts";

export type Part = {
  id: BroadcastId;
  part: number;
  parts: number;
  state: BroadcastState;
  body: string;
  sendAt: Date | null;
  launchedAt: Date | null;
  column: string;
  recipients: number;
  segments: number;
  version: number;
};

/** The parts of a series in their order; nothing for a series of another village. */
export async function listParts(db: Db, villageId: VillageId, seriesId: string): Promise<Part[]> {
  return (await db
    .selectFrom("broadcasts as b")
    .innerJoin("columns as c", "c.id", "b.column_id")
    .select([
      "b.id",
      "b.series_part as part",
      "b.series_parts as parts",
      "b.state",
      "b.body",
      "b.send_at as sendAt",
      "b.launched_at as launchedAt",
      "c.name as column",
      "b.recipients",
      "b.segments_per_message as segments",
      "b.version",
    ])
    .where("b.village_id", "=", villageId)
    .where("b.series_id", "=", seriesId)
    .orderBy("b.series_part")
    .execute()) as Part[];
}

/** Whether somebody knows that an earlier part will not come, and let this one go all the same. */
export const isGapKnown = async (db: Db, id: BroadcastId): Promise<boolean> =>
  (await db.selectFrom("broadcasts").select("series_gap_known as known").where("id", "=", id).executeTakeFirstOrThrow())
    .known;
