import type { Db, Tx } from "../../db/connect.ts";
import type { ActorId, TemplateId, TownshipId, VillageId } from "../../lib/ids.ts";
import type { Template, TemplateWords } from "./template.ts";

const read = (db: Db) =>
  db
    .selectFrom("templates as t")
    .leftJoin("actors as a", "a.id", "t.written_by")
    .select([
      "t.id",
      "t.village_id as villageId",
      "t.township_id as townshipId",
      "t.column_name as column",
      "t.name",
      "t.body",
      "t.version",
      "t.retired_at as retiredAt",
      "a.name as writer",
      "t.written_at as writtenAt",
    ]);

/** What a village may begin a notice from: its own before its township's, those in use before the retired. */
export const listTemplates = (db: Db, shelf: { id: VillageId; townshipId: TownshipId | null }): Promise<Template[]> =>
  read(db)
    .where((eb) =>
      eb.or([
        eb("t.village_id", "=", shelf.id),
        ...(shelf.townshipId === null ? [] : [eb("t.township_id", "=", shelf.townshipId)]),
      ]),
    )
    .orderBy((eb) => eb("t.retired_at", "is not", null))
    .orderBy((eb) => eb("t.village_id", "is", null))
    .orderBy("t.id")
    .execute();

export const findTemplate = (db: Db, id: TemplateId): Promise<Template | undefined> =>
  read(db).where("t.id", "=", id).executeTakeFirst();

export type TemplateOwner = { villageId: VillageId; townshipId: null } | { villageId: null; townshipId: TownshipId };

/** False if the column has one of that name already. */
export async function insertTemplate(
  tx: Tx,
  template: TemplateWords & TemplateOwner & { id: TemplateId; writtenBy: ActorId | null },
  now: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("templates")
    .values({
      id: template.id,
      village_id: template.villageId,
      township_id: template.townshipId,
      column_name: template.column,
      name: template.name,
      body: template.body,
      written_by: template.writtenBy,
      written_at: now,
    })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Keeps what it said, and says the new. */
export async function updateTemplate(
  tx: Tx,
  known: Template,
  { column, name, body }: TemplateWords,
  writtenBy: ActorId,
  now: Date,
): Promise<void> {
  await tx
    .insertInto("template_versions")
    .columns(["template_id", "version", "column_name", "name", "body", "written_by", "written_at"])
    .expression((eb) =>
      eb
        .selectFrom("templates")
        .select(["id", "version", "column_name", "name", "body", "written_by", "written_at"])
        .where("id", "=", known.id),
    )
    .execute();
  await tx
    .updateTable("templates")
    .set({
      column_name: column,
      name,
      body,
      version: known.version + 1,
      written_by: writtenBy,
      written_at: now,
    })
    .where("id", "=", known.id)
    .execute();
}

export async function retireTemplate(tx: Tx, id: TemplateId, at: Date | null): Promise<void> {
  await tx.updateTable("templates").set({ retired_at: at }).where("id", "=", id).execute();
}

export type TemplateVersion = { version: number; body: string; writer: string | null; writtenAt: Date };
/** What it said before, newest first. */
export const listVersions = (db: Db, id: TemplateId): Promise<TemplateVersion[]> =>
  db
    .selectFrom("template_versions as v")
    .leftJoin("actors as a", "a.id", "v.written_by")
    .select(["v.version", "v.body", "a.name as writer", "v.written_at as writtenAt"])
    .where("v.template_id", "=", id)
    .orderBy("v.version", "desc")
    .execute();

/** Whether a column has another one of that name on the same shelf. */
export async function isNameTaken(
  db: Db,
  owner: TemplateOwner,
  { column, name }: TemplateWords,
  except: TemplateId | null,
): Promise<boolean> {
  const found = await db
    .selectFrom("templates")
    .select("id")
    .where("village_id", "is not distinct from", owner.villageId)
    .where("township_id", "is not distinct from", owner.townshipId)
    .where("column_name", "=", column)
    .where("name", "=", name)
    .$if(except !== null, (query) => query.where("id", "<>", except as TemplateId))
    .executeTakeFirst();
  return found !== undefined;
}
