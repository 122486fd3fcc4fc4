import type { AlarmId, InboundId } from "../lib/ids.ts";
import type { SystemWork } from "../queue/work.ts";
import { findByPhone } from "../roster/roster.queries.ts";
import { confirmByText } from "../suggestion/confirm-alarm.ts";
import { type OpenQuestion, openQuestions } from "../suggestion/question.queries.ts";
import { findSealedTalk } from "../suggestion/sealed.queries.ts";
import { getVillage } from "../village/village.queries.ts";
import { changeConsent } from "./change-consent.ts";
import { gatherKnown } from "./gather-known.ts";
import { hearStaff } from "./hear-staff.ts";
import { type Consequence, type Hearing, NOTHING, type Sender } from "./hearing.ts";
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
  const { rule, verdict } = understandText(text.body, known);
  if (await takeConfirmation(work, text, verdict)) return { meaning: "courtesy", alarmId: null };
  const byStaff = await hearStaff(work, text, questions, verdict.meaning);
  if (byStaff) {
    await recordUnderstanding(work.tx, id, byStaff, work.now);
    return { meaning: byStaff.meaning, alarmId: null };
  }
  const sender = placed ?? strangerInNeed(text, verdict);
  const found = sender ? await followFrom(work, text, sender, questions, verdict) : NOTHING;
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
      sealed: found.sealed ?? verdict.meaning === "sealed",
    },
    work.now,
  );
  return { meaning: verdict.meaning, alarmId: found.alarmId ?? null };
}

/** A colleague who was called to an alarm says, in whatever words, that he goes; his own cry or secret stays his. */
async function takeConfirmation(work: SystemWork, text: StoredText, verdict: Verdict): Promise<boolean> {
  if (verdict.meaning === "emergency" || verdict.meaning === "sealed") return false;
  const confirmed = await confirmByText(work, text.fromHash);
  if (!confirmed) return false;
  const { villageId, suggestionId } = confirmed;
  const by = { meaning: "courtesy", rule: "alarm_confirmation", why: "被叫到的工作人员回了话，算他去处理" } as const;
  const nobody = { householdId: null, villagerId: null, detail: null };
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
 * Whose text it is. A phone that several villages know belongs, for this text, to the village whose number it was sent
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
      : (villages.find((one) => one === text.channelVillageId) ??
        (await lastTextedBy(work.tx, text.fromHash, villages)) ??
        first);
  return known.find((one) => one.villageId === villageId) ?? null;
}

/** What a phone says under seal stays there, but for its word on a notice and a cry for help. */
async function followFrom(
  work: SystemWork,
  text: StoredText,
  sender: Sender,
  questions: readonly OpenQuestion[],
  verdict: Verdict,
): Promise<Consequence> {
  const village = await getVillage(work.tx, sender.villageId);
  const talk = await findSealedTalk(work.tx, village.id, text.fromHash);
  const sealed = talk?.latest === true && !OPEN_WORD.includes(verdict.meaning);
  const hearing = { text, sender, village, questions, talk, sealed };
  if (verdict.meaning === "suggestion")
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
