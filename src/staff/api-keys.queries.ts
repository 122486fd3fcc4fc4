import type { Tx } from "../db/connect.ts";
import type { ActorId, TownshipId, VillageId } from "../lib/ids.ts";
import type { Role } from "../lib/roles.ts";

export type NewApiKey = {
  id: ActorId;
  name: string;
  role: Role;
  villageId: VillageId | null;
  townshipId: TownshipId | null;
  keyHash: Buffer;
};

export async function insertApiKey(tx: Tx, key: NewApiKey, now: Date): Promise<void> {
  await tx
    .insertInto("actors")
    .values({
      id: key.id,
      kind: "api_key",
      role: key.role,
      name: key.name,
      village_id: key.villageId,
      township_id: key.townshipId,
      created_at: now,
    })
    .execute();
  await tx
    .insertInto("api_keys")
    .values({ id: key.id, key_hash: key.keyHash, created_at: now, last_used_at: null, revoked_at: null })
    .execute();
}
