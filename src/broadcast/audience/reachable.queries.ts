import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { BroadcastId, VillageId } from "../../lib/ids.ts";
import type { Audience, Doors } from "../broadcast.ts";

/** An audience with the notices that it reaches back to: whom a notice did not reach depends on whom it was for. */
export type Resolved = Audience & { earlier: { id: BroadcastId; launchedAt: Date; audience: Resolved } | null };

/** A correction of a correction of a correction; a longer chain is a mistake. */
const LONGEST_CHAIN = 20;

export async function resolveAudience(
  db: Db,
  villageId: VillageId,
  audience: Audience,
  left = LONGEST_CHAIN,
): Promise<Resolved> {
  if (audience.unreachedOf === undefined || left === 0) return { ...audience, earlier: null };
  const row = await db
    .selectFrom("broadcasts")
    .select(["id", "audience", "launched_at as launchedAt"])
    .where("id", "=", audience.unreachedOf)
    .where("village_id", "=", villageId)
    .executeTakeFirst();
  if (!row?.launchedAt) return { ...audience, earlier: null };
  const before = await resolveAudience(db, villageId, row.audience, left - 1);
  return { ...audience, earlier: { id: row.id, launchedAt: row.launchedAt, audience: before } };
}

export type Who = {
  villageId: VillageId;
  audience: Resolved;
  columnId: RawBuilder<unknown>;
  emergency: RawBuilder<unknown>;
  /** A notice with blanks: the households that have a text of their own, `household_id` and what else is asked for. */
  texts?: RawBuilder<unknown> | null;
  /** The same before anybody has looked at the texts: each door has its own, whatever it will say. */
  apart?: boolean;
};

/**
 * Everybody of an audience who has a phone, with the reason not to text him, if there is one; with `everybody` those
 * too who have none or were taken out. The same rows are counted while a notice is written and inserted when it is
 * launched, so the preview cannot promise what the launch does not do. A phone shared by several doors is texted once,
 * for the first of them, unless each door has a text of its own.
 */
export function reachable(who: Who, everybody = false): RawBuilder<unknown> {
  const { villageId, columnId, emergency, texts } = who;
  const out = (of: RawBuilder<unknown>) => sql`exists (
    select from opt_outs o where o.village_id = ${villageId} and o.phone_hash = a.hash and o.ended_at is null and ${of})`;
  return sql`
    select a.household_id, a.villager_id, a.number, a.hash, p.phone, ${texts ? sql`t.text_body, t.text_segments,` : sql``}
           case when a.excluded then 'excluded'
                when a.hash is null then 'no_phone'
                when p.problem = 'blocked' then 'blocked'
                when p.problem is not null then 'bad_number'
                when a.nth > 1 then 'same_phone'
                when not ${emergency} and ${out(sql`(o.column_id is null or o.column_id = ${columnId})`)}
                then case when ${out(sql`o.column_id is null`)} then 'opted_out' else 'declined' end
                ${texts ? sql`when t.household_id is null then 'no_value'` : sql``}
           end as reason
      from (${people(who, everybody)}) a
      ${everybody ? sql`left` : sql``} join phones p on p.village_id = ${villageId} and p.hash = a.hash
      ${texts ? sql`left join (${texts}) t on t.household_id = a.household_id` : sql``}`;
}

/** The people or doors of an audience; `nth`: their place among those who share the phone. */
function people({ villageId, audience, texts, apart }: Omit<Who, "columnId" | "emergency">, everybody: boolean) {
  const doors = audience.scope === "households";
  const hash = doors ? sql`h.contact_hash` : sql`v.phone_hash`;
  const wanted = matches(villageId, audience);
  const except = audience.except ? matchesDoors(villageId, audience.except, audience.scope) : [];
  const excluded = except.length === 0 ? null : sql`coalesce(${either(except)}, false)`;
  const nth =
    texts || apart
      ? sql`1`
      : sql`row_number() over (partition by ${hash} ${everybody && excluded ? sql`, ${excluded}` : sql``}
            order by ${doors ? sql`h.number, h.id` : sql`v.position, v.id`})`;
  return sql`
    select ${doors ? sql`h.id as household_id, null::uuid as villager_id` : sql`v.household_id, v.id as villager_id`},
           h.number, ${hash} as hash, ${everybody && excluded ? excluded : sql`false`} as excluded, ${nth} as nth
      from ${doors ? sql`households h` : sql`villagers v join households h on h.id = v.household_id`}
     where ${doors ? sql`h` : sql`v`}.village_id = ${villageId}
       ${doors ? (everybody ? sql`and (h.contact_hash is not null or ${SOMEBODY_HERE})` : sql``) : sql`and v.left_at is null`}
       ${everybody ? sql`` : sql`and ${hash} is not null`}
       ${wanted.length === 0 ? sql`` : sql`and ${either(wanted)}`}
       ${everybody || !excluded ? sql`` : sql`and not ${excluded}`}`;
}

