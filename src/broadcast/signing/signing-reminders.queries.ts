import type { Db, Tx } from "../../db/connect.ts";
import type { BroadcastId, VillageId } from "../../lib/ids.ts";
import type { SignRung } from "./signatures.ts";

/** Notices of which somebody may have to be asked for his signature by now. */
export async function signaturesToAskFor(db: Db, now: Date, limit: number): Promise<BroadcastId[]> {
  const rows = await db
    .selectFrom("broadcasts")
    .select("id")
    .where("remind_at", "<=", now)
    .orderBy("remind_at")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export async function rungsAsked(db: Db, id: BroadcastId, submittedAt: Date): Promise<SignRung[]> {
  const rows = await db
    .selectFrom("signature_reminders")
    .select("rung")
    .where("broadcast_id", "=", id)
    .where("submitted_at", "=", submittedAt)
    .execute();
  return rows.map(({ rung }) => rung);
}

/** The key lets a rung be asked once for each time that the notice was handed in, whoever tries. */
export async function insertReminders(
  tx: Tx,
  of: { id: BroadcastId; villageId: VillageId; submittedAt: Date },
  rungs: readonly SignRung[],
  outcome: "texted" | "nobody",
  now: Date,
): Promise<void> {
  await tx
    .insertInto("signature_reminders")
    .values(
      rungs.map((rung) => ({
        broadcast_id: of.id,
        village_id: of.villageId,
        submitted_at: of.submittedAt,
        rung,
        done_at: now,
        outcome,
      })),
    )
    .execute();
}
