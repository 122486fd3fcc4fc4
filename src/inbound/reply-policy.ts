import { after, DAY } from "../lib/clock.ts";
import { fold } from "../lib/fold.ts";
import type { MessageId } from "../lib/ids.ts";
import { renderSms } from "../message/templates.ts";
import { findPolicy } from "../policy/find-policy.ts";
import { listActivePolicies } from "../policy/policy.queries.ts";
import type { Policy } from "../policy/policy.ts";
import { sayChoices, sayPolicy } from "../policy/say-policy.ts";
import type { SystemWork } from "../queue/work.ts";
import { askQuestion } from "../suggestion/question.queries.ts";
import type { Consequence, Hearing } from "./hearing.ts";
import { joinOrOpen } from "./join-or-open.ts";
import { noteReply, reply } from "./reply.ts";

/** How long a digit picks from the choices; the villager may pick one after the other. */
const OPEN_FOR = DAY;

/**
 * "政策 高龄补贴": the entry of the compilation; up to three to choose from where it is not clear which; and where there
 * is none, a question that somebody of the committee answers.
 */
export async function replyPolicy(work: SystemWork, hearing: Hearing, words: string): Promise<Consequence> {
  const entries = await listActivePolicies(work.tx, hearing.village);
  const found = findPolicy(readChoice(hearing, words) ?? words, entries);
  switch (found.kind) {
    case "sure":
      return tell(found.entry, await reply(work, hearing, "reply", sayPolicy(found.entry, hearing.village.signature)));
    case "unsure":
      return { detail: noteReply(await offer(work, hearing, found.entries)), suggestionId: null };
    case "unsaid":
      return {
        detail: noteReply(await reply(work, hearing, "reply", renderSms("policy-which", {}))),
        suggestionId: null,
      };
    case "none":
      return await joinOrOpen(work, hearing, "consult");
  }
}

const tell = (policy: Policy, message: MessageId | null): Consequence => ({
  detail: noteReply(message, { policy: policy.title, policyId: policy.id }),
  suggestionId: null,
});

async function offer(work: SystemWork, hearing: Hearing, entries: readonly Policy[]): Promise<MessageId | null> {
  const options = entries.map((entry) => entry.title);
  const messageId = await reply(work, hearing, "reply", sayChoices(options));
  if (messageId === null) return null;
  const expiresAt = after(work.now, OPEN_FOR);
  const question = { villageId: hearing.village.id, phoneHash: hearing.text.fromHash, kind: "policy" as const };
  await askQuestion(work.tx, { ...question, messageId, suggestionId: null, options, expiresAt }, work.now);
  return messageId;
}

/** The title behind a digit, "政策 2" too, while choices are open to this phone. */
function readChoice({ questions }: Hearing, words: string): string | null {
  const digit = /^第?([1-9一二三])(?:个|项|条)?$/.exec(fold(words))?.[1];
  if (!digit) return null;
  const nth = "一二三".includes(digit) ? "一二三".indexOf(digit) : Number(digit) - 1;
  return questions.find((one) => one.kind === "policy")?.options?.[nth] ?? null;
}
