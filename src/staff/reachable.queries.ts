import type { Db } from "../db/connect.ts";
import type { ActorId, TownshipId, VillageId } from "../lib/ids.ts";

/** A member of staff with the phone on record. */
export type Reachable = { id: ActorId; name: string; post: string; phone: { hash: Buffer; sealed: Buffer } };

/** Who is told: one account, a village's secretaries or overseers, or a township's supervisors. */
export type Whom =
  | { owner: ActorId }
  | { secretariesOf: VillageId }
  | { overseersOf: VillageId }
  | { supervisorsOf: TownshipId };

/** Those of them that are active and have a phone; one text per phone. */
export async function listReachable(db: Db, whom: Whom): Promise<Reachable[]> {
  const rows = await db
    .selectFrom("staff as s")
    .innerJoin("actors as a", "a.id", "s.id")
    .select(["a.id", "a.name", "s.post", "s.phone_hash as hash", "s.phone as sealed"])
    .where("a.active", "=", true)
    .$if("owner" in whom, (query) => query.where("a.id", "=", (whom as { owner: ActorId }).owner))
    .$if("secretariesOf" in whom, (query) =>
      query
        .where("a.role", "=", "secretary")
        .where("a.village_id", "=", (whom as { secretariesOf: VillageId }).secretariesOf),
    )
    .$if("overseersOf" in whom, (query) =>
      query
        .where("a.role", "=", "overseer")
        .where("a.village_id", "=", (whom as { overseersOf: VillageId }).overseersOf),
    )
    .$if("supervisorsOf" in whom, (query) =>
      query
        .where("a.role", "=", "township")
        .where("a.township_id", "=", (whom as { supervisorsOf: TownshipId }).supervisorsOf),
    )
    .orderBy("a.created_at")
    .execute();
  const seen = new Set<string>();
  return rows.flatMap(({ hash, sealed, ...person }) => {
    if (!hash || !sealed || seen.has(hash.toString("hex"))) return [];
    seen.add(hash.toString("hex"));
    return [{ ...person, phone: { hash, sealed } }];
  });
}
