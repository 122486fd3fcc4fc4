import { randomBytes } from "node:crypto";
import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import type { ActorId, TownshipId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { ROLE_NAMES, type Role } from "../lib/roles.ts";
import { sha256 } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import { insertApiKey } from "./api-keys.queries.ts";

export type KeyScope = { role: Role; villageId: VillageId | null; townshipId: TownshipId | null };

/** Makes a key and the actor it is. The key itself is shown this once; we keep its hash. */
export async function createApiKey(work: Work, scope: KeyScope): Promise<string> {
  const key = `cw_${randomBytes(32).toString("base64url")}`;
  const id = newId<ActorId>(work.now.getTime());
  await insertApiKey(work.tx, { id, name: `${ROLE_NAMES[scope.role]}接口`, keyHash: sha256(key), ...scope }, work.now);
  await audit(work, {
    chain: scope.villageId ?? scope.townshipId ?? PLATFORM_CHAIN,
    action: "api_key.create",
    subject: "actor",
    subjectId: id,
    detail: { role: scope.role },
  });
  return key;
}
