import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, AlarmId, HouseholdId, MessageId, SuggestionId, VillageId } from "../lib/ids.ts";
import type { Role } from "../lib/roles.ts";
import type { Callable } from "./alarm.ts";

/** Everybody of a village and of its township who has a phone on record, those who have been here longest first. */
export async function listCallable(db: Db, villageId: VillageId): Promise<Callable[]> {
  const { rows } = await sql<Callable>`
    select a.id, a.role, a.name, f.phone_hash as "phoneHash"
      from actors a join staff f on f.id = a.id join villages v on v.id = ${villageId}
     where a.active and f.phone_hash is not null and f.phone is not null
       and (a.village_id = v.id or (a.role = 'township' and a.township_id = v.township_id))
     order by a.created_at, a.id`.execute(db);
  return rows;
}

export const findCadreOf = async (db: Db, householdId: HouseholdId | null): Promise<ActorId | null> =>
  householdId === null
    ? null
    : ((await db.selectFrom("households").select("cadre_id").where("id", "=", householdId).executeTakeFirst())
        ?.cadre_id ?? null);

export type NextCall = { actorId: ActorId; phone: { hash: Buffer; sealed: Buffer } | null };

/** The next one who has not been asked, with his phone as it is on record now (null: gone, or no longer here). */
export async function nextCall(db: Db, id: AlarmId): Promise<NextCall | undefined> {
  const row = await db
    .selectFrom("alarm_calls as c")
    .innerJoin("actors as a", "a.id", "c.actor_id")
    .leftJoin("staff as f", "f.id", "c.actor_id")
    .select(["c.actor_id as actorId", "a.active", "f.phone_hash as hash", "f.phone as sealed"])
    .where("c.alarm_id", "=", id)
    .where("c.asked_at", "is", null)
    .orderBy("c.place")
    .executeTakeFirst();
  if (!row) return undefined;
  const { actorId, active, hash, sealed } = row;
  return { actorId, phone: active && hash && sealed ? { hash, sealed } : null };
}

export async function noteAsked(
  tx: Tx,
  id: AlarmId,
  asked: { actorId: ActorId; messageId: MessageId | null; at: Date; nextAt: Date },
): Promise<void> {
  await tx
    .updateTable("alarm_calls")
    .set({ asked_at: asked.at, message_id: asked.messageId })
    .where("alarm_id", "=", id)
    .where("actor_id", "=", asked.actorId)
    .execute();
  await tx.updateTable("alarms").set({ next_at: asked.nextAt }).where("id", "=", id).execute();
}

export type Asked = {
  actorId: ActorId;
  name: string;
  role: Role;
  askedAt: Date;
  phone: { hash: Buffer; sealed: Buffer } | null;
};

/** Who has been asked, in that order; a phone only for those who were texted. */
export async function listAsked(db: Db, ids: readonly AlarmId[]): Promise<Map<AlarmId, Asked[]>> {
  const asked = new Map<AlarmId, Asked[]>();
  if (ids.length === 0) return asked;
  const rows = await db
    .selectFrom("alarm_calls as c")
    .innerJoin("actors as a", "a.id", "c.actor_id")
    .leftJoin("staff as f", "f.id", "c.actor_id")
    .select(["c.alarm_id", "c.actor_id", "a.name", "a.role", "c.asked_at", "c.message_id", "f.phone_hash", "f.phone"])
    .where("c.alarm_id", "in", ids)
    .where("c.asked_at", "is not", null)
    .orderBy("c.place")
    .execute();
  for (const row of rows) {
    const phone = row.message_id && row.phone_hash && row.phone ? { hash: row.phone_hash, sealed: row.phone } : null;
    const one = { actorId: row.actor_id, name: row.name, role: row.role, askedAt: row.asked_at as Date, phone };
    asked.set(row.alarm_id, [...(asked.get(row.alarm_id) ?? []), one]);
  }
  return asked;
}

/** The alarm that this phone was asked about last and nobody has taken: any text from it says "I go". */
export async function findAlarmAsked(
  db: Db,
  phoneHash: Buffer,
  since: Date,
): Promise<{ id: AlarmId; actorId: ActorId; villageId: VillageId; suggestionId: SuggestionId } | undefined> {
  return await db
    .selectFrom("alarm_calls as c")
    .innerJoin("staff as f", "f.id", "c.actor_id")
    .innerJoin("alarms as a", "a.id", "c.alarm_id")
    .select(["a.id", "c.actor_id as actorId", "a.village_id as villageId", "a.suggestion_id as suggestionId"])
    .where("f.phone_hash", "=", phoneHash)
    .where("c.asked_at", ">", since)
    .where("a.state", "in", ["calling", "unanswered"])
    .orderBy("c.asked_at", "desc")
    .executeTakeFirst();
}
