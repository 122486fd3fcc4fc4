import { audit } from "../db/audit.queries.ts";
import type { HouseholdId, InboundId, VillageId, VillagerId } from "../lib/ids.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { optIn, optOut } from "../roster/opt-out.queries.ts";
import { findByPhone } from "../roster/roster.queries.ts";
import { openSuggestion } from "../suggestion/open-suggestion.ts";
import { openQuestions } from "../suggestion/question.queries.ts";
import { rateSuggestion } from "../suggestion/rate-suggestion.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import {
  lastTextedBy,
  recordUnderstanding,
  type StoredText,
  takeInbound,
  type Understanding,
} from "./inbound.queries.ts";
import { understandText, type Verdict } from "./rules.ts";

/**
 * Finds out what a stored text means and does what follows, in one commit: the verdict and its consequences stand or
 * fall together, so a text is acted on once however often this runs. False if it was understood already.
 */
export async function understandInbound(work: SystemWork, id: InboundId): Promise<boolean> {
  const text = await takeInbound(work.tx, id);
  if (!text) return false;
  const sender = await placeSender(work, text);
  const questions = await openQuestions(work.tx, text.fromHash, text.receivedAt);
  const { rule, verdict } = understandText(text.body, { questions });
  const found = sender ? await act(work, text, sender, verdict, questions) : { detail: null, suggestionId: null };
  await recordUnderstanding(
    work.tx,
    id,
    {
      meaning: verdict.meaning,
      rule,
      why: verdict.why,
      villageId: sender?.villageId ?? text.channelVillageId,
      householdId: sender?.householdId ?? null,
      villagerId: sender?.villagerId ?? null,
      registered: sender !== null,
      ...found,
    },
    work.now,
  );
  return true;
}

type Sender = { villageId: VillageId; householdId: HouseholdId | null; villagerId: VillagerId | null };

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

type Consequence = Pick<Understanding, "detail" | "suggestionId">;

async function act(
  work: SystemWork,
  text: StoredText,
  sender: Sender,
  verdict: Verdict,
  questions: Awaited<ReturnType<typeof openQuestions>>,
): Promise<Consequence> {
  const village = await getVillage(work.tx, sender.villageId);
  switch (verdict.meaning) {
    case "opt_out": {
      const fresh = await optOut(
        work.tx,
        { villageId: village.id, phoneHash: text.fromHash, inboundId: text.id },
        work.now,
      );
      if (fresh) await confirm(work, village, text, sender, "opt-out-confirmed");
      return NOTHING;
    }
    case "opt_in": {
      const ended = await optIn(work.tx, village.id, text.fromHash, work.now);
      if (ended) await confirm(work, village, text, sender, "opt-in-confirmed");
      return NOTHING;
    }
    case "rating": {
      const question = questions[verdict.question];
      const suggestionId = question?.suggestionId ?? null;
      if (!question || !suggestionId) return NOTHING;
      const asking = question.villageId === village.id ? village : await getVillage(work.tx, question.villageId);
      await rateSuggestion(work, asking, suggestionId, { rating: verdict.rating, text: text.body, inboundId: text.id });
      return { detail: { rating: verdict.rating }, suggestionId };
    }
    case "courtesy":
    case "noise":
      return NOTHING;
    case "suggestion": {
      const suggestionId = await openSuggestion(work, village, {
        inboundId: text.id,
        text: text.body,
        phone: { hash: text.fromHash, sealed: text.fromPhone },
        householdId: sender.householdId,
        villagerId: sender.villagerId,
        channelId: text.channelId,
      });
      return { detail: null, suggestionId };
    }
  }
}

const NOTHING: Consequence = { detail: null, suggestionId: null };

/** Once, in one sentence: the text is queued only when the word changed something. */
async function confirm(
  work: SystemWork,
  village: Village,
  text: StoredText,
  sender: Sender,
  template: "opt-out-confirmed" | "opt-in-confirmed",
): Promise<void> {
  await queueText(work, {
    villageId: village.id,
    signature: village.signature,
    phone: { hash: text.fromHash, sealed: text.fromPhone },
    householdId: sender.householdId,
    suggestionId: null,
    purpose: template === "opt-out-confirmed" ? "opt_out" : "opt_in",
    body: renderSms(template, {}),
    sealed: false,
  });
  await audit(work, {
    chain: village.id,
    action: template === "opt-out-confirmed" ? "roster.opt_out" : "roster.opt_in",
    subject: "inbound",
    subjectId: text.id,
  });
}
