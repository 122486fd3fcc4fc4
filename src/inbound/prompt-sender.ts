import { audit } from "../db/audit.queries.ts";
import { suppressQueued } from "../message/replies.queries.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { flagWrongPerson } from "../roster/phone-problem.queries.ts";
import { type Consequence, type Hearing, NOTHING } from "./hearing.ts";
import { noteReply, reply } from "./reply.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Texts that open nothing. Thanks and machines get no word back; whoever sent nothing we can read, or says that we have
 * the wrong person, gets one gentle text a day.
 */
export async function promptSender(
  work: SystemWork,
  hearing: Hearing,
  verdict: Extract<Verdict, { meaning: "courtesy" | "auto_reply" | "wrong_number" | "noise" }>,
): Promise<Consequence> {
  switch (verdict.meaning) {
    case "courtesy":
    case "auto_reply":
      return NOTHING;
    case "noise":
      return { detail: noteReply(await reply(work, hearing, "prompt", renderSms("prompt", {}))), suggestionId: null };
    case "wrong_number":
      return await holdNumber(work, hearing);
  }
}

/** Nothing more goes to a stranger until somebody of the village has looked: the people page shows the door. */
async function holdNumber(work: SystemWork, hearing: Hearing): Promise<Consequence> {
  const { text, village } = hearing;
  const message = await reply(work, hearing, "prompt", renderSms("wrong-number", {}));
  await suppressQueued(work.tx, village.id, text.fromHash, work.now);
  if (await flagWrongPerson(work.tx, village.id, text.fromHash, work.now)) {
    await audit(work, { chain: village.id, action: "roster.wrong_person", subject: "inbound", subjectId: text.id });
  }
  return { detail: noteReply(message), suggestionId: null };
}
