import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { InboundId, SuggestionId, VillageId } from "../lib/ids.ts";
import type { Meaning } from "./meaning.ts";

export type InboundLine = {
  id: InboundId;
  receivedAt: Date;
  fromPhone: Buffer;
  body: string;
  meaning: Meaning | null;
  rule: string | null;
  why: string | null;
  detail: Record<string, unknown> | null;
  suggestionId: SuggestionId | null;
  suggestionNumber: number | null;
  household: string | null;
  villager: string | null;
  /** Who of staff wrote it. */
  staff: string | null;
};

const readLines = (db: Db) =>
  db
    .selectFrom("inbound as i")
    .leftJoin("households as h", "h.id", "i.household_id")
    .leftJoin("villagers as v", "v.id", "i.villager_id")
    .leftJoin("suggestions as s", "s.id", "i.suggestion_id")
    .leftJoin("actors as a", (join) =>
      join.on("i.meaning", "=", "staff_command").on(sql<boolean>`a.id = (i.detail ->> 'staff')::uuid`),
    )
    .select([
      "i.id",
      "i.received_at as receivedAt",
      "i.from_phone as fromPhone",
      "i.body",
      "i.meaning",
      "i.rule",
      "i.why",
      "i.detail",
      "i.suggestion_id as suggestionId",
      "s.number as suggestionNumber",
      "h.number as household",
      "v.name as villager",
      "a.name as staff",
    ]);

export async function listInbound(
  db: Db,
  villageId: VillageId,
  limit: number,
  before: InboundId | null,
): Promise<InboundLine[]> {
  return await readLines(db)
    .where("i.village_id", "=", villageId)
    .$if(before !== null, (query) => query.where("i.id", "<", before as InboundId))
    .orderBy("i.id", "desc")
    .limit(limit)
    .execute();
}

/** Texts from phones that no roster knows, until a person decides; the row-level policy says whose they are. */
export async function listUnregistered(db: Db, limit: number, before: InboundId | null): Promise<InboundLine[]> {
  return await readLines(db)
    .where("i.registered", "=", false)
    .where("i.dismissed_at", "is", null)
    .$if(before !== null, (query) => query.where("i.id", "<", before as InboundId))
    .orderBy("i.id", "desc")
    .limit(limit)
    .execute();
}
