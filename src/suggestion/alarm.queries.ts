import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, AlarmId, SuggestionId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { statesBefore } from "../lib/moves.ts";
import { ALARM_MOVES, type AlarmSettings, type AlarmState, type Danger, ONE_ALARM_MINUTES } from "./alarm.ts";

export type Alarm = {
  id: AlarmId;
  villageId: VillageId;
  suggestionId: SuggestionId;
  danger: Danger;
  state: AlarmState;
  minutes: number;
  raisedAt: Date;
  confirmedBy: string | null;
  confirmedAt: Date | null;
  /** Of the case: its number, whose it is and what he wrote. */
  number: number;
  household: string | null;
  villager: string | null;
  text: string;
};

/** An alarm with its case; whoever may not see the case does not find the alarm. */
const readAlarms = (db: Db) =>
  db
    .selectFrom("alarms as a")
    .innerJoin("suggestions as s", "s.id", "a.suggestion_id")
    .leftJoin("households as h", "h.id", "s.household_id")
    .leftJoin("villagers as v", "v.id", "s.villager_id")
    .leftJoin("actors as c", "c.id", "a.confirmed_by")
    .select([
      "a.id",
      "a.village_id as villageId",
      "a.suggestion_id as suggestionId",
      "a.danger",
      "a.state",
      "a.minutes",
      "a.raised_at as raisedAt",
      "c.name as confirmedBy",
      "a.confirmed_at as confirmedAt",
      "s.number",
      "h.number as household",
      "v.name as villager",
      "s.text",
    ]);

/** Newest first; with `open` only those that nobody has taken yet. */
export async function listAlarms(
  db: Db,
  villageId: VillageId,
  options: { open: boolean; limit: number; before?: AlarmId | null },
): Promise<Alarm[]> {
  const { open, limit, before } = options;
  return await readAlarms(db)
    .where("a.village_id", "=", villageId)
    .$if(open, (query) => query.where("a.state", "in", ["calling", "unanswered"]))
    .$if(Boolean(before), (query) => query.where("a.id", "<", before as AlarmId))
    .orderBy("a.id", "desc")
    .limit(limit)
    .execute();
}

export const listAlarmsOfCase = (db: Db, id: SuggestionId): Promise<Alarm[]> =>
  readAlarms(db).where("a.suggestion_id", "=", id).orderBy("a.id", "desc").execute();

export const findAlarm = (db: Db, id: AlarmId): Promise<Alarm | undefined> =>
  readAlarms(db).where("a.id", "=", id).executeTakeFirst();

/** For whoever is about to move it: others wait. */
export const lockAlarm = (tx: Tx, id: AlarmId): Promise<Alarm | undefined> =>
  readAlarms(tx).where("a.id", "=", id).forUpdate("a").executeTakeFirst();

export const readAlarmSettings = async (db: Db, villageId: VillageId): Promise<AlarmSettings> =>
  (await db.selectFrom("villages").select("alarms").where("id", "=", villageId).executeTakeFirstOrThrow()).alarms;

export async function updateAlarmSettings(tx: Tx, villageId: VillageId, settings: AlarmSettings): Promise<void> {
  await tx
    .updateTable("villages")
    .set({ alarms: JSON.stringify(settings) })
    .where("id", "=", villageId)
    .execute();
}

/** The alarm of this phone that a further text belongs to: people are being called, or it was raised just now. */
export async function findRunningAlarm(
  db: Db,
  villageId: VillageId,
  phoneHash: Buffer,
  now: Date,
): Promise<{ id: AlarmId; suggestionId: SuggestionId; danger: Danger } | undefined> {
  return await db
    .selectFrom("alarms")
    .select(["id", "suggestion_id as suggestionId", "danger"])
    .where("village_id", "=", villageId)
    .where("phone_hash", "=", phoneHash)
    .where((eb) =>
      eb.or([eb("state", "=", "calling"), eb("raised_at", ">", new Date(now.getTime() - ONE_ALARM_MINUTES * 60_000))]),
    )
    .orderBy("id", "desc")
    .executeTakeFirst();
}

export type NewAlarm = {
  villageId: VillageId;
  suggestionId: SuggestionId;
  phoneHash: Buffer;
  danger: Danger;
  minutes: number;
  people: readonly ActorId[];
};

export async function insertAlarm(tx: Tx, fresh: NewAlarm, now: Date): Promise<AlarmId> {
  const id = newId<AlarmId>(now.getTime());
  const { villageId, suggestionId, danger, minutes } = fresh;
  const of = { village_id: villageId, suggestion_id: suggestionId };
  await tx
    .insertInto("alarms")
    .values({ id, ...of, phone_hash: fresh.phoneHash, danger, minutes, state: "calling", raised_at: now, next_at: now })
    .execute();
  if (fresh.people.length > 0) {
    const calls = fresh.people.map((actorId, place) => ({ alarm_id: id, actor_id: actorId, place, ...of }));
    await tx.insertInto("alarm_calls").values(calls).execute();
  }
  return id;
}

/** Alarms whose next person is due, oldest first. */
export async function dueAlarms(db: Db, now: Date): Promise<AlarmId[]> {
  const rows = await db
    .selectFrom("alarms")
    .select("id")
    .where("state", "=", "calling")
    .where("next_at", "<=", now)
    .orderBy("next_at")
    .limit(100)
    .execute();
  return rows.map((row) => row.id);
}

/** Takes an alarm whose next person is due, unless somebody else has it in hand. */
export async function takeDueAlarm(tx: Tx, id: AlarmId, now: Date): Promise<boolean> {
  const { rows } = await sql`
    select from alarms where id = ${id} and state = 'calling' and next_at <= ${now} for update skip locked`.execute(tx);
  return rows.length === 1;
}

/** A move guarded by the table of moves. False: too late, or twice. */
export async function moveAlarm(
  tx: Tx,
  id: AlarmId,
  to: Exclude<AlarmState, "calling">,
  by: { id: ActorId; at: Date } | null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("alarms")
    .set({ state: to, ...(by ? { confirmed_by: by.id, confirmed_at: by.at } : {}) })
    .where("id", "=", id)
    .where("state", "in", statesBefore(ALARM_MOVES, to))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Alarms that nobody has taken, for the metrics: everybody may be looking at those. */
export async function countAlarms(db: Db): Promise<Record<"calling" | "unanswered", number>> {
  const { rows } = await sql<{ calling: number; unanswered: number }>`
    select count(*) filter (where state = 'calling')::int as calling,
           count(*) filter (where state = 'unanswered')::int as unanswered
      from alarms where state <> 'confirmed'`.execute(db);
  return rows[0] ?? { calling: 0, unanswered: 0 };
}
