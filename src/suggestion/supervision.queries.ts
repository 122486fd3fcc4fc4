import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, SuggestionId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { SuggestionState } from "./suggestion.ts";

/** 督办单: the township's demand on one case. `issuedBy` null: the case climbed by itself. */
export type Supervision = {
  nth: number;
  demand: string;
  issuedBy: string | null;
  issuedAt: Date;
  replyBy: Date;
};

export async function listOrders(db: Db, id: SuggestionId): Promise<Supervision[]> {
  return await db
    .selectFrom("supervisions as o")
    .leftJoin("actors as a", "a.id", "o.issued_by")
    .select(["o.nth", "o.demand", "a.name as issuedBy", "o.issued_at as issuedAt", "o.reply_by as replyBy"])
    .where("o.suggestion_id", "=", id)
    .orderBy("o.nth")
    .execute();
}

export async function insertOrder(
  tx: Tx,
  of: { id: SuggestionId; villageId: VillageId },
  order: { nth: number; demand: string; issuedBy: ActorId | null; replyBy: Date },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("supervisions")
    .values({
      id: newId(now.getTime()),
      suggestion_id: of.id,
      village_id: of.villageId,
      nth: order.nth,
      demand: order.demand,
      issued_by: order.issuedBy,
      issued_at: now,
      reply_by: order.replyBy,
    })
    .execute();
}

export type SupervisionLine = Supervision & {
  id: SuggestionId;
  number: number;
  text: string;
  state: SuggestionState;
  /** Answered, or of an earlier round: nothing more is waited for. */
  settled: boolean;
  code: string;
  village: string;
  owner: string | null;
  dueAt: Date;
};

/** The orders one may see, of one village or of all: those that wait first, the earliest reply date on top. */
export async function listSupervisions(
  db: Db,
  villageId: VillageId | null,
  limit: number,
  offset: number,
): Promise<SupervisionLine[]> {
  const settled = sql<boolean>`s.state in ('answered', 'closed', 'merged', 'declined', 'transferred')
    or o.issued_at < s.round_at`;
  return await db
    .selectFrom("supervisions as o")
    .innerJoin("suggestions as s", "s.id", "o.suggestion_id")
    .innerJoin("villages as v", "v.id", "o.village_id")
    .leftJoin("actors as a", "a.id", "o.issued_by")
    .leftJoin("actors as w", "w.id", "s.owner_id")
    .select([
      "s.id",
      "s.number",
      "s.text",
      "s.state",
      "s.due_at as dueAt",
      "v.code",
      "v.name as village",
      "w.name as owner",
      "o.nth",
      "o.demand",
      "a.name as issuedBy",
      "o.issued_at as issuedAt",
      "o.reply_by as replyBy",
      settled.as("settled"),
    ])
    .$if(villageId !== null, (query) => query.where("o.village_id", "=", villageId))
    .orderBy(settled)
    .orderBy(sql`case when ${settled} then null else o.reply_by end`)
    .orderBy("o.issued_at", "desc")
    .limit(limit)
    .offset(offset)
    .execute();
}
