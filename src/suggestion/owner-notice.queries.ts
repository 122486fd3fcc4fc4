import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, MessageId, OwnerNoticeId, SuggestionId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { OwnerNoticeKind } from "./owner-notice.ts";
import { OPEN_STATES } from "./suggestion.ts";

/** The owner of an open case that village staff may know of, if he is a person with an account and a phone on record. */
export async function findTexted(
  db: Db,
  id: SuggestionId,
): Promise<{ staffId: ActorId; villageId: VillageId; urgent: boolean } | undefined> {
  return await db
    .selectFrom("suggestions as s")
    .innerJoin("actors as a", (join) =>
      join.onRef("a.id", "=", "s.owner_id").onRef("a.village_id", "=", "s.village_id").on("a.active", "=", true),
    )
    .innerJoin("staff as f", "f.id", "a.id")
    .select(["a.id as staffId", "s.village_id as villageId", "s.urgent"])
    .where("s.id", "=", id)
    .where("s.sealed", "=", false)
    .where("s.state", "in", [...OPEN_STATES])
    .where("f.phone_hash", "is not", null)
    .executeTakeFirst();
}

export type NewOwnerNotice = {
  villageId: VillageId;
  suggestionId: SuggestionId;
  staffId: ActorId;
  kind: OwnerNoticeKind;
  urgent: boolean;
  dueAt: Date;
};

export async function insertOwnerNotice(tx: Tx, notice: NewOwnerNotice, now: Date): Promise<void> {
  await tx
    .insertInto("owner_notices")
    .values({
      id: newId<OwnerNoticeId>(now.getTime()),
      village_id: notice.villageId,
      suggestion_id: notice.suggestionId,
      staff_id: notice.staffId,
      kind: notice.kind,
      urgent: notice.urgent,
      due_at: notice.dueAt,
      created_at: now,
      settled_at: null,
      message_id: null,
    })
    .execute();
}

export type DueNotice = {
  id: OwnerNoticeId;
  villageId: VillageId;
  suggestionId: SuggestionId;
  staffId: ActorId;
  kind: OwnerNoticeKind;
  urgent: boolean;
  digest: boolean;
  /** The case is still open, his, and not sealed; his account is in use and has a phone. */
  due: boolean;
  number: number;
  text: string;
  household: string | null;
  villager: string | null;
  promisedAt: Date;
  phoneHash: Buffer | null;
  phone: Buffer | null;
};

/** What is due to be told, urgent first, then as it came; of a digest that is due all that waits for it. */
export async function takeDueNotices(tx: Tx, now: Date, limit: number): Promise<DueNotice[]> {
  const { rows } = await sql<DueNotice>`
    select n.id, n.village_id as "villageId", n.suggestion_id as "suggestionId", n.staff_id as "staffId", n.kind,
           n.urgent, n.digest, s.number, s.text, h.number as household, v.name as villager,
           s.due_at as "promisedAt", f.phone_hash as "phoneHash", f.phone,
           (s.state in (${sql.join(OPEN_STATES)}) and not s.sealed and s.owner_id = n.staff_id and a.active
             and a.village_id = s.village_id and f.phone is not null) as due
      from owner_notices n
      join suggestions s on s.id = n.suggestion_id
      join actors a on a.id = n.staff_id
      join staff f on f.id = n.staff_id
      left join households h on h.id = s.household_id
      left join villagers v on v.id = s.villager_id
     where n.settled_at is null
       and (n.due_at <= ${now} or (n.digest and exists (
         select from owner_notices d
          where d.staff_id = n.staff_id and d.digest and d.settled_at is null and d.due_at <= ${now})))
     order by n.urgent desc, n.id limit ${limit} for update of n skip locked`.execute(tx);
  return rows;
}

export async function settleNotices(
  tx: Tx,
  ids: readonly OwnerNoticeId[],
  messageId: MessageId | null,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("owner_notices")
    .set({ settled_at: now, message_id: messageId })
    .where("id", "in", ids)
    .execute();
}

export async function postponeNotice(
  tx: Tx,
  id: OwnerNoticeId,
  change: { due_at: Date; digest?: boolean },
): Promise<void> {
  await tx.updateTable("owner_notices").set(change).where("id", "=", id).execute();
}

export type ToldToday = {
  /** Texts about single cases since this moment. */
  count: number;
  /** When he was last texted of this case. */
  lastOfCase: Date | null;
};

export async function readTold(db: Db, staffId: ActorId, suggestionId: SuggestionId, since: Date): Promise<ToldToday> {
  const { rows } = await sql<ToldToday>`
    select count(*) filter (where settled_at >= ${since} and not digest)::int as count,
           max(settled_at) filter (where suggestion_id = ${suggestionId}) as "lastOfCase"
      from owner_notices where staff_id = ${staffId} and message_id is not null
       and settled_at >= ${since}::timestamptz - interval '1 hour'`.execute(db);
  return rows[0] ?? { count: 0, lastOfCase: null };
}
