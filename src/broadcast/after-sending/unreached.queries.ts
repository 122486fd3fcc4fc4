import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { HouseholdId } from "../../lib/ids.ts";
import type { MessageState } from "../../message/message.ts";
import { phoneless, resolveAudience } from "../audience/reachable.queries.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import type { Telling } from "./visit.ts";

/**
 * A door that no text of a notice has reached or still may; `state` and `reason` of its text, or of the text to the
 * phone that it shares; both null: it has no phone. `visit`: null where it is on no visiting list.
 */
export type UnreachedDoor = {
  householdId: HouseholdId;
  number: string;
  grid: string | null;
  cadre: string | null;
  name: string | null;
  state: MessageState | null;
  reason: string | null;
  listed: boolean;
  how: Telling | null;
};

/** More doors than any town has: the list is counted and put on the visiting list as a whole. */
const MOST_DOORS = 200_000;

/** The doors a launched notice was meant for and did not reach, by what their texts say now. */
export async function listUnreached(db: Db, broadcast: Broadcast): Promise<UnreachedDoor[]> {
  const { id, villageId, launchedAt } = broadcast;
  if (!launchedAt) return [];
  const silent = phoneless(villageId, await resolveAudience(db, villageId, broadcast.audience));
  const { rows } = await sql<UnreachedDoor>`
    with missed as (
      select m.household_id, coalesce(s.state, m.state) as state, coalesce(s.reason, m.reason) as reason, m.id
        from messages m
        left join messages s on m.reason = 'same_phone' and s.broadcast_id = ${id} and s.once_key = m.phone_hash
       where m.broadcast_id = ${id} and m.missed and m.household_id is not null
    ), doors as (
      (select distinct on (t.household_id) t.household_id, t.state, t.reason from missed t
        where not exists (select from missed o where o.household_id = t.household_id
                             and o.state in ('pending', 'claimed', 'accepted', 'sent', 'delivered'))
          and not exists (select from messages o where o.household_id = t.household_id and o.broadcast_id = ${id}
                             and not o.missed)
        order by t.household_id, t.id desc)
      union all
      select distinct w.household_id, null, null from (${silent}) w
       where not exists (select from messages o where o.household_id = w.household_id and o.broadcast_id = ${id})
    )
    select h.id as "householdId", h.number, g.name as grid, coalesce(c.name, h.cadre_name) as cadre, d.state, d.reason,
           v.broadcast_id is not null as listed, v.how,
           (select p.name from villagers p where p.household_id = h.id and p.left_at is null
             order by p.position, p.id limit 1) as name
      from doors d
      join households h on h.id = d.household_id and h.created_at <= ${launchedAt}
      left join grids g on g.id = h.grid_id
      left join actors c on c.id = h.cadre_id
      left join visits v on v.broadcast_id = ${id} and v.household_id = h.id
     order by g.name nulls last, h.number limit ${MOST_DOORS}`.execute(db);
  return rows;
}
