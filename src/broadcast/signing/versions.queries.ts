import type { Db, Tx } from "../../db/connect.ts";
import type { ActorId, BroadcastId } from "../../lib/ids.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import type { VersionFact } from "./say-version.ts";

/** Keeps what is handed in; handed in again unchanged, it is the version that is there. */
export async function keepVersion(
  tx: Tx,
  broadcast: Broadcast,
  about: readonly VersionFact[],
  by: ActorId,
  now: Date,
): Promise<void> {
  await tx
    .insertInto("broadcast_versions")
    .values({
      broadcast_id: broadcast.id,
      village_id: broadcast.villageId,
      version: broadcast.version,
      body: broadcast.body,
      options: broadcast.options,
      send_at: broadcast.sendAt,
      audience: JSON.stringify(broadcast.audience),
      about: JSON.stringify(about),
      submitted_by: by,
      submitted_at: now,
    })
    .onConflict((oc) => oc.columns(["broadcast_id", "version"]).doNothing())
    .execute();
}

export type Version = {
  version: number;
  body: string;
  options: string[] | null;
  sendAt: Date | null;
  /** Null: it was handed in before anybody kept this. */
  about: VersionFact[] | null;
  by: string;
  at: Date;
};

/** Every version that was handed in, oldest first. */
export const listVersions = (db: Db, id: BroadcastId): Promise<Version[]> =>
  db
    .selectFrom("broadcast_versions as v")
    .leftJoin("actors as a", "a.id", "v.submitted_by")
    .select((eb) => [
      "v.version",
      "v.body",
      "v.options",
      "v.send_at as sendAt",
      "v.about",
      eb.fn.coalesce("a.name", eb.val("已离任人员")).as("by"),
      "v.submitted_at as at",
    ])
    .where("v.broadcast_id", "=", id)
    .orderBy("v.version")
    .execute();
