import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { BroadcastId, VillageId } from "../lib/ids.ts";

/** One name to tick, and how many doors stand behind it. */
export type Choice = { name: string; doors: number };
export type Choices = { groups: Choice[]; grids: Choice[]; tags: Choice[] };

export async function listChoices(db: Db, villageId: VillageId): Promise<Choices> {
  const { rows } = await sql<{ kind: keyof Choices; name: string; doors: number }>`
    select 'groups' as kind, g.name, count(h.id)::int as doors
      from groups g left join households h on h.group_id = g.id where g.village_id = ${villageId} group by g.id
    union all
    select 'grids', n.name, count(h.id)::int
      from grids n left join households h on h.grid_id = n.id where n.village_id = ${villageId} group by n.id
    union all
    select 'tags', t.tag, count(distinct v.household_id)::int
      from villagers v cross join unnest(v.tags) as t(tag) where v.village_id = ${villageId} group by t.tag
    order by 1, 2`.execute(db);
  const of = (kind: keyof Choices) =>
    rows.filter((row) => row.kind === kind).map(({ name, doors }) => ({ name, doors }));
  return { groups: of("groups"), grids: of("grids"), tags: of("tags") };
}

/** Earlier notices that did not reach everybody, newest first; suppressed texts count too: those doors know nothing of it. */
export type Unreached = { id: BroadcastId; body: string; launchedAt: Date; doors: number };
export async function listUnreached(db: Db, villageId: VillageId, limit: number): Promise<Unreached[]> {
  const { rows } = await sql<Unreached>`
    select b.id, b.body, b.launched_at as "launchedAt", m.doors
      from (select id, body, launched_at from broadcasts
             where village_id = ${villageId} and launched_at is not null order by id desc limit 30) b
     cross join lateral (select count(distinct household_id)::int as doors from messages
                          where broadcast_id = b.id
                            and state in ('undelivered', 'failed', 'unknown', 'suppressed', 'canceled')) m
     where m.doors > 0 order by b.id desc limit ${limit}`.execute(db);
  return rows;
}
