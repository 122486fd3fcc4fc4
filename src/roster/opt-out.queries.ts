import type { Tx } from "../db/connect.ts";
import type { ActorId, ColumnId, InboundId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";

/** A phone's word about one column of its village; `columnId` null: about everything the village sends to many. */
export type OptOut = { villageId: VillageId; phoneHash: Buffer; columnId: ColumnId | null };

/** What a member of staff was told or given: an opt-out, or its end, stands on it where no phone has said so. */
export type PaperWord = { by: ActorId; note: string };

/** Takes a phone out; false if it was out already, of this or of everything. */
export async function optOut(
  tx: Tx,
  wish: OptOut & ({ inboundId: InboundId } | PaperWord),
  now: Date,
): Promise<boolean> {
  if (wish.columnId !== null && (await isOut(tx, { ...wish, columnId: null }))) return false;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("opt_outs")
    .values({
      id: newId(now.getTime()),
      village_id: wish.villageId,
      phone_hash: wish.phoneHash,
      column_id: wish.columnId,
      at: now,
      ended_at: null,
      ...("by" in wish
        ? { source: "staff", inbound_id: null, set_by: wish.by, note: wish.note }
        : { source: "villager", inbound_id: wish.inboundId }),
    })
    .onConflict((oc) => oc.columns(["village_id", "phone_hash", "column_id"]).where("ended_at", "is", null).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Ends the opt-out of a column, or with `columnId` null every opt-out of this phone; false if there was none. */
export async function optIn(
  tx: Tx,
  { villageId, phoneHash, columnId }: OptOut,
  now: Date,
  onPaper: PaperWord | null = null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("opt_outs")
    .set({ ended_at: now, ...(onPaper && { ended_by: onPaper.by, ended_note: onPaper.note }) })
    .where("village_id", "=", villageId)
    .where("phone_hash", "=", phoneHash)
    .where("ended_at", "is", null)
    .$if(columnId !== null, (query) => query.where("column_id", "=", columnId))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Whether the phone said so of exactly this: of the column, or with `columnId` null of everything. */
export async function isOut(tx: Tx, { villageId, phoneHash, columnId }: OptOut): Promise<boolean> {
  const row = await tx
    .selectFrom("opt_outs")
    .select("id")
    .where("village_id", "=", villageId)
    .where("phone_hash", "=", phoneHash)
    .where("ended_at", "is", null)
    .where("column_id", columnId === null ? "is" : "=", columnId)
    .executeTakeFirst();
  return row !== undefined;
}
