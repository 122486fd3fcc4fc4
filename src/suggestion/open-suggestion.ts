import { audit } from "../db/audit.queries.ts";
import { sayDate } from "../lib/china-time.ts";
import type { ChannelId, HouseholdId, InboundId, SuggestionId, VillagerId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { endOfSpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { chooseOwner, insertSuggestion, nextNumber } from "./suggestion.queries.ts";
import type { Nature } from "./suggestion.ts";
import { sayOwner, tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

export type VillagerText = {
  inboundId: InboundId;
  text: string;
  /** Where it is known already. */
  nature?: Nature | undefined;
  phone: { hash: Buffer; sealed: Buffer };
  householdId: HouseholdId | null;
  villagerId: VillagerId | null;
  channelId: ChannelId | null;
};

/** A text becomes a case: a number, somebody who owes the answer, a date, and a plain receipt with all three. */
export async function openSuggestion(work: SystemWork, village: Village, said: VillagerText): Promise<SuggestionId> {
  const { tx, now } = work;
  const id = newId<SuggestionId>(now.getTime());
  const number = await nextNumber(tx, village.id, false);
  const owner = await chooseOwner(tx, village.id);
  const dueAt = endOfSpan(village.promises.result, now, village.calendar);
  await insertSuggestion(
    tx,
    {
      id,
      villageId: village.id,
      number,
      text: said.text,
      nature: said.nature ?? "suggestion",
      householdId: said.householdId,
      villagerId: said.villagerId,
      phone: said.phone,
      channelId: said.channelId,
      ownerId: owner?.id ?? null,
      dueAt,
    },
    now,
  );
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  await addEvent(tx, { ...event, voice: "villager", kind: "opened", text: said.text, inboundId: said.inboundId }, now);

  const receipt = renderSms("receipt", {
    number: String(number),
    owner: sayOwner(owner),
    due: sayDate(new Date(dueAt.getTime() - 1), now),
  });
  const messageId = await tellVillager(
    work,
    village,
    { id, phone: said.phone.sealed, phoneHash: said.phone.hash, householdId: said.householdId, sealed: false },
    "receipt",
    receipt,
  );
  await addEvent(
    tx,
    { ...event, voice: "service", kind: "receipt", text: receipt, ...(messageId ? { messageId } : {}) },
    now,
  );
  await audit(work, { chain: village.id, action: "suggestion.open", subject: "suggestion", subjectId: id });
  return id;
}
