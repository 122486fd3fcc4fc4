import type { Tx } from "../db/connect.ts";
import type { InboundId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";

/** Takes a phone out of everything its village sends to many; false if it was out already. */
export async function optOut(
  tx: Tx,
  optOut: { villageId: VillageId; phoneHash: Buffer; inboundId: InboundId },
  now: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("opt_outs")
    .values({
      id: newId(now.getTime()),
      village_id: optOut.villageId,
      phone_hash: optOut.phoneHash,
      column_id: null,
      source: "villager",
      inbound_id: optOut.inboundId,
      at: now,
      ended_at: null,
    })
    .onConflict((oc) => oc.columns(["village_id", "phone_hash", "column_id"]).where("ended_at", "is", null).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Ends every opt-out of this phone in the village; false if there was none. */
export async function optIn(tx: Tx, villageId: VillageId, phoneHash: Buffer, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("opt_outs")
    .set({ ended_at: now })
    .where("village_id", "=", villageId)
    .where("phone_hash", "=", phoneHash)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
