import type { MessageId } from "../lib/ids.ts";
import type { Purpose } from "../message/message.ts";
import { queueText } from "../message/queue-text.ts";
import type { SystemWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";

/** Texts the person behind a case; null for one who spoke without a phone, and is told in person. */
export async function tellVillager(
  work: SystemWork,
  village: Village,
  suggestion: Pick<Suggestion, "id" | "phone" | "phoneHash" | "householdId" | "sealed">,
  purpose: Exclude<Purpose, "broadcast">,
  body: string,
): Promise<MessageId | null> {
  if (!suggestion.phone || !suggestion.phoneHash) return null;
  return await queueText(work, {
    villageId: village.id,
    signature: village.signature,
    phone: { hash: suggestion.phoneHash, sealed: suggestion.phone },
    householdId: suggestion.householdId,
    suggestionId: suggestion.id,
    purpose,
    body,
    sealed: suggestion.sealed,
  });
}

export const ownerOf = ({ owner, ownerPost }: Pick<Suggestion, "owner" | "ownerPost">) =>
  owner === null ? null : { name: owner, post: ownerPost };

/** `刘建国书记`: the same person's name each time; an owner who is no person stands for the committee. */
export function sayOwner(owner: { name: string; post: string | null } | null | undefined): string {
  if (!owner || owner.post === null) return "村委会";
  // A title people are called by is short; "王春霞联户干部" is how a form speaks.
  return Array.from(owner.post).length <= 3 ? `${owner.name}${owner.post}` : owner.name;
}
