import { sql } from "kysely";
import type { Db, Tx } from "../../db/connect.ts";
import type { ActorId, ColumnId, ScheduleId, VillageId } from "../../lib/ids.ts";
import type { Audience } from "../broadcast.ts";
import type { Rhythm } from "../sending/rhythm.ts";

export type Schedule = Rhythm & {
  id: ScheduleId;
  villageId: VillageId;
  columnId: ColumnId;
  column: string;
  body: string;
  audience: Audience;
  active: boolean;
  nextAt: Date;
  lastDate: string | null;
  madeBy: ActorId;
  maker: string;
  approvedBy: ActorId | null;
  approver: string | null;
};

const read = (db: Db) =>
  db
    .selectFrom("schedules as s")
    .innerJoin("columns as c", "c.id", "s.column_id")
    .leftJoin("actors as m", "m.id", "s.made_by")
    .leftJoin("actors as a", "a.id", "s.approved_by")
    .select([
      "s.id",
      "s.village_id as villageId",
      "s.column_id as columnId",
      "c.name as column",
      "s.body",
      "s.audience",
      "s.weekdays",
      "s.month_day as monthDay",
      "s.minute",
      "s.active",
      "s.next_at as nextAt",
      "s.last_date as lastDate",
      "s.made_by as madeBy",
      sql<string>`coalesce(m.name, '已离任人员')`.as("maker"),
      "s.approved_by as approvedBy",
      "a.name as approver",
    ]);

export const findSchedule = (db: Db, id: ScheduleId): Promise<Schedule | undefined> =>
  read(db).where("s.id", "=", id).executeTakeFirst();

/** Takes the row's lock: of two bells for one occurrence the second finds it made. */
export const lockSchedule = (tx: Tx, id: ScheduleId): Promise<Schedule | undefined> =>
  read(tx).where("s.id", "=", id).forUpdate("s").executeTakeFirst();

/** Newest first; `active` leaves out those that were stopped. */
export async function listSchedules(
  db: Db,
  villageId: VillageId,
  page: { limit: number; before: ScheduleId | null; active?: boolean },
): Promise<Schedule[]> {
  return await read(db)
    .where("s.village_id", "=", villageId)
    .$if(page.before !== null, (query) => query.where("s.id", "<", page.before as ScheduleId))
    .$if(page.active === true, (query) => query.where("s.active", "=", true))
    .orderBy("s.id", "desc")
    .limit(page.limit)
    .execute();
}

export type NewSchedule = Rhythm & {
  id: ScheduleId;
  villageId: VillageId;
  columnId: ColumnId;
  body: string;
  audience: Audience;
  nextAt: Date;
  madeBy: ActorId;
};

export async function insertSchedule(tx: Tx, schedule: NewSchedule, now: Date): Promise<void> {
  await tx
    .insertInto("schedules")
    .values({
      id: schedule.id,
      village_id: schedule.villageId,
      column_id: schedule.columnId,
      body: schedule.body,
      audience: JSON.stringify(schedule.audience),
      weekdays: schedule.weekdays,
      month_day: schedule.monthDay,
      minute: schedule.minute,
      next_at: schedule.nextAt,
      made_by: schedule.madeBy,
      created_at: now,
    })
    .execute();
}

export type ScheduleChange = {
  active?: false;
  next_at?: Date;
  last_date?: string;
  approved_by?: ActorId;
  approved_at?: Date;
};
export async function changeSchedule(tx: Tx, id: ScheduleId, change: ScheduleChange): Promise<void> {
  await tx.updateTable("schedules").set(change).where("id", "=", id).execute();
}

/** Those whose time has come and whose bell was perhaps lost. */
export const dueSchedules = (db: Db, now: Date): Promise<Schedule[]> =>
  read(db).where("s.active", "=", true).where("s.next_at", "<=", now).orderBy("s.next_at").execute();
