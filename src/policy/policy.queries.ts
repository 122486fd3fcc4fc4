import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, PolicyId, TownshipId, VillageId } from "../lib/ids.ts";
import type { Policy, PolicyWords } from "./policy.ts";

/** A village and the township above it: whose entries its people may look up. */
export type Shelf = { id: VillageId; townshipId: TownshipId | null };

const read = (db: Db) =>
  db
    .selectFrom("policies as p")
    .leftJoin("actors as a", "a.id", "p.written_by")
    .select([
      "p.id",
      "p.village_id as villageId",
      "p.township_id as townshipId",
      "p.title",
      "p.keywords",
      "p.basis",
      "p.scope",
      "p.standard",
      "p.process",
      "p.office",
      "p.person",
      "p.phone",
      "p.active",
      "a.name as writer",
      "p.written_at as writtenAt",
    ]);

/** The village's own entries before its township's, in the order in which they were written. */
export const listPolicies = (db: Db, shelf: Shelf): Promise<Policy[]> =>
  read(db)
    .where((eb) =>
      eb.or([
        eb("p.village_id", "=", shelf.id),
        ...(shelf.townshipId === null ? [] : [eb("p.township_id", "=", shelf.townshipId)]),
      ]),
    )
    .orderBy((eb) => eb("p.village_id", "is", null))
    .orderBy("p.id")
    .execute();

export const listActivePolicies = async (db: Db, shelf: Shelf): Promise<Policy[]> =>
  (await listPolicies(db, shelf)).filter((policy) => policy.active);

export const findPolicyById = (db: Db, id: PolicyId): Promise<Policy | undefined> =>
  read(db).where("p.id", "=", id).executeTakeFirst();

export type PolicyOwner = { villageId: VillageId; townshipId: null } | { villageId: null; townshipId: TownshipId };

export async function insertPolicy(
  tx: Tx,
  policy: PolicyWords & PolicyOwner & { id: PolicyId; writtenBy: ActorId },
  now: Date,
): Promise<void> {
  const { villageId, townshipId, writtenBy, keywords, ...words } = policy;
  await tx
    .insertInto("policies")
    .values({
      ...words,
      keywords: [...keywords],
      village_id: villageId,
      township_id: townshipId,
      written_by: writtenBy,
      written_at: now,
    })
    .execute();
}

export async function updatePolicy(
  tx: Tx,
  id: PolicyId,
  { keywords, ...words }: PolicyWords,
  writtenBy: ActorId,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("policies")
    .set({ ...words, keywords: [...keywords], written_by: writtenBy, written_at: now })
    .where("id", "=", id)
    .execute();
}

export async function switchPolicy(tx: Tx, id: PolicyId, active: boolean): Promise<void> {
  await tx.updateTable("policies").set({ active }).where("id", "=", id).execute();
}
