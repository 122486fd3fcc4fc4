import { may } from "../../lib/roles.ts";
import type { Work } from "../../queue/work.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { hasOverseer, NO_OVERSEER } from "./overseers.queries.ts";
import { KEY_WORDS, keysOf, missingKeys, waitsForCountersignature } from "./signatures.ts";

/** Who has signed a notice, whose signature it waits for, and what the reader himself may do about it. */
export async function describeSigning({ tx, actor, now }: Work, broadcast: Broadcast) {
  const { role, id } = actor;
  const missing = missingKeys(broadcast);
  const waits = broadcast.state === "awaiting_approval";
  const own = broadcast.draftedBy === id;
  const overseer = missing.includes("overseer") ? await hasOverseer(tx, broadcast.villageId) : true;
  const mine = own || !waits ? null : (keysOf(role, overseer).find((key) => missing.includes(key)) ?? null);
  const after = waitsForCountersignature(broadcast);
  const { sendAt } = broadcast;
  return {
    missing: missing.map((key) => KEY_WORDS[key]),
    signed: [
      ...(broadcast.approver ? [{ what: "批准", who: broadcast.approver, at: broadcast.approvedAt }] : []),
      ...(broadcast.overseer ? [{ what: "村监会签字", who: broadcast.overseer, at: broadcast.overseenAt }] : []),
    ],
    /** The key that the reader may turn now, and whether it is the last. */
    mine,
    last: missing.length === 1,
    inPlace: mine === "overseer" && role !== "overseer",
    remedy: overseer ? null : NO_OVERSEER,
    own: own && waits,
    version: broadcast.version,
    /** Nobody signed before its time came. */
    tooLate: waits && sendAt !== null && sendAt <= now,
    after: after ? { mine: may(role, "broadcast.countersign") && !own, reason: broadcast.urgentReason } : null,
    withdraw: own && waits && may(role, "broadcast.draft"),
    comment: may(role, "broadcast.comment"),
  };
}

/** Of a notice that waits for a village's overseer where there is none: what to do, for programs as for people. */
export async function sayNoOverseer({ tx }: Work, broadcast: Broadcast): Promise<string | null> {
  if (!missingKeys(broadcast).includes("overseer")) return null;
  return (await hasOverseer(tx, broadcast.villageId)) ? null : NO_OVERSEER;
}
