import type { MessageId } from "../lib/ids.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Consequence, Hearing } from "./hearing.ts";
import { noteReply, reply } from "./reply.ts";
import { replyContact } from "./reply-contact.ts";
import { replyPolicy } from "./reply-policy.ts";
import { replyStatus } from "./reply-status.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Answers what a villager asks of the service.
 */
export async function replyToQuery(
  work: SystemWork,
  hearing: Hearing,
  verdict: Extract<Verdict, { meaning: "status_query" | "help_query" | "contact_query" | "policy_query" }>,
): Promise<Consequence> {
  switch (verdict.meaning) {
    case "status_query":
      return await replyStatus(work, hearing, verdict.number);
    case "help_query":
      return answered(await reply(work, hearing, "reply", renderSms("help", {})));
    case "contact_query":
      return answered(await replyContact(work, hearing));
    case "policy_query":
      return await replyPolicy(work, hearing, verdict.words);
  }
}

const answered = (message: MessageId | null): Consequence => ({ detail: noteReply(message), suggestionId: null });
