import { isoLocal, sayDate } from "../../lib/china-time.ts";
import type { SystemWork } from "../../queue/work.ts";
import { sayAudience } from "../audience/audience.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { findTable } from "../personal/values.queries.ts";
import { QUORUM_SHARES } from "../poll/poll.ts";

/** One fact about a version beside its text, as it is shown: `给谁`, `一组，每户一条`. */
export type VersionFact = { name: string; words: string };

/**
 * What is signed beside the text. Kept as it was said when it was handed in, so that the history still tells it when a
 * group has another name; facts that a notice does not have are left out.
 */
export async function sayVersion({ tx }: SystemWork, broadcast: Broadcast): Promise<VersionFact[]> {
  const { id, column, audience, closesAt, quorum, stages, needsOverseer, urgentReason } = broadcast;
  const table = await findTable(tx, id);
  const facts: [name: string, words: string | null | undefined | false][] = [
    ["栏目", column],
    ["给谁", `${sayAudience(audience)}，${audience.scope === "villagers" ? "每人" : "每户"}一条`],
    ["截止", closesAt && sayPlainly(closesAt)],
    ["参与", quorum && QUORUM_SHARES[quorum].words],
    ["分两次", stages && `先发 ${stages.first} 户，${stages.waitMinutes} 分钟后发其余的`],
    ["每户的内容", table && `${table.names.join("、")}，${table.taken} 户，${sayPlainly(table.attachedAt)}附的表`],
    ["村监会", needsOverseer && "要签字"],
    ["先发的理由", urgentReason],
  ];
  return facts.flatMap(([name, words]) => (words ? [{ name, words }] : []));
}

/** `10月9日 14:05`: it is read on other days too. */
const sayPlainly = (at: Date): string => `${sayDate(at, at)} ${isoLocal(at).slice(11, 16)}`;
