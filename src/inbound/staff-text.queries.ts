import { sql } from "kysely";
import type { Db } from "../db/connect.ts";
import type { ActorId, SuggestionId, VillageId } from "../lib/ids.ts";
import type { Actor } from "../lib/roles.ts";
import { OPEN_STATES } from "../suggestion/suggestion.ts";

/**
 * The accounts in use that this phone is on record for and that may work by text. More than one in a village is
 * nobody: then it is not known who acts.
 */
export async function findStaffByPhone(db: Db, phoneHash: Buffer): Promise<(Actor & { village: VillageId })[]> {
  const rows = await db
    .selectFrom("staff as f")
    .innerJoin("actors as a", "a.id", "f.id")
    .select(["a.id", "a.role", "a.name", "a.village_id as village"])
    .where("f.phone_hash", "=", phoneHash)
    .where("a.active", "=", true)
    .where("a.role", "in", ["secretary", "clerk", "cadre"])
    .execute();
  return rows.flatMap(({ village, ...row }) =>
    village === null ? [] : [{ ...row, kind: "staff" as const, villages: [village], township: null, village }],
  );
}

/** Whose cases: of a village all that its secretary and clerk see, of a cadre his own; never a sealed one. */
type Seat = { villageId: VillageId; actor: Actor };

const seatOf = ({ villageId, actor }: Seat) => sql<boolean>`s.village_id = ${villageId} and not s.sealed
  and (${actor.role} <> 'cadre' or s.owner_id = ${actor.id})`;

export type OpenCase = { id: SuggestionId; number: number; ownerId: ActorId | null; dueAt: Date };

/** The open ones, due first. */
export async function listOpenCases(db: Db, seat: Seat): Promise<OpenCase[]> {
  const { rows } = await sql<OpenCase>`
    select s.id, s.number, s.owner_id as "ownerId", s.due_at as "dueAt" from suggestions s
     where ${seatOf(seat)} and s.state in (${sql.join(OPEN_STATES)}) order by s.due_at, s.number`.execute(db);
  return rows;
}

export async function findNumbered(db: Db, seat: Seat, number: number): Promise<SuggestionId | undefined> {
  const { rows } = await sql<{ id: SuggestionId }>`
    select s.id from suggestions s where ${seatOf(seat)} and s.number = ${number}`.execute(db);
  return rows[0]?.id;
}

/** By these texts a member of staff is told of a case, whoever sends them. */
const TELLING = ["owner", "reminder", "staff_reply"];

/** The cases that were texted to this phone since then and had reached the carrier before he wrote; last first. */
export async function listTexted(db: Db, phoneHash: Buffer, from: Date, until: Date): Promise<SuggestionId[]> {
  const { rows } = await sql<{ id: SuggestionId }>`
    select suggestion_id as id from messages
     where phone_hash = ${phoneHash} and purpose in (${sql.join(TELLING)}) and suggestion_id is not null
       and created_at between ${from} and ${until} and state in ('accepted', 'sent', 'delivered', 'unknown', 'claimed')
     group by suggestion_id order by max(id::text) desc`.execute(db);
  return rows.map((row) => row.id);
}

/** Texts of this phone that were taken as staff's since then. */
export async function countStaffTexts(db: Db, phoneHash: Buffer, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from inbound
     where from_hash = ${phoneHash} and meaning = 'staff_command' and received_at > ${since}`.execute(db);
  return rows[0]?.n ?? 0;
}
