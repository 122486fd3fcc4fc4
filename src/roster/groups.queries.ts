import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { ActorId, GridId, GroupId, VillageId } from "../lib/ids.ts";

/** A 村民小组 or a grid, with as many doors as somebody lives behind. */
export type Unit = { id: string; name: string; doors: number };
export type Group = Unit & { id: GroupId };
/** `cadres`: whom its doors name, most doors first. */
export type Grid = Unit & { id: GridId; cadres: { name: string; id: ActorId | null; doors: number }[] };

const doorsOf = (column: "group_id" | "grid_id") => sql`(
  select count(*)::int from households h
   where h.village_id = u.village_id and h.${sql.ref(column)} = u.id
     and exists (select from villagers v where v.household_id = h.id and v.left_at is null))`;

export async function listUnits(db: Db, villageId: VillageId): Promise<{ groups: Group[]; grids: Grid[] }> {
  const { rows: groups } = await sql<Group>`
    select u.id, u.name, ${doorsOf("group_id")} as doors from groups u
     where u.village_id = ${villageId} order by u.name`.execute(db);
  const { rows: grids } = await sql<Grid>`
    select u.id, u.name, ${doorsOf("grid_id")} as doors,
           coalesce((select jsonb_agg(jsonb_build_object('name', c.name, 'id', c.id, 'doors', c.doors)
                                      order by c.doors desc, c.name)
                       from (select h.cadre_name as name, h.cadre_id as id, count(*)::int as doors from households h
                              where h.village_id = u.village_id and h.grid_id = u.id and h.cadre_name is not null
                              group by 1, 2) c), '[]') as cadres
      from grids u where u.village_id = ${villageId} order by u.name`.execute(db);
  return { groups, grids };
}
