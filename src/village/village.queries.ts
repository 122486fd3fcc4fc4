import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ColumnId, CountyId, TemplateId, TownshipId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { Calendar } from "../lib/workdays.ts";
import { type ColumnAudience, type ColumnClass, FOUNDING_COLUMNS } from "./columns.ts";
import { FOUNDING_TEMPLATES } from "./founding-templates.ts";
import type { Promises } from "./promises.ts";
import type { SendingHours } from "./village.ts";

export type Village = {
  id: VillageId;
  code: string;
  name: string;
  signature: string;
  sendingHours: SendingHours;
  promises: Promises;
  serviceHours: SendingHours;
  /** The days set by hand that count here. */
  calendar: Calendar;
  reckonedWith: string | null;
  townshipId: TownshipId | null;
  /** Anybody may read its public page (src/report/public.routes.ts). */
  publicPage: boolean;
};

/** A township's day counts more than its county's, and that more than the country's: of the same key the last stays. */
const calendarOfVillage = sql<Calendar>`(
  select coalesce(jsonb_object_agg(d.day, jsonb_build_object('off', d.off, 'reason', d.reason)
           order by d.township_id is not null, d.county_id is not null), '{}')
    from calendar_days d
   where (d.township_id is null and d.county_id is null) or d.township_id = villages.township_id
      or d.county_id = (select t.county_id from townships t where t.id = villages.township_id))`.as("calendar");

const columnsOfVillage = [
  "id",
  "code",
  "name",
  "signature",
  "sending_hours as sendingHours",
  "promises",
  "service_hours as serviceHours",
  "reckoned_with as reckonedWith",
  "township_id as townshipId",
  "public_page as publicPage",
  calendarOfVillage,
] as const;

/** Undefined also for a village that this actor may not see. */
export const findVillage = (db: Db, code: string): Promise<Village | undefined> =>
  db.selectFrom("villages").select(columnsOfVillage).where("code", "=", code).executeTakeFirst();

export const getVillage = (db: Db, id: VillageId): Promise<Village> =>
  db.selectFrom("villages").select(columnsOfVillage).where("id", "=", id).executeTakeFirstOrThrow();

export const listVillages = (db: Db): Promise<Village[]> =>
  db.selectFrom("villages").select(columnsOfVillage).orderBy("code").execute();

export type Township = { id: TownshipId; code: string; name: string };
export const findTownship = (db: Db, code: string): Promise<Township | undefined> =>
  db.selectFrom("townships").select(["id", "code", "name"]).where("code", "=", code).executeTakeFirst();

/** False if the code is taken. */
export async function insertTownship(
  tx: Tx,
  township: { id: TownshipId; code: string; name: string; countyId: CountyId | null },
): Promise<boolean> {
  const done = await tx
    .insertInto("townships")
    .values({ id: township.id, county_id: township.countyId, code: township.code, name: township.name })
    .onConflict((oc) => oc.column("code").doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

export async function ensureCounty(tx: Tx, name: string): Promise<CountyId> {
  await tx
    .insertInto("counties")
    .values({ id: newId<CountyId>(), name })
    .onConflict((oc) => oc.column("name").doNothing())
    .execute();
  return (await tx.selectFrom("counties").select("id").where("name", "=", name).executeTakeFirstOrThrow()).id;
}

export type NewVillageRow = Omit<Village, "calendar" | "reckonedWith" | "publicPage">;

/** False if the code is taken. */
export async function insertVillage(tx: Tx, village: NewVillageRow, now: Date): Promise<boolean> {
  const done = await tx
    .insertInto("villages")
    .values({
      id: village.id,
      township_id: village.townshipId,
      code: village.code,
      name: village.name,
      signature: village.signature,
      sending_hours: JSON.stringify(village.sendingHours),
      promises: JSON.stringify(village.promises),
      service_hours: JSON.stringify(village.serviceHours),
      created_at: now,
    })
    .onConflict((oc) => oc.column("code").doNothing())
    .executeTakeFirst();
  if (done.numInsertedOrUpdatedRows !== 1n) return false;
  await tx
    .insertInto("columns")
    .values(
      FOUNDING_COLUMNS.map((column, position) => ({
        id: newId<ColumnId>(now.getTime()),
        village_id: village.id,
        name: column.name,
        class: column.class,
        position,
      })),
    )
    .execute();
  await tx
    .insertInto("templates")
    .values(
      FOUNDING_TEMPLATES.map(({ column, name, body }) => ({
        id: newId<TemplateId>(now.getTime()),
        village_id: village.id,
        township_id: null,
        column_name: column,
        name,
        body,
        written_by: null,
        written_at: now,
      })),
    )
    .execute();
  return true;
}

/** `audience`: who is offered first under this column; null: every household. */
export type Column = {
  id: ColumnId;
  name: string;
  class: ColumnClass;
  audience: ColumnAudience | null;
  /** Within the law: `isOptional` says the rest. */
  mayDecline: boolean;
  retiredAt: Date | null;
};

/** The columns that something may be written under, in the village's order. */
export const listColumns = async (db: Db, villageId: VillageId): Promise<Column[]> =>
  (await listAllColumns(db, villageId)).filter((column) => column.retiredAt === null);

export const listAllColumns = (db: Db, villageId: VillageId): Promise<Column[]> =>
  db
    .selectFrom("columns")
    .select(["id", "name", "class", "audience", "may_decline as mayDecline", "retired_at as retiredAt"])
    .where("village_id", "=", villageId)
    .orderBy("position")
    .orderBy("id")
    .execute();

export async function updatePromises(
  tx: Tx,
  villageId: VillageId,
  promises: Promises,
  serviceHours: SendingHours,
): Promise<void> {
  await tx
    .updateTable("villages")
    .set({ promises: JSON.stringify(promises), service_hours: JSON.stringify(serviceHours) })
    .where("id", "=", villageId)
    .execute();
}

/** False if the open cases' dates stand on exactly this already; the row's lock keeps two from reckoning at once. */
export async function markReckoned(tx: Tx, villageId: VillageId, print: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("villages")
    .set({ reckoned_with: print })
    .where("id", "=", villageId)
    .where("reckoned_with", "is distinct from", print)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function setPublicPage(tx: Tx, villageId: VillageId, on: boolean): Promise<void> {
  await tx.updateTable("villages").set({ public_page: on }).where("id", "=", villageId).execute();
}
