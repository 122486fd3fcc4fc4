import { type RawBuilder, sql } from "kysely";
import type { BroadcastId, VillageId } from "../lib/ids.ts";

/**
 * What the blanks of each household stand for: its row of the attached table, and over it what the roster knows. The
 * first person of a household speaks for it. A name without a value is not a key.
 */
export function valuesOf(villageId: VillageId, broadcastId: BroadcastId | null): RawBuilder<unknown> {
  return sql`
    select h.id as household_id, h.number, coalesce(bv.values, '{}') || jsonb_strip_nulls(jsonb_build_object(
             '姓名', (select v.name from villagers v where v.household_id = h.id order by v.left_at is not null, v.position, v.id limit 1),
             '户号', h.number, '小组', g.name, '网格', n.name, '联户干部', coalesce(h.cadre_name, a.name))) as values
      from households h
      left join groups g on g.id = h.group_id
      left join grids n on n.id = h.grid_id
      left join actors a on a.id = h.cadre_id
      left join broadcast_values bv on bv.broadcast_id = ${broadcastId} and bv.household_id = h.id
     where h.village_id = ${villageId}`;
}

/** Households of which every one of these blanks is known. */
export const filledDoors = (
  villageId: VillageId,
  { broadcastId, names }: { broadcastId: BroadcastId | null; names: readonly string[] },
): RawBuilder<unknown> =>
  sql`select household_id from (${valuesOf(villageId, broadcastId)}) f
       where jsonb_exists_all(f.values, ${[...names]}::text[])`;
