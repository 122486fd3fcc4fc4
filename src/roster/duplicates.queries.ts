import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import { type ActorId, type HouseholdId, newId, type VillageId, type VillagerId } from "../lib/ids.ts";

export type Twin = {
  id: VillagerId;
  name: string;
  householdId: HouseholdId;
  door: string;
  tags: string[];
  hash: Buffer | null;
  phone: Buffer | null;
};
export type Pair = { one: Twin; other: Twin };

/** A name as it is compared: width, spaces and the dots of long names apart. */
const KEY = sql`regexp_replace(normalize(v.name, NFKC), '[[:space:]·.]', '', 'g')`;

/**
 * People who look like one person written down twice: the same name in one door, or the same name with the same phone in
 * two. Grouped, not joined: after an import the planner knows nothing of the table yet. `ids`: only these two, for asking whether they are such a pair.
 */
export async function findPairs(
  db: Db,
  villageId: VillageId,
  limit: number,
  ids: readonly [VillagerId, VillagerId] | null = null,
): Promise<Pair[]> {
  const { rows } = await sql<{ a: VillagerId; b: VillagerId }>`
    with people as materialized (
      select v.id, v.household_id, v.phone_hash, ${KEY} as key from villagers v
       where v.village_id = ${villageId} and v.left_at is null ${ids ? sql`and v.id = any (${[...ids]}::uuid[])` : sql``}
    ), alike as (
      select array_agg(id) as ids from people group by household_id, key having count(*) > 1
      union all
      select array_agg(id) from people where phone_hash is not null group by phone_hash, key having count(*) > 1
    )
    select distinct a, b from alike, unnest(ids) a, unnest(ids) b where b > a order by a, b limit ${limit}`.execute(db);
  const twins = await listTwins(
    db,
    villageId,
    rows.flatMap((row) => [row.a, row.b]),
  );
  return rows.flatMap(({ a, b }) => {
    const [one, other] = [twins.get(a), twins.get(b)];
    return one && other ? [{ one, other }] : [];
  });
}

async function listTwins(db: Db, villageId: VillageId, ids: readonly VillagerId[]): Promise<Map<VillagerId, Twin>> {
  const { rows } = await sql<Twin>`
    select v.id, v.name, v.household_id as "householdId", h.number as door, v.tags, v.phone_hash as hash, p.phone
      from villagers v join households h on h.id = v.household_id
      left join phones p on p.village_id = v.village_id and p.hash = v.phone_hash
     where v.village_id = ${villageId} and v.id = any (${[...ids]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

export type Merge = {
  id: string;
  keptId: VillagerId;
  droppedId: VillagerId;
  keptDoorId: HouseholdId;
  droppedDoorId: HouseholdId;
  name: string;
  keptDoor: string;
  droppedDoor: string;
  tookPhone: boolean;
  newTags: string[];
  by: string;
  at: Date;
  undoneAt: Date | null;
  /** One of the two has been erased since: there is nothing to part. */
  erased: boolean;
};

/** What was merged lately, the newest first; one merge by its id. */
export async function listMerges(
  db: Db,
  villageId: VillageId,
  limit: number,
  id: string | null = null,
): Promise<Merge[]> {
  const { rows } = await sql<Merge>`
    select m.id, m.kept_id as "keptId", m.dropped_id as "droppedId", k.household_id as "keptDoorId",
           d.household_id as "droppedDoorId", k.name, hk.number as "keptDoor", hd.number as "droppedDoor",
           m.took_phone as "tookPhone", m.new_tags as "newTags", a.name as by, m.merged_at as at,
           m.undone_at as "undoneAt", k.erased_at is not null or d.erased_at is not null as erased
      from villager_merges m
      join villagers k on k.id = m.kept_id join households hk on hk.id = k.household_id
      join villagers d on d.id = m.dropped_id join households hd on hd.id = d.household_id
      join actors a on a.id = m.merged_by
     where m.village_id = ${villageId} ${id === null ? sql`` : sql`and m.id = ${id}`}
     order by m.id desc limit ${limit}`.execute(db);
  return rows;
}

export async function insertMerge(
  tx: Tx,
  villageId: VillageId,
  merge: { kept: VillagerId; dropped: VillagerId; tookPhone: boolean; newTags: string[]; by: ActorId },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("villager_merges")
    .values({
      id: newId(now.getTime()),
      village_id: villageId,
      kept_id: merge.kept,
      dropped_id: merge.dropped,
      took_phone: merge.tookPhone,
      new_tags: merge.newTags,
      merged_by: merge.by,
      merged_at: now,
    })
    .execute();
}

/** False if it was undone already. */
export async function closeMerge(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("villager_merges")
    .set({ undone_at: now })
    .where("id", "=", id)
    .where("undone_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The row that was kept, as it was before: without the tags and the phone that came from the other. */
export async function giveBack(tx: Tx, merge: Merge): Promise<void> {
  await sql`
    update villagers k
       set tags = array(select t from unnest(k.tags) t where t <> all (${merge.newTags}::text[])),
           phone_hash = case when ${merge.tookPhone} and k.phone_hash = d.phone_hash then null else k.phone_hash end
      from villagers d where k.id = ${merge.keptId} and d.id = ${merge.droppedId}`.execute(tx);
}
