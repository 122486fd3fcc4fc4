import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { SuggestionId, VillageId } from "../lib/ids.ts";
import type { Rung, RungName } from "./ladder.ts";
import { OPEN_STATES } from "./suggestion.ts";

// Written as the index of look_at has it, so that it is used.
const open = sql<boolean>`state not in ('answered', 'closed', 'merged', 'declined', 'transferred')`;

/** Open cases whose ladder must be looked at by now. */
export async function casesToLookAt(db: Db, now: Date, limit: number): Promise<SuggestionId[]> {
  const rows = await db
    .selectFrom("suggestions")
    .select("id")
    .where(open)
    .where("look_at", "<=", now)
    .orderBy("look_at")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function lookAgainAt(tx: Tx, id: SuggestionId, at: Date): Promise<void> {
  await tx.updateTable("suggestions").set({ look_at: at }).where("id", "=", id).execute();
}

/** Every open case of a village, because its rules have changed. */
export async function lookAtAll(tx: Tx, villageId: VillageId): Promise<void> {
  await tx
    .updateTable("suggestions")
    .set({ look_at: sql<Date>`'-infinity'` })
    .where("village_id", "=", villageId)
    .where("state", "in", [...OPEN_STATES])
    .execute();
}

export async function rungsDone(db: Db, id: SuggestionId, round: number): Promise<{ name: RungName; nth: number }[]> {
  return await db
    .selectFrom("case_rungs")
    .select(["rung as name", "nth"])
    .where("suggestion_id", "=", id)
    .where("round", "=", round)
    .execute();
}

export type DoneRung = Rung & { outcome: "texted" | "nobody" | "skipped" };

/** The key lets a rung be done once per round, whoever tries. */
export async function insertRungs(
  tx: Tx,
  of: { id: SuggestionId; villageId: VillageId; round: number },
  rungs: readonly DoneRung[],
  now: Date,
): Promise<void> {
  await tx
    .insertInto("case_rungs")
    .values(
      rungs.map(({ name, nth, at, outcome }) => ({
        suggestion_id: of.id,
        village_id: of.villageId,
        round: of.round,
        rung: name,
        nth,
        due_at: at,
        done_at: now,
        outcome,
      })),
    )
    .execute();
}

/** What the ladder did in a village since a moment, one line per case and rung: for the page of today. */
export async function listClimbed(
  db: Db,
  villageId: VillageId,
  since: Date,
): Promise<{ id: SuggestionId; number: number; rung: RungName; at: Date }[]> {
  return await db
    .selectFrom("case_rungs as r")
    .innerJoin("suggestions as s", "s.id", "r.suggestion_id")
    .select(["s.id", "s.number", "r.rung", "r.done_at as at"])
    .where("r.village_id", "=", villageId)
    .where("r.done_at", ">=", since)
    .where("r.outcome", "<>", "skipped")
    .where("s.state", "in", [...OPEN_STATES])
    .orderBy("r.done_at", "desc")
    .limit(30)
    .execute();
}
