import type { MessageId } from "../lib/ids.ts";
import { mayReply } from "../message/may-reply.ts";
import { queueText } from "../message/queue-text.ts";
import type { AutomaticPurpose } from "../message/reply-limits.ts";
import type { SystemWork } from "../queue/work.ts";
import { type Hearing, phoneOf } from "./hearing.ts";

/** What the text's row says of its reply: staff see beside the text that it was kept back. */
export const noteReply = (message: MessageId | null, detail: Record<string, unknown> | null = null) =>
  message === null ? { ...detail, unanswered: true } : detail;

/** Writes back to the phone that spoke. Null: it has had enough of our texts for now, and gets none. */
export async function reply(
  work: SystemWork,
  hearing: Hearing,
  purpose: AutomaticPurpose,
  body: string,
): Promise<MessageId | null> {
  if (!(await mayReply(work, hearing.text.fromHash, purpose))) return null;
  return await queueReply(work, hearing, purpose, body, false);
}

/** A sealed one is seen by nobody of the village, not even as a number. */
export const queueReply = (
  work: SystemWork,
  hearing: Hearing,
  purpose: AutomaticPurpose,
  body: string,
  sealed: boolean,
): Promise<MessageId> =>
  queueText(work, {
    villageId: hearing.village.id,
    signature: hearing.village.signature,
    phone: phoneOf(hearing),
    householdId: hearing.sender.householdId,
    suggestionId: null,
    purpose,
    body,
    sealed: sealed || hearing.sealed,
  });
