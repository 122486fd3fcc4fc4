import type { InboundId } from "../lib/ids.ts";
import type { SystemWork } from "../queue/work.ts";
import { findByPhone } from "../roster/roster.queries.ts";
import { openQuestions } from "../suggestion/question.queries.ts";
import { getVillage } from "../village/village.queries.ts";
import { changeConsent } from "./change-consent.ts";
import { gatherKnown } from "./gather-known.ts";
import { type Consequence, type Hearing, NOTHING, type Sender } from "./hearing.ts";
import { noticeAnswered, replayStrangersTexts } from "./home.queries.ts";
import { lastTextedBy, recordUnderstanding, type StoredText, takeInbound } from "./inbound.queries.ts";
import { joinOrOpen } from "./join-or-open.ts";
import { openSealed } from "./open-sealed.ts";
import { promptSender } from "./prompt-sender.ts";
import { raiseAlarm } from "./raise-alarm.ts";
import { replyToQuery } from "./reply-to-query.ts";
import { understandText } from "./rules.ts";
import { takeVote } from "./take-vote.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Finds out what a stored text means and does what follows, in one commit: the verdict and its consequences stand or
 * fall together, so a text is acted on once however often this runs. False if it was understood already.
 */
export async function understandInbound(work: SystemWork, id: InboundId): Promise<boolean> {
  const text = await takeInbound(work.tx, id);
  if (!text) return false;
  const sender = await placeSender(work, text);
  const village = sender && (await getVillage(work.tx, sender.villageId));
  const questions = await openQuestions(work.tx, text.fromHash, text.receivedAt);
  const known = await gatherKnown(work.tx, village, questions);
  const { rule, verdict } = text.movedFrom ? MOVED : understandText(text.body, known);
  const about =
    village &&
    (await noticeAnswered(work.tx, {
      villageId: village.id,
      phoneHash: text.fromHash,
      channelId: text.channelId,
      at: text.receivedAt,
    }));
  const found = sender && village ? await follow(work, { text, sender, village, questions, about }, verdict) : NOTHING;
  await recordUnderstanding(
    work.tx,
    id,
    {
      meaning: verdict.meaning,
      rule: found.rule ?? rule,
      why: found.why ?? verdict.why,
      villageId: sender?.villageId ?? text.channelVillageId,
      householdId: sender?.householdId ?? null,
      villagerId: sender?.villagerId ?? null,
      registered: sender !== null,
      detail: found.detail,
      suggestionId: found.suggestionId,
      // A verdict on a case answers the case, and so does what is added to one.
      aboutBroadcastId: verdict.meaning === "rating" || found.aboutBroadcastId === null ? null : about,
      ...(found.sealed === undefined ? {} : { sealed: found.sealed }),
    },
    work.now,
  );
  if (sender && text.replayAt && !text.movedFrom) {
    await replayStrangersTexts(work.tx, text.fromHash, sender.villageId, text.replayAt);
  }
  return true;
}

/** A case that staff moved is a suggestion here as it was there, whatever else its words could mean. */
const MOVED = { rule: "moved_here", verdict: { meaning: "suggestion", why: "别的村转来的" } } as const;

/**
 * Whose text it is. A person's decision counts first. A phone that several villages know belongs, for this text, to the village whose number it was sent
 * to, else to the one that texted it last. A phone that nobody knows is kept for a person's decision.
 */
async function placeSender(work: SystemWork, text: StoredText): Promise<Sender | null> {
  const known = await findByPhone(work.tx, text.fromHash);
  const villages = [...new Set(known.map((one) => one.villageId))];
  const first = villages[0];
  if (!first) return null;
  const villageId =
    villages.length === 1
      ? first
      : (villages.find((one) => one === text.placedVillageId) ??
        villages.find((one) => one === text.channelVillageId) ??
        (await lastTextedBy(work.tx, text.fromHash, villages)) ??
        first);
  return known.find((one) => one.villageId === villageId) ?? null;
}

async function follow(work: SystemWork, hearing: Hearing, verdict: Verdict): Promise<Consequence> {
  switch (verdict.meaning) {
    case "opt_out":
    case "opt_in":
      return await changeConsent(work, hearing, verdict);
    case "rating":
    case "poll":
      return await takeVote(work, hearing, verdict);
    case "status_query":
    case "help_query":
    case "contact_query":
    case "policy_query":
      return await replyToQuery(work, hearing, verdict);
    case "emergency":
      return await raiseAlarm(work, hearing, verdict);
    case "sealed":
      return await openSealed(work, hearing, verdict);
    case "courtesy":
    case "auto_reply":
    case "wrong_number":
    case "noise":
      return await promptSender(work, hearing, verdict);
    case "suggestion":
      return await joinOrOpen(work, hearing);
  }
}
