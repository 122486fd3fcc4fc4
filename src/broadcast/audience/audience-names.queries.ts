import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { VillageId } from "../../lib/ids.ts";

/** The names an audience may be made of, each with its doors (of a tag: those where somebody has it). */
export type AudienceNames = Record<"groups" | "grids" | "tags", { name: string; households: number }[]>;

export async function listAudienceNames(db: Db, villageId: VillageId): Promise<AudienceNames> {
  const { rows } = await sql<{ kind: keyof AudienceNames; name: string; households: number }>`
    select 'groups' as kind, g.name, count(h.id)::int as households
      from groups g left join households h on h.group_id = g.id where g.village_id = ${villageId} group by g.id
    union all
    select 'grids', g.name, count(h.id)::int
      from grids g left join households h on h.grid_id = g.id where g.village_id = ${villageId} group by g.id
    union all
    select 'tags', t.tag, count(distinct v.household_id)::int
      from villagers v cross join unnest(v.tags) t (tag)
     where v.village_id = ${villageId} and v.left_at is null and v.tags <> '{}' group by t.tag
     order by kind, name`.execute(db);
  const of = (kind: keyof AudienceNames) =>
    rows.filter((row) => row.kind === kind).map(({ name, households }) => ({ name, households }));
  return { groups: of("groups"), grids: of("grids"), tags: of("tags") };
}

export async function knownNames(db: Db, villageId: VillageId, kind: keyof AudienceNames): Promise<string[]> {
  const names =
    kind === "tags"
      ? sql`select distinct t.tag as name from villagers v cross join unnest(v.tags) t (tag)
             where v.village_id = ${villageId} and v.left_at is null and v.tags <> '{}'`
      : sql`select name from ${sql.table(kind)} where village_id = ${villageId}`;
  const { rows } = await sql<{ name: string }>`${names} order by name`.execute(db);
  return rows.map((row) => row.name);
}

/** Of these door numbers those that exist. */
export async function findDoorNumbers(db: Db, villageId: VillageId, numbers: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ number: string }>`
    select number from households where village_id = ${villageId} and number = any (${[...numbers]}::text[])`.execute(
    db,
  );
  return new Set(rows.map((row) => row.number));
}

/** Door numbers of about this length, for somebody who mistyped one. */
export async function doorsLike(db: Db, villageId: VillageId, number: string): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select number from households
     where village_id = ${villageId} and abs(length(number) - ${number.length}::int) <= 1 limit 5000`.execute(db);
  return rows.map((row) => row.number);
}
