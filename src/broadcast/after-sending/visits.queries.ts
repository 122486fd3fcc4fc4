import { sql } from "kysely";
import type { Db, Tx } from "../../db/connect.ts";
import type { ActorId, BroadcastId, HouseholdId, VillageId } from "../../lib/ids.ts";
import type { Cause } from "../../message/causes.ts";
import type { Telling } from "./visit.ts";

export type NewVisit = { householdId: HouseholdId; cause: Cause };

/** Puts doors on a notice's visiting list; those that stand there already stay as they are. The number of new ones. */
export async function insertVisits(
  tx: Tx,
  of: { broadcastId: BroadcastId; villageId: VillageId; by: ActorId },
  doors: readonly NewVisit[],
  now: Date,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into visits (broadcast_id, household_id, village_id, cause, listed_by, listed_at)
    select ${of.broadcastId}, d.household_id, ${of.villageId}, d.cause, ${of.by}, ${now}
      from unnest(${doors.map(({ householdId }) => householdId)}::uuid[],
                  ${doors.map(({ cause }) => cause)}::text[]) as d (household_id, cause)
        on conflict (broadcast_id, household_id) do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** A door was told, or nobody was there. False: it is not on the list, or not this cadre's door. */
export async function tickVisit(
  tx: Tx,
  of: { broadcastId: BroadcastId; householdId: HouseholdId },
  told: { how: Telling; by: ActorId; note: string },
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("visits")
    .set({ how: told.how, told_by: told.by, told_at: now, note: told.note })
    .where("broadcast_id", "=", of.broadcastId)
    .where("household_id", "=", of.householdId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export type Visited = {
  householdId: HouseholdId;
  number: string;
  name: string | null;
  group: string | null;
  grid: string | null;
  /** The linked cadre now; null: nobody is. */
  cadre: string | null;
  cause: Cause;
  how: Telling | null;
  at: Date | null;
  by: string | null;
  note: string;
  /** The text arrived after all. */
  arrived: boolean;
};

const ARRIVED = sql<boolean>`exists (
  select from messages m where m.broadcast_id = v.broadcast_id and m.household_id = v.household_id and m.state = 'delivered')`;

/** The visiting list of a notice, by cadre and door; a cadre's own doors only (the row-level policy sees to it). */
export async function listVisits(db: Db, id: BroadcastId): Promise<Visited[]> {
  const { rows } = await sql<Visited>`
    select v.household_id as "householdId", h.number, gr.name as "group", g.name as grid, v.cause, v.how, v.told_at as at,
           b.name as by, v.note, coalesce(c.name, h.cadre_name) as cadre, ${ARRIVED} as arrived,
           (select p.name from villagers p where p.household_id = h.id and p.left_at is null
             order by p.position, p.id limit 1) as name
      from visits v
      join households h on h.id = v.household_id
      left join groups gr on gr.id = h.group_id
      left join grids g on g.id = h.grid_id
      left join actors c on c.id = h.cadre_id
      left join actors b on b.id = v.told_by
     where v.broadcast_id = ${id}
     order by coalesce(c.name, h.cadre_name) nulls last, g.name nulls last, h.number`.execute(db);
  return rows;
}

export type VisitCount = { listed: number; told: number };

/** How many doors of a notice's list know it by now: told, or their text arrived after all. */
export async function countVisits(db: Db, id: BroadcastId): Promise<VisitCount> {
  const { rows } = await sql<VisitCount>`
    select count(*)::int as listed, count(*) filter (where v.how in ('in_person', 'phone') or ${ARRIVED})::int as told
      from visits v where v.broadcast_id = ${id}`.execute(db);
  return rows[0] ?? { listed: 0, told: 0 };
}

export type OpenVisits = VisitCount & { id: BroadcastId; body: string; column: string };

/** Notices with doors that still have to be told, the newest first; a cadre's own doors only. */
export async function listOpenVisits(db: Db, villageId: VillageId, limit: number): Promise<OpenVisits[]> {
  const { rows } = await sql<OpenVisits>`
    select b.id, b.body, c.name as column, n.listed, n.told
      from (select v.broadcast_id, count(*)::int as listed,
                   count(*) filter (where v.how in ('in_person', 'phone') or ${ARRIVED})::int as told
              from visits v join households h on h.id = v.household_id
             where v.village_id = ${villageId} group by v.broadcast_id) n
      join broadcasts b on b.id = n.broadcast_id
      join columns c on c.id = b.column_id
     where n.told < n.listed
     order by b.id desc limit ${limit}`.execute(db);
  return rows;
}
