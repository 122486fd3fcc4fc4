import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { HouseholdId, VillageId } from "../lib/ids.ts";

/** `phone`: sealed; null where none is recorded. `post`: null for a name without an account. */
export type Contact = { name: string; post: string | null; phone: Buffer | null };

/**
 * The linked cadre of a household: its own, else the one who has most doors of its grid. A name of the roster without an
 * account counts; an account that was switched off does not.
 */
export async function findCadre(db: Db, householdId: HouseholdId): Promise<Contact | undefined> {
  const { rows } = await sql<Contact>`
    select coalesce(a.name, d.cadre_name) as name, f.post, f.phone
      from (
        select 0 as far, h.cadre_id, h.cadre_name, 1::bigint as doors from households h where h.id = ${householdId}
        union all
        select 1, n.cadre_id, n.cadre_name, count(*)
          from households h join households n on n.village_id = h.village_id and n.grid_id = h.grid_id
         where h.id = ${householdId} group by n.cadre_id, n.cadre_name
      ) d
      left join actors a on a.id = d.cadre_id and a.active
      left join staff f on f.id = a.id
     where a.id is not null or (d.cadre_id is null and d.cadre_name is not null)
     order by d.far, d.doors desc, name limit 1`.execute(db);
  return rows[0];
}

/** The longest-serving secretary who is a person, one with a number before one without. */
export const findSecretary = (db: Db, villageId: VillageId): Promise<Contact | undefined> =>
  db
    .selectFrom("actors as a")
    .innerJoin("staff as f", "f.id", "a.id")
    .select(["a.name", "f.post", "f.phone"])
    .where("a.village_id", "=", villageId)
    .where("a.role", "=", "secretary")
    .where("a.active", "=", true)
    .orderBy((eb) => eb("f.phone", "is", null))
    .orderBy("a.created_at")
    .orderBy("a.id")
    .limit(1)
    .executeTakeFirst();
