import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, ChannelId, InboundId, SuggestionId, VillageId, VillagerId } from "../lib/ids.ts";
import type { SuggestionState } from "./suggestion.ts";

export type Said = {
  text: string;
  at: Date;
  inboundId: InboundId | null;
  villagerId: VillagerId | null;
  channelId: ChannelId | null;
};

/** What the villager of a case said, in order: the text it was opened with and what he added. */
export const readSaid = (db: Db, id: SuggestionId): Promise<Said[]> =>
  db
    .selectFrom("suggestion_events as e")
    .innerJoin("suggestions as s", "s.id", "e.suggestion_id")
    .select(["e.text", "e.at", "e.inbound_id as inboundId", "s.villager_id as villagerId", "s.channel_id as channelId"])
    .where("e.suggestion_id", "=", id)
    .where("e.kind", "in", ["opened", "added", "added_after_answer"])
    .orderBy("e.id")
    .execute();

export type CaseName = { id: SuggestionId; number: number; text: string; state: SuggestionState };
export type Relations = {
  about: { id: BroadcastId; body: string } | null;
  relatedTo: CaseName | null;
  mergedInto: CaseName | null;
  splitFrom: CaseName | null;
  /** How often the very same words came again. */
  repeats: number;
  /** Words added after the answer that nobody of the office has acted on since. */
  unheeded: number;
};

/** What a case has to do with notices and other cases; those that this actor may not see are left out. */
export async function readRelations(db: Db, id: SuggestionId): Promise<Relations> {
  const { rows } = await sql<Relations>`
    select (select json_build_object('id', b.id, 'body', b.body) from broadcasts b
             where b.id = s.about_broadcast_id) as about,
           (${name("s.related_to")}) as "relatedTo", (${name("s.merged_into")}) as "mergedInto",
           (${name("s.split_from")}) as "splitFrom",
           (select count(*)::int from inbound i where i.suggestion_id = s.id and i.rule = 'joined_repeat') as repeats,
           (select count(*)::int from suggestion_events e where e.suggestion_id = s.id
              and e.kind = 'added_after_answer'
              and e.id > coalesce((select max(o.id::text)::uuid from suggestion_events o
                                    where o.suggestion_id = s.id and o.voice = 'staff'), s.id)) as unheeded
      from suggestions s where s.id = ${id}`.execute(db);
  const found = rows[0];
  if (!found) throw new Error(`no case ${id}`);
  return found;
}

const name = (column: "s.related_to" | "s.merged_into" | "s.split_from") => sql`
  select json_build_object('id', o.id, 'number', o.number, 'text', o.text, 'state', o.state)
    from suggestions o where o.id = ${sql.ref(column)} and not o.sealed`;

export type KnownIn = { id: VillageId; code: string; name: string };

/** The other villages that know a case's phone. */
export async function otherVillages(db: Db, suggestion: { villageId: VillageId; phoneHash: Buffer | null }) {
  if (!suggestion.phoneHash) return [];
  const { rows } = await sql<KnownIn>`select id, code, name from villages_of_phone(${suggestion.phoneHash})
    where id <> ${suggestion.villageId}`.execute(db);
  return rows;
}

/** Gives the texts of a case to another village: they are understood again there. The first of them, or none. */
export async function replaceTexts(
  tx: Tx,
  from: SuggestionId,
  to: VillageId,
  now: Date,
): Promise<InboundId | undefined> {
  const rows = await tx
    .selectFrom("inbound")
    .select("id")
    .where("suggestion_id", "=", from)
    .where("meaning", "!=", "rating")
    .where("sealed", "=", false)
    .orderBy("id")
    .execute();
  const ids = rows.map((row) => row.id);
  await sql`select replay_texts(${ids}::uuid[], ${to}, ${from}, ${now})`.execute(tx);
  return ids[0];
}

/** The texts of the cases that were split from this one. */
export async function partsMade(db: Db, id: SuggestionId): Promise<Set<string>> {
  const rows = await db.selectFrom("suggestions").select("text").where("split_from", "=", id).execute();
  return new Set(rows.map((row) => row.text));
}
