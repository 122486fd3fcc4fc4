import { sql } from "kysely";
import type { Db } from "../../db/connect.ts";
import type { BroadcastId, InboundId, SuggestionId } from "../../lib/ids.ts";

export type Reply = {
  id: InboundId;
  at: Date;
  who: string | null;
  household: string | null;
  body: string;
  /** The case it opened, if it did. */
  caseId: SuggestionId | null;
  caseNumber: number | null;
};
/** `older`: there are more, before this one. */
export type Replies = { doors: number; polite: number; said: Reply[]; older: InboundId | null };

const MOST_SHOWN = 30;

/**
 * What came back to a notice: how many doors wrote, how many of the texts were a mere 收到, and the newest of the rest,
 * or those before one of them. Sealed texts are nobody's replies here, whoever asks; a bare vote is counted with the
 * poll, and nobody is shown by name with it.
 */
export async function listReplies(db: Db, id: BroadcastId, before: InboundId | null = null): Promise<Replies> {
  const answers = sql`from inbound i where i.about_broadcast_id = ${id} and not i.sealed and i.understood_at is not null
    and i.meaning not in ('opt_out', 'opt_in', 'auto_reply') and not (i.meaning = 'poll' and char_length(i.body) <= 3)`;
  const { rows: counts } = await sql<{ doors: number; polite: number }>`
    select count(distinct coalesce(i.household_id::text, encode(i.from_hash, 'hex')))::int as doors,
           count(*) filter (where i.meaning in ('courtesy', 'noise'))::int as polite ${answers}`.execute(db);
  const { rows: said } = await sql<Reply>`
    select r.id, r.received_at as at, v.name as who, h.number as household, r.body, s.id as "caseId", s.number as "caseNumber"
      from (select i.* ${answers} and i.meaning not in ('courtesy', 'noise')
                                 ${before ? sql`and i.id < ${before}` : sql``} order by i.id desc limit ${MOST_SHOWN + 1}) r
      left join villagers v on v.id = r.villager_id
      left join households h on h.id = r.household_id
      left join suggestions s on s.id = r.suggestion_id
     order by r.id desc`.execute(db);
  const shown = said.slice(0, MOST_SHOWN);
  const older = said.length > MOST_SHOWN ? (shown.at(-1)?.id ?? null) : null;
  return { doors: counts[0]?.doors ?? 0, polite: counts[0]?.polite ?? 0, said: shown, older };
}