/** A door that everybody left misses nothing. Asked of the few doors without a phone; an `exists` would read everybody. */
const SOMEBODY_HERE = sql`(select true from villagers r where r.household_id = h.id and r.left_at is null limit 1)`;

/** The doors of an audience, once for each of its people, where no phone is known. */
export const phoneless = (villageId: VillageId, audience: Resolved): RawBuilder<unknown> =>
  sql`select household_id from (${people({ villageId, audience }, true)}) p where p.hash is null and not p.excluded`;

const either = (parts: RawBuilder<unknown>[]) => sql`(${sql.join(parts, sql` or `)})`;

/** One condition per list; none: everybody. */
function matches(villageId: VillageId, audience: Resolved): RawBuilder<unknown>[] {
  const doors = matchesDoors(villageId, audience, audience.scope);
  return audience.unreachedOf === undefined ? doors : [...doors, unreached(villageId, audience)];
}

function matchesDoors(villageId: VillageId, doors: Doors, scope: Audience["scope"]): RawBuilder<unknown>[] {
  const { groups, grids, tags, households } = doors;
  const named = (table: "groups" | "grids", names: string[]) =>
    sql`(select id from ${sql.table(table)} where village_id = ${villageId} and name = any (${names}::text[]))`;
  return [
    groups && sql`h.group_id in ${named("groups", groups)}`,
    grids && sql`h.grid_id in ${named("grids", grids)}`,
    tags &&
      (scope === "villagers"
        ? sql`v.tags && ${tags}::text[]`
        : sql`h.id in (select household_id from villagers where village_id = ${villageId} and left_at is null
                        and tags && ${tags}::text[])`),
    households && sql`h.number = any (${households}::text[])`,
  ].filter((part) => part !== undefined);
}

/** Handed over, or on its way: whoever has such a text is not waited for. One who opted out wants none. */
const REACHED = sql`('pending', 'claimed', 'accepted', 'sent', 'delivered')`;

/**
 * Whom an earlier notice did not reach, by what its texts say now: not delivered, in doubt, a number that cannot be
 * texted, or no text at all. Among people it is asked of each phone, else of each door; a door whose phone was another
 * door's too was reached with that one.
 */
function unreached(villageId: VillageId, { scope, earlier }: Resolved): RawBuilder<unknown> {
  if (!earlier) return sql`false`;
  const { id, launchedAt, audience } = earlier;
  const meant = sql`select * from (${people({ villageId, audience }, true)}) p where not p.excluded`;
  if (scope === "villagers" && audience.scope === "villagers") {
    return sql`(v.id in (select villager_id from (${meant}) p) and v.created_at <= ${launchedAt}
      and not exists (select from messages m where m.broadcast_id = ${id} and m.phone_hash = v.phone_hash
                         and (m.state in ${REACHED} or m.reason in ('opted_out', 'declined'))))`;
  }
  return sql`h.id in (
    select d.household_id
      from (select p.household_id from (${meant}) p join households e on e.id = p.household_id
             where e.created_at <= ${launchedAt}
            union select household_id from messages where broadcast_id = ${id}) d
      left join messages m on m.broadcast_id = ${id} and m.household_id = d.household_id
     group by d.household_id
    having not coalesce(bool_or(m.state in ${REACHED} or m.reason in ('opted_out', 'declined') or (m.reason = 'same_phone' and exists (
             select from messages s where s.broadcast_id = ${id} and s.once_key = m.phone_hash
                and s.state in ${REACHED}))), false))`;
}
