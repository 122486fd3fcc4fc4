import type { Tx } from "../db/connect.ts";
import type { HouseholdId, MessageId, SuggestionId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { SystemWork } from "../queue/work.ts";
import { writeSignature } from "../village/village.ts";
import { channelOfVillage } from "./channel.queries.ts";
import { LANE, type Lane, type Purpose } from "./message.ts";
import { countSegments } from "./segments.ts";

export type PersonalText = {
  villageId: VillageId;
  signature: string;
  phone: { hash: Buffer; sealed: Buffer };
  householdId: HouseholdId | null;
  suggestionId: SuggestionId | null;
  purpose: Exclude<Purpose, "broadcast">;
  /** Without the signature. */
  body: string;
  sealed: boolean;
  /** `personal` by default: ahead of every broadcast. */
  lane?: Lane;
};

/** Queues one text to one person. It leaves once the work is committed. */
export async function queueText(work: SystemWork, text: PersonalText): Promise<MessageId> {
  const channel = await channelOfVillage(work.tx, text.villageId);
  const id = newId<MessageId>(work.now.getTime());
  await insertText(work.tx, id, text, channel.id, work.now);
  work.ring({ queue: "dispatch-messages", payload: { channelId: channel.id } });
  return id;
}

async function insertText(
  tx: Tx,
  id: MessageId,
  text: PersonalText,
  channelId: Awaited<ReturnType<typeof channelOfVillage>>["id"],
  now: Date,
) {
  const body = writeSignature(text.signature) + text.body;
  await tx
    .insertInto("messages")
    .values({
      id,
      village_id: text.villageId,
      channel_id: channelId,
      broadcast_id: null,
      suggestion_id: text.suggestionId,
      household_id: text.householdId,
      lane: text.lane ?? LANE.personal,
      purpose: text.purpose,
      phone_hash: text.phone.hash,
      phone: text.phone.sealed,
      body,
      segments: countSegments(body).segments,
      once_key: null,
      reason: null,
      claim_id: null,
      called_at: null,
      carrier_message_id: null,
      accepted_at: null,
      sealed: text.sealed,
      created_at: now,
      state_at: now,
    })
    .execute();
}
