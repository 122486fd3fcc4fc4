import type { Db, Tx } from "../db/connect.ts";
import { type ActorId, type BroadcastId, newId, type VillageId } from "../lib/ids.ts";

/** The history of a notice: what happened to it, who did it, and when. */
export async function noteEvent(
  tx: Tx,
  event: { broadcastId: BroadcastId; villageId: VillageId; actorId: ActorId | null; kind: string; note?: string },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("broadcast_events")
    .values({
      id: newId(now.getTime()),
      broadcast_id: event.broadcastId,
      village_id: event.villageId,
      at: now,
      actor_id: event.actorId,
      kind: event.kind,
      note: event.note ?? "",
    })
    .execute();
}

export type BroadcastEvent = { at: Date; actor: string | null; kind: string; note: string };
export const listEvents = (db: Db, id: BroadcastId): Promise<BroadcastEvent[]> =>
  db
    .selectFrom("broadcast_events as e")
    .leftJoin("actors as a", "a.id", "e.actor_id")
    .select(["e.at", "a.name as actor", "e.kind", "e.note"])
    .where("e.broadcast_id", "=", id)
    .orderBy("e.id")
    .execute();
