import type { Db } from "../../db/connect.ts";
import type { ActorId, VillageId } from "../../lib/ids.ts";

export type Signer = { id: ActorId; name: string; role: "secretary" | "overseer" };

/** People who can sign a notice of this village; programs' keys are nobody's name. */
export async function listSigners(db: Db, villageId: VillageId): Promise<Signer[]> {
  return await db
    .selectFrom("actors as a")
    .innerJoin("staff as s", "s.id", "a.id")
    .select(["a.id", "a.name", (eb) => eb.ref("a.role").$castTo<Signer["role"]>().as("role")])
    .where("a.village_id", "=", villageId)
    .where("a.active", "=", true)
    .where("a.role", "in", ["secretary", "overseer"])
    .orderBy("a.created_at")
    .execute();
}
