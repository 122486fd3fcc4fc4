import type { SuggestionId } from "../lib/ids.ts";
import { mayReply } from "../message/may-reply.ts";
import type { SystemWork } from "../queue/work.ts";
import { addToSuggestion } from "../suggestion/add-to-suggestion.ts";
import { hearAnswer } from "../suggestion/ask-villager.ts";
import { countSharing } from "../suggestion/count-sharing.ts";
import { openSuggestion } from "../suggestion/open-suggestion.ts";
import type { Nature } from "../suggestion/suggestion.ts";
import { getVillage } from "../village/village.queries.ts";
import { findHome, type Home } from "./find-home.ts";
import { type Consequence, type Hearing, phoneOf } from "./hearing.ts";
import { countReceipts, movedHere, nearCases } from "./home.queries.ts";

/**
 * A suggestion: an addition to a case of this phone that is still open, or a new case. `nature` where it is known from
 * elsewhere than the words: a policy that nobody has written down is a question.
 */
export async function joinOrOpen(work: SystemWork, hearing: Hearing, nature?: Nature): Promise<Consequence> {
  const { text, sender, village, questions } = hearing;
  if (text.movedFrom) return await takeOver(work, hearing, text.movedFrom);
  const asked = questions.find((one) => one.kind === "info");
  if (asked?.suggestionId) {
    const asking = asked.villageId === village.id ? village : await getVillage(work.tx, asked.villageId);
    const said = { inboundId: text.id, text: text.body };
    if (await hearAnswer(work, asking, asked.suggestionId, said)) {
      return { detail: null, suggestionId: asked.suggestionId, rule: "open_info", why: "村里问过他，这是他的回答" };
    }
  }
  const whose = { villageId: village.id, phoneHash: text.fromHash, householdId: sender.householdId };
  const home = findHome(text.body, await nearCases(work.tx, whose, text.receivedAt), text.receivedAt);
  if (home.kind === "new") return await open(work, hearing, home, nature);
  const { to, kind, why } = home;
  const joined = {
    detail: { joined: kind },
    suggestionId: to.id,
    rule: `joined_${kind}`,
    why,
    sealed: to.sealed,
    aboutBroadcastId: null,
  };
  if (kind === "repeat") return joined;
  // Within a burst the receipt of its first text stands for all of them.
  const reply = kind !== "burst" && text.replayAt === null && (await mayReply(work, text.fromHash, "receipt"));
  await addToSuggestion(work, village, to.id, { inboundId: text.id, text: text.body, reply });
  return joined;
}

async function open(
  work: SystemWork,
  hearing: Hearing,
  home: Extract<Home, { kind: "new" }>,
  nature: Nature | undefined,
): Promise<Consequence> {
  const { text, village } = hearing;
  const sharing = await countSharing(work.tx, village.id, { text: text.body, householdId: hearing.sender.householdId });
  const suggestionId = await openSuggestion(work, village, {
    ...said(hearing),
    nature,
    relatedTo: home.relatedTo,
    receipt: (await mayReceive(work, hearing)) ? "receipt" : null,
    households: sharing,
  });
  return { detail: null, suggestionId, ...(home.why ? { why: `按意见建议登记，${home.why}` } : {}) };
}

/** Within the limits of our own texts. Old texts that are understood anew open their cases, and are answered with one receipt for all. */
const mayReceive = async (work: SystemWork, { text }: Hearing): Promise<boolean> =>
  (await mayReply(work, text.fromHash, "receipt")) &&
  (text.replayAt === null || (await countReceipts(work.tx, text.fromHash, text.replayAt)) === 0);

/** A case that a person moved here from another village: its first text opens it anew, the others follow. */
async function takeOver(work: SystemWork, hearing: Hearing, movedFrom: SuggestionId): Promise<Consequence> {
  const { text, village } = hearing;
  const rule = "moved_here";
  const why = "别的村转来的，归本村答复";
  const here = await movedHere(work.tx, movedFrom);
  if (here) {
    await addToSuggestion(work, village, here, { inboundId: text.id, text: text.body, reply: false });
    return { detail: null, suggestionId: here, rule, why };
  }
  const suggestionId = await openSuggestion(work, village, { ...said(hearing), movedFrom, receipt: "moved" });
  return { detail: null, suggestionId, rule, why };
}

const said = (hearing: Hearing) => ({
  inboundId: hearing.text.id,
  text: hearing.text.body,
  phone: phoneOf(hearing),
  householdId: hearing.sender.householdId,
  villagerId: hearing.sender.villagerId,
  channelId: hearing.text.channelId,
  about: hearing.about,
  since: hearing.text.replayAt === null ? null : hearing.text.receivedAt,
});
