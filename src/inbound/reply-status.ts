import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { findOwnCase, listOwnCases, listOwnSealed } from "../suggestion/own-cases.queries.ts";
import { sayCase, sayCases } from "../suggestion/say-case.ts";
import type { Consequence, Hearing } from "./hearing.ts";
import { noteReply, queueReply, reply } from "./reply.ts";

/**
 * "查", "俺那事咋样了", "查42". The reply is the same whether or not the phone also has a sealed case: of that one it is
 * told in a second text, sealed itself, so that nobody of the village can tell the two apart.
 */
export async function replyStatus(work: SystemWork, hearing: Hearing, number: number | null): Promise<Consequence> {
  const { text, sender, village } = hearing;
  const asker = { villageId: village.id, phoneHash: text.fromHash, householdId: sender.householdId };
  const own = number === null ? undefined : await findOwnCase(work.tx, asker, number);
  const body =
    number === null
      ? sayCases(await listOwnCases(work.tx, asker), work.now)
      : own
        ? sayCase(own, work.now)
        : renderSms("status-not-yours", { number: String(number) });
  const told = await reply(work, hearing, "reply", body);
  if (told !== null) {
    const sealed = (await listOwnSealed(work.tx, asker)).filter((one) => number === null || one.number === number);
    if (sealed.length > 0) {
      const numbers = sealed.map((one) => one.number).join("、");
      await queueReply(work, hearing, "reply", renderSms("status-sealed", { number: numbers }), true);
    }
  }
  return { detail: noteReply(told, number === null ? null : { number }), suggestionId: own?.id ?? null };
}
