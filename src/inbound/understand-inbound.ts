import type { AlarmId, InboundId } from "../lib/ids.ts";
import type { SystemWork } from "../queue/work.ts";
import { findByPhone } from "../roster/roster.queries.ts";
import { confirmByText } from "../suggestion/confirm-alarm.ts";
import { openQuestions } from "../suggestion/question.queries.ts";
import { findSealedTalk } from "../suggestion/sealed.queries.ts";
import { getVillage } from "../village/village.queries.ts";
import { changeConsent } from "./change-consent.ts";
import { gatherKnown } from "./gather-known.ts";
import { hearStaff } from "./hear-staff.ts";
import { type Consequence, type Hearing, NOTHING, type Sender } from "./hearing.ts";
import { noticeAnswered, replayStrangersTexts } from "./home.queries.ts";
import { lastTextedBy, recordUnderstanding, type StoredText, takeInbound } from "./inbound.queries.ts";
import { joinOrOpen } from "./join-or-open.ts";
import type { Meaning } from "./meaning.ts";
import { continueSealed, openSealed } from "./open-sealed.ts";
import { promptSender } from "./prompt-sender.ts";
import { raiseAlarm } from "./raise-alarm.ts";
import { replyToQuery } from "./reply-to-query.ts";
import { understandText } from "./rules.ts";
import { takeVote } from "./take-vote.ts";
import type { Verdict } from "./verdict.ts";

/** What was done, for the log. */
export type Understood = { meaning: Meaning; alarmId: AlarmId | null };

/**
 * Finds out what a stored text means and does what follows, in one commit: the verdict and its consequences stand or
 * fall together, so a text is acted on once however often this runs. Null if it was understood already.
 */
export async function understandInbound(work: SystemWork, id: InboundId): Promise<Understood | null> {
  const text = await takeInbound(work.tx, id);
  if (!text) return null;
  const placed = await placeSender(work, text);
  const village = placed && (await getVillage(work.tx, placed.villageId));
  const questions = await openQuestions(work.tx, text.fromHash, text.receivedAt);
  const known = await gatherKnown(work.tx, village, questions, text);
  const { rule, verdict } = text.movedFrom ? MOVED : understandText(text.body, known);
  if (text.replayAt === null) {
    if (await takeConfirmation(work, text, verdict)) return { meaning: "courtesy", alarmId: null };
    const byStaff = await hearStaff(work, text, questions, verdict.meaning);
    if (byStaff) {
      await recordUnderstanding(work.tx, id, byStaff, work.now);
      return { meaning: byStaff.meaning, alarmId: null };
    }
  }
  const sender = placed ?? strangerInNeed(text, verdict);
  const about = sender && (await findNotice(work, text, sender));
  const found = sender ? await followFrom(work, text, { sender, about, questions }, verdict) : NOTHING;
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
      registered: placed !== null,
      detail: found.detail,
      suggestionId: found.suggestionId,
      // A verdict on a case answers the case, and so does what is added to one.
      aboutBroadcastId: verdict.meaning === "rating" || found.aboutBroadcastId === null ? null : about,
      sealed: found.sealed ?? verdict.meaning === "sealed",
    },
    work.now,
  );
  if (sender && text.replayAt && !text.movedFrom) {
    await replayStrangersTexts(work.tx, text.fromHash, sender.villageId, text.replayAt);
  }
  return { meaning: verdict.meaning, alarmId: found.alarmId ?? null };
}

/** A case that staff moved is a suggestion here as it was there, whatever else its words could mean. */
const MOVED = { rule: "moved_here", verdict: { meaning: "suggestion", why: "别的村转来的" } } as const;

const findNotice = (work: SystemWork, { fromHash, channelId, receivedAt }: StoredText, { villageId }: Sender) =>
  noticeAnswered(work.tx, { villageId, phoneHash: fromHash, channelId, at: receivedAt });

/** A colleague who was called to an alarm says, in whatever words, that he goes; his own cry or secret stays his. */
async function takeConfirmation(work: SystemWork, text: StoredText, verdict: Verdict): Promise<boolean> {
  if (verdict.meaning === "emergency" || verdict.meaning === "sealed") return false;
  const confirmed = await confirmByText(work, text.fromHash);
  if (!confirmed) return false;
  const { villageId, suggestionId } = confirmed;
  const by = { meaning: "courtesy", rule: "alarm_confirmation", why: "被叫到的工作人员回了话，算他去处理" } as const;
  const nobody = { householdId: null, villagerId: null, detail: null, aboutBroadcastId: null };
  const understood = { ...by, ...nobody, villageId, suggestionId, registered: true, sealed: false };
  await recordUnderstanding(work.tx, text.id, understood, work.now);
  return true;
}

/** A phone that nobody knows, on a number that is one village's alone: danger and accusations don't wait for a roster. */
const strangerInNeed = ({ channelVillageId }: StoredText, { meaning }: Verdict): Sender | null =>
  channelVillageId && (meaning === "emergency" || meaning === "sealed")
    ? { villageId: channelVillageId, householdId: null, villagerId: null }
    : null;

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

/** What a phone says under seal stays there, but for its word on a notice and a cry for help. */
async function followFrom(
  work: SystemWork,
  text: StoredText,
  heard: Pick<Hearing, "sender" | "about" | "questions">,
  verdict: Verdict,
): Promise<Consequence> {
  const village = await getVillage(work.tx, heard.sender.villageId);
  const talk = await findSealedTalk(work.tx, village.id, text.fromHash);
  const sealed = talk?.latest === true && !OPEN_WORD.includes(verdict.meaning);
  const hearing = { ...heard, text, village, talk, sealed };
  if (verdict.meaning === "suggestion" && !text.movedFrom)
    return (await continueSealed(work, hearing)) ?? (await joinOrOpen(work, hearing));
  const found = await follow(work, hearing, verdict);
  return sealed ? { ...found, sealed } : found;
}
const OPEN_WORD: readonly Meaning[] = ["opt_out", "opt_in", "rating", "poll", "emergency"];

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
      // What a stranger cried days ago is read when somebody knows whose phone it is: a case, and no alarm any more.
      return hearing.text.replayAt === null
        ? await raiseAlarm(work, hearing, verdict)
        : await joinOrOpen(work, hearing, "help");
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
