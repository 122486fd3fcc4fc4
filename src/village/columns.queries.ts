import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ColumnId, VillageId } from "../lib/ids.ts";
import type { ColumnAudience, ColumnClass } from "./columns.ts";

/** How many doors have left each column, by the phone that is texted; whoever has left everything is not counted. */
export async function countDeclined(db: Db, villageId: VillageId): Promise<Map<ColumnId, number>> {
  const { rows } = await sql<{ id: ColumnId; doors: number }>`
    select o.column_id as id, count(*)::int as doors
      from opt_outs o join households h on h.village_id = o.village_id and h.contact_hash = o.phone_hash
     where o.village_id = ${villageId} and o.column_id is not null and o.ended_at is null
     group by o.column_id`.execute(db);
  return new Map(rows.map((row) => [row.id, row.doors]));
}

export type NewColumn = { id: ColumnId; villageId: VillageId; name: string; class: ColumnClass };

/** Behind the others. */
export async function insertColumn(tx: Tx, column: NewColumn): Promise<void> {
  await sql`
    insert into columns (id, village_id, name, class, position)
    select ${column.id}, ${column.villageId}, ${column.name}, ${column.class}, coalesce(max(position), -1) + 1
      from columns where village_id = ${column.villageId}`.execute(tx);
}

export type ColumnChange = {
  name?: string;
  audience?: ColumnAudience | null;
  mayDecline?: boolean;
  retiredAt?: Date | null;
};

export async function updateColumn(tx: Tx, id: ColumnId, change: ColumnChange): Promise<void> {
  const { name, audience, mayDecline, retiredAt } = change;
  await tx
    .updateTable("columns")
    .set({
      ...(name === undefined ? {} : { name }),
      ...(audience === undefined ? {} : { audience: audience && JSON.stringify(audience) }),
      ...(mayDecline === undefined ? {} : { may_decline: mayDecline }),
      ...(retiredAt === undefined ? {} : { retired_at: retiredAt }),
    })
    .where("id", "=", id)
    .execute();
}

/** Puts a village's columns into this order. */
export async function orderColumns(tx: Tx, villageId: VillageId, ids: readonly ColumnId[]): Promise<void> {
  await sql`
    update columns c set position = o.nth
      from unnest(${[...ids]}::uuid[]) with ordinality as o (id, nth)
     where c.id = o.id and c.village_id = ${villageId}`.execute(tx);
}
