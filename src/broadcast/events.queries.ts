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

/** Who changed a notice's words last. */
export const lastWriter = (
  db: Db,
  id: BroadcastId,
): Promise<{ id: ActorId | null; name: string; at: Date } | undefined> =>
  db
    .selectFrom("broadcast_events as e")
    .leftJoin("actors as a", "a.id", "e.actor_id")
    .select((eb) => ["e.actor_id as id", eb.fn.coalesce("a.name", eb.val("别人")).as("name"), "e.at"])
    .where("e.broadcast_id", "=", id)
    .where("e.kind", "in", ["drafted", "edited"])
    .orderBy("e.id", "desc")
    .limit(1)
    .executeTakeFirst();
