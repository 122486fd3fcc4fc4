import { audit } from "../db/audit.queries.ts";
import { sayDate } from "../lib/china-time.ts";
import type { BroadcastId, ChannelId, HouseholdId, InboundId, SuggestionId, VillagerId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { endOfSpan } from "../lib/spans.ts";
import { shorten } from "../lib/text.ts";
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
  /** When it was said, where that is not now: a text understood again, a part of one. */
  since?: Date | null;
  /** The notice it answers. */
  about?: BroadcastId | null;
  /** An earlier case it may belong to, the one it is a part of, the one of another village that it was. */
  relatedTo?: SuggestionId | null;
  splitFrom?: SuggestionId | null;
  movedFrom?: SuggestionId | null;
  /** Doors that speak of the same thing, if several. */
  households?: number | null;
  /** What he is told: number, who, by when. Null: another receipt stands for this one. */
  receipt?: "receipt" | "split" | "moved" | null;
};

/** A text becomes a case: a number, somebody who owes the answer, a date, and a plain receipt with all three. */
export async function openSuggestion(work: SystemWork, village: Village, said: VillagerText): Promise<SuggestionId> {
  const { tx, now } = work;
  const id = newId<SuggestionId>(now.getTime());
  const number = await nextNumber(tx, village.id, false);
  const owner = await chooseOwner(tx, village.id);
  const since = said.since ?? now;
  const dueAt = reckonDue(village, since, now);
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
      about: said.about ?? null,
      relatedTo: said.relatedTo ?? null,
      splitFrom: said.splitFrom ?? null,
      movedFrom: said.movedFrom ?? null,
    },
    since,
  );
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  const first = { ...event, voice: "villager", kind: "opened", text: said.text, inboundId: said.inboundId } as const;
  await addEvent(tx, first, since);
  if (said.movedFrom) await addEvent(tx, { ...event, voice: "service", kind: "moved_here" }, now);

  const kind = said.receipt === undefined ? "receipt" : said.receipt;
  if (kind !== null) {
    const promise = {
      number: String(number),
      owner: sayOwner(owner),
      due: sayDate(new Date(dueAt.getTime() - 1), now),
    };
    const receipt = writeReceipt(kind, village, said, promise);
    const messageId = await tellVillager(
      work,
      village,
      { id, phone: said.phone.sealed, phoneHash: said.phone.hash, householdId: said.householdId, sealed: false },
      "receipt",
      receipt,
    );
    const told = { ...event, voice: "service", kind: "receipt", text: receipt } as const;
    await addEvent(tx, { ...told, ...(messageId ? { messageId } : {}) }, now);
  }
  await audit(work, { chain: village.id, action: "suggestion.open", subject: "suggestion", subjectId: id });
  return id;
}

/** Reckoned from when it was said; where that day has passed already (old texts understood anew), from today. */
function reckonDue(village: Village, since: Date, now: Date): Date {
  const due = endOfSpan(village.promises.result, since, village.calendar);
  return due > now ? due : endOfSpan(village.promises.result, now, village.calendar);
}

function writeReceipt(
  kind: "receipt" | "split" | "moved",
  village: Village,
  said: VillagerText,
  promise: { number: string; owner: string; due: string },
): string {
  switch (kind) {
    case "split":
      return renderSms("split", { ...promise, part: shorten(said.text, 12) });
    case "moved":
      return renderSms("moved-village", { ...promise, village: village.name });
    case "receipt":
      return said.households
        ? renderSms("receipt-shared", { ...promise, households: String(said.households) })
        : renderSms("receipt", promise);
  }
}
