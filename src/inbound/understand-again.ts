import type { Db } from "../db/connect.ts";
import type { InboundId } from "../lib/ids.ts";
import type { Village } from "../village/village.queries.ts";
import { gatherKnown } from "./gather-known.ts";
import { listUnderstood, questionsThen } from "./known.queries.ts";
import { understandText } from "./rules.ts";

/** How many texts were read, and how many today's rules would read otherwise: "suggestion → policy_query" and how often. */
export type Rereading = { read: number; otherwise: Map<string, number> };

const PAGE = 500;

/**
 * Reads a village's stored texts by today's rules and changes nothing. What was asked of the phone then is taken as it
 * stood; names and columns are today's, because their past is not kept.
 */
export async function understandAgain(db: Db, village: Village): Promise<Rereading> {
  const otherwise = new Map<string, number>();
  const ofVillage = await gatherKnown(db, village, [], { machine: false });
  let read = 0;
  let after: InboundId | null = null;
  for (;;) {
    const texts = await listUnderstood(db, village.id, after, PAGE);
    for (const text of texts) {
      const questions = await questionsThen(db, text);
      const { verdict } = understandText(text.body, {
        ...ofVillage,
        sender: text.machine ? "machine" : "person",
        questions,
      });
      read++;
      const change = `${text.meaning} → ${verdict.meaning}`;
      if (verdict.meaning !== text.meaning) otherwise.set(change, (otherwise.get(change) ?? 0) + 1);
    }
    after = texts.at(-1)?.id ?? null;
    if (texts.length < PAGE) return { read, otherwise };
  }
}
