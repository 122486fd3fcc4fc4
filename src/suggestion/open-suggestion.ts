import { audit } from "../db/audit.queries.ts";
import { sayDate } from "../lib/china-time.ts";
import type { ActorId, BroadcastId, ChannelId, HouseholdId, InboundId, SuggestionId, VillagerId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { endOfSpan } from "../lib/spans.ts";
import { shorten } from "../lib/text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { insertSuggestion } from "./change-suggestion.queries.ts";
import { chooseHandler, sayNamed } from "./choose-handler.ts";
import { classify } from "./classify.ts";
import { readLexicon } from "./lexicon.queries.ts";
import { nextNumber } from "./suggestion.queries.ts";
import { HEARD_WORDS, type Heard, type Nature } from "./suggestion.ts";
import { tellOwner } from "./tell-owner.ts";
import { sayOwner, tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

export type VillagerText = {
  text: string;
  /** Where it is known already. */
  nature?: Nature | undefined;
  /** Null for somebody who has none: he is told in person. */
  phone: { hash: Buffer; sealed: Buffer } | null;
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
} & ({ inboundId: InboundId } | { heard: Heard; heardBy: ActorId });

/** A text becomes a case: a number, somebody who owes the answer, a date, and a plain receipt with all three. */
export async function openSuggestion(work: SystemWork, village: Village, said: VillagerText): Promise<SuggestionId> {
  const { tx, now } = work;
  const id = newId<SuggestionId>(now.getTime());
  const number = await nextNumber(tx, village.id, false);
  const { owner, named } = await chooseHandler(tx, village, said.text);
  const climbs = owner === null && named.length > 0;
  const since = said.since ?? now;
  const dueAt = reckonDue(village, since, now);
  const classes = classify(said.text, await readLexicon(tx, village.id));
  await insertSuggestion(
    tx,
    {
      id,
      villageId: village.id,
      number,
      text: said.text,
      classes: said.nature ? { ...classes, nature: said.nature, natureBy: [] } : classes,
      householdId: said.householdId,
      villagerId: said.villagerId,
      phone: said.phone,
      channelId: said.channelId,
      ownerId: owner?.id ?? null,
      dueAt,
      escalatedAt: climbs ? now : null,
      heard: "heard" in said ? said.heard : null,
      about: said.about ?? null,
      relatedTo: said.relatedTo ?? null,
      splitFrom: said.splitFrom ?? null,
      movedFrom: said.movedFrom ?? null,
    },
    since,
  );
  const event = { suggestionId: id, villageId: village.id, actorId: null };
  const came = "heard" in said ? {} : { inboundId: said.inboundId };
  await addEvent(tx, { ...event, voice: "villager", kind: "opened", text: said.text, ...came }, since);
  if ("heard" in said) {
    const how = { actorId: said.heardBy, voice: "staff", kind: "heard", text: HEARD_WORDS[said.heard] } as const;
    await addEvent(tx, { ...event, ...how }, now);
  }
  if (said.movedFrom) await addEvent(tx, { ...event, voice: "service", kind: "moved_here" }, now);
  if (named.length > 0) {
    const instead = owner === null ? "村里没有别人可办，已上报乡镇" : `交给${owner.name}${owner.post ?? ""}`;
    const text = `${sayNamed(named)}，${instead}`;
    await addEvent(tx, { ...event, voice: "service", kind: "named", text }, now);
    if (climbs) await addEvent(tx, { ...event, voice: "service", kind: "escalated" }, now);
  }

  const kind = said.receipt === undefined ? "receipt" : said.receipt;
  if (kind !== null) {
    const promise = {
      number: String(number),
      owner: climbs ? "乡镇" : sayOwner(owner),
      due: sayDate(new Date(dueAt.getTime() - 1), now),
    };
    const receipt = writeReceipt(kind, village, said, promise);
    const to = { id, phone: said.phone?.sealed ?? null, phoneHash: said.phone?.hash ?? null, sealed: false };
    const messageId = await tellVillager(work, village, { ...to, householdId: said.householdId }, "receipt", receipt);
    if (messageId) await addEvent(tx, { ...event, voice: "service", kind: "receipt", text: receipt, messageId }, now);
  }
  await tellOwner(work, village, id, "opened");
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
