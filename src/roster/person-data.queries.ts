import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { HouseholdId, VillageId, VillagerId } from "../lib/ids.ts";

export type Person = {
  id: VillagerId;
  name: string;
  householdId: HouseholdId;
  household: string;
  group: string | null;
  grid: string | null;
  cadre: string | null;
  tags: string[];
  hash: Buffer | null;
  phone: Buffer | null;
  createdAt: Date;
  leftAt: Date | null;
  erasedAt: Date | null;
};

/** Undefined also for somebody whom this actor may not see. */
export async function findPersonOf(db: Db, villageId: VillageId, id: VillagerId): Promise<Person | undefined> {
  const { rows } = await sql<Person>`
    select v.id, v.name, h.id as "householdId", h.number as household, g.name as "group", n.name as grid,
           h.cadre_name as cadre, v.tags, v.phone_hash as hash, p.phone, v.created_at as "createdAt",
           v.left_at as "leftAt", v.erased_at as "erasedAt"
      from villagers v join households h on h.id = v.household_id
      left join groups g on g.id = h.group_id
      left join grids n on n.id = h.grid_id
      left join phones p on p.village_id = v.village_id and p.hash = v.phone_hash
     where v.village_id = ${villageId} and v.id = ${id}`.execute(db);
  return rows[0];
}

/** He and every row that was found to be him. */
export async function listSelves(db: Db, id: VillagerId): Promise<VillagerId[]> {
  const { rows } = await sql<{ id: VillagerId }>`
    with recursive same as (
      select ${id}::uuid as id union select v.id from same s join villagers v on v.merged_into = s.id
    ) select id from same`.execute(db);
  return rows.map((row) => row.id);
}

/** The others, here or gone, who have this phone too: its records are theirs as well. */
export async function listOthersOnPhone(
  db: Db,
  villageId: VillageId,
  hash: Buffer,
  except: readonly VillagerId[],
): Promise<{ name: string; household: string }[]> {
  const { rows } = await sql<{ name: string; household: string }>`
    select v.name, h.number as household from villagers v join households h on h.id = v.household_id
     where v.village_id = ${villageId} and v.phone_hash = ${hash} and v.id <> all (${[...except]}::uuid[])
     order by h.number, v.position`.execute(db);
  return rows;
}

export type Kept = {
  texts: { at: Date; body: string; state: string; reason: string | null }[];
  written: { at: Date; body: string }[];
  cases: {
    number: number;
    text: string;
    state: string;
    openedAt: Date;
    answer: string | null;
    rating: number | null;
  }[];
  votes: { at: Date; question: string; option: string | null }[];
  /** Who has looked at his number, and who has taken his data along. */
  looks: { at: Date; who: string; action: string }[];
};

/**
 * Everything that is kept of a person besides the roster: by his phone, where it is known, and by his name. What is
 * sealed is not among it, whoever asks: not even that it is there.
 */
export async function readKept(
  db: Db,
  of: { villageId: VillageId; ids: readonly VillagerId[]; doors: readonly HouseholdId[]; hash: Buffer | null },
): Promise<Kept> {
  const ids = sql`any (${[...of.ids]}::uuid[])`;
  const doors = sql`any (${[...of.doors]}::uuid[])`;
  const texts = await sql<Kept["texts"][number]>`
    select m.created_at as at, coalesce(m.body, b.text, b.body) as body, m.state, m.reason
      from messages m left join broadcasts b on b.id = m.broadcast_id
     where m.phone_hash = ${of.hash} and m.village_id = ${of.villageId} and not m.sealed
       and m.purpose not in ('test', 'owner', 'staff_reply', 'alarm')
       and (m.broadcast_id is not null or m.household_id = ${doors}) order by m.id`.execute(db);
  const written = await sql<Kept["written"][number]>`
    select received_at as at, body from inbound
     where village_id = ${of.villageId} and not sealed and understood_at is not null
       and meaning is distinct from 'sealed'
       and (villager_id = ${ids} or (from_hash = ${of.hash} and villager_id is null))
     order by id`.execute(db);
  const cases = await sql<Kept["cases"][number]>`
    select number, text, state, opened_at as "openedAt", answer, rating from suggestions
     where village_id = ${of.villageId} and not sealed and villager_id = ${ids} order by number`.execute(db);
  const votes = await sql<Kept["votes"][number]>`
    select p.at, b.body as question, b.options[p.option] as option
      from poll_votes p join broadcasts b on b.id = p.broadcast_id
     where p.village_id = ${of.villageId} and p.phone_hash = ${of.hash} order by p.at`.execute(db);
  const looks = await sql<Kept["looks"][number]>`
    select l.at, coalesce(a.name, '') as who, l.action from audit_log l left join actors a on a.id = l.actor_id
     where l.chain = ${of.villageId} and l.subject = 'villager' and l.subject_id = ${ids}
       and l.action in ('phone.reveal', 'person.export') order by l.seq`.execute(db);
  return { texts: texts.rows, written: written.rows, cases: cases.rows, votes: votes.rows, looks: looks.rows };
}

/** His cases that are not finished: he is still owed an answer. Sealed ones are nobody's to count. */
export async function countOpenCases(db: Db, ids: readonly VillagerId[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from suggestions
     where villager_id = any (${[...ids]}::uuid[]) and not sealed
       and state not in ('closed', 'merged', 'declined', 'transferred')`.execute(db);
  return rows[0]?.n ?? 0;
}
