import { may } from "../lib/roles.ts";
import { shorten } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { listFollowers, openTexts } from "./merge.queries.ts";
import { otherVillages, partsMade, readRelations, readSaid } from "./relations.queries.ts";
import { countDoors, findSimilar } from "./similar.ts";
import { splitTopics } from "./split-topics.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen, SUGGESTION_STATE_WORDS } from "./suggestion.ts";

const MOST_SHOWN = 12;

/**
 * What one case has to do with others, and what may be done about it: the notice it answers, the cases it follows or
 * leads, those that look like it, the things it speaks of, the villages it could belong to.
 */
export async function describeRelations(work: Work, suggestion: Suggestion) {
  const { tx, actor } = work;
  const movable = isOpen(suggestion.state) && !suggestion.sealed;
  const can = (action: Parameters<typeof may>[1]) => movable && may(actor.role, action);
  const relations = await readRelations(tx, suggestion.id);
  const followers = await listFollowers(tx, suggestion.id);
  const similar = can("suggestion.merge") ? await likeThis(work, suggestion) : [];
  const villages = can("suggestion.move") ? await otherVillages(tx, suggestion) : [];
  return {
    ...relations,
    about: relations.about && { id: relations.about.id, words: shorten(relations.about.body, 40) },
    mergedInto: relations.mergedInto && {
      ...relations.mergedInto,
      state: SUGGESTION_STATE_WORDS[relations.mergedInto.state],
    },
    followers: followers.map((one) => ({
      id: one.id,
      number: one.number,
      who: one.villager ?? "一位村民",
      words: shorten(one.text, 40),
    })),
    similar: similar.slice(0, MOST_SHOWN).map((one) => ({
      id: one.id,
      number: one.number,
      who: one.villager ?? "一位村民",
      words: shorten(one.text, 60),
      at: one.openedAt,
    })),
    doors: countDoors(similar, suggestion.householdId),
    parts: can("suggestion.split") ? await listParts(work, suggestion) : [],
    villages,
    can: { merge: can("suggestion.merge"), split: can("suggestion.split") && suggestion.phone !== null },
  };
}

async function likeThis({ tx }: Work, suggestion: Suggestion) {
  const others = (await openTexts(tx, suggestion.villageId)).filter((one) => one.id !== suggestion.id);
  return findSimilar(suggestion.text, suggestion.category, others);
}

/** The things a text speaks of besides its first one, without those that were made cases already. */
async function listParts({ tx }: Work, suggestion: Suggestion): Promise<string[]> {
  const made = await partsMade(tx, suggestion.id);
  const parts = (await readSaid(tx, suggestion.id)).flatMap((one) => splitTopics(one.text).slice(1));
  return parts.filter((part) => !made.has(part));
}
