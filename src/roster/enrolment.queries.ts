import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { VillageId } from "../lib/ids.ts";
import { reachOf } from "./standing.queries.ts";

/** How many doors there are, and how they stand; `notReached` are those of `reachable` that got nothing for 30 days. */
export type Enrolment = {
  doors: number;
  reachable: number;
  noPhone: number;
  badNumber: number;
  optedOut: number;
  notReached: number;
};

const COUNTS = sql`
  count(*)::int as doors,
  count(*) filter (where d.standing = 'reachable')::int as reachable,
  count(*) filter (where d.standing = 'no_phone')::int as "noPhone",
  count(*) filter (where d.standing = 'bad_number')::int as "badNumber",
  count(*) filter (where d.standing = 'opted_out')::int as "optedOut",
  count(*) filter (where d.standing = 'reachable' and not d.reached)::int as "notReached"`;

/** Every door that somebody lives behind, with how it stands. Materialized, or each count would ask it again of each door. */
const withDoors = (villages: readonly VillageId[], now: Date) => sql`with d as materialized (
  select h.village_id, g.name as "group", n.name as grid, h.cadre_name as cadre, s.standing, s.reached
    from households h
    left join groups g on g.id = h.group_id
    left join grids n on n.id = h.grid_id
    left join phones p on p.village_id = h.village_id and p.hash = h.contact_hash
    cross join ${reachOf(now)} s
   where h.village_id = any (${[...villages]}::uuid[])
     and exists (select from villagers v where v.household_id = h.id and v.left_at is null))`;

export const PARTS = ["village", "group", "grid", "cadre"] as const;
export type Line = Enrolment & { by: (typeof PARTS)[number]; name: string | null };

/** A village as a whole, and by group, by grid and by linked cadre; doors that have none come under null, last. */
export async function countEnrolment(db: Db, villageId: VillageId, now: Date): Promise<Line[]> {
  const { rows } = await sql<Line>`${withDoors([villageId], now)}
    select case when grouping(d.group) = 0 then 'group' when grouping(d.grid) = 0 then 'grid'
                when grouping(d.cadre) = 0 then 'cadre' else 'village' end as by,
           coalesce(d.group, d.grid, d.cadre) as name, ${COUNTS}
      from d
     group by grouping sets ((), (d.group), (d.grid), (d.cadre))
     order by 1, name nulls last`.execute(db);
  return rows;
}

/** Villages side by side; one without doors is not among them. */
export async function countEnrolments(
  db: Db,
  villages: readonly VillageId[],
  now: Date,
): Promise<Map<VillageId, Enrolment>> {
  const { rows } = await sql<Enrolment & { id: VillageId }>`${withDoors(villages, now)}
    select d.village_id as id, ${COUNTS} from d group by d.village_id`.execute(db);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
