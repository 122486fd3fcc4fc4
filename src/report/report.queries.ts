import { sql } from "kysely";
import { type Key, missingKeys, waitsForCountersignature } from "../broadcast/signing/signatures.ts";
import type { Db } from "../db/connect.ts";
import type { ActorId, VillageId } from "../lib/ids.ts";

/** What asks for somebody's attention today, beside the cases. */
export type Attention = {
  /** Of others: whose signature each still waits for. */
  toSign: { id: string; body: string; drafter: string; missing: Key[] }[];
  /** One's own, whose time has passed before everybody had signed. */
  missed: { id: string; body: string; sendAt: Date | null }[];
  /** Emergencies of others that left with one key. */
  toCountersign: { id: string; body: string; drafter: string; urgentReason: string | null }[];
  returned: { id: string; body: string; note: string | null }[];
  stuck: { id: string; body: string; state: string; note: string | null }[];
  /** Repeated notices of others that nobody has approved. */
  schedules: number;
  /** Held until the township lets them go over the month's budget. */
  overBudget: { id: string; body: string; note: string | null }[];
  /** Texts of which nobody knows whether they left: of notices, and the cases that have one. */
  doubtful: number;
  doubtfulCases: { id: string; number: number }[];
  /** Cases to which their villager added something after the answer, and nobody has done anything since. */
  unheeded: { id: string; number: number }[];
  unregistered: number;
};

export async function readAttention(db: Db, villageId: VillageId, actorId: ActorId, now: Date): Promise<Attention> {
  const broadcasts = await db
    .selectFrom("broadcasts as b")
    .leftJoin("actors as d", "d.id", "b.drafted_by")
    .select([
      "b.id",
      "b.body",
      "b.state",
      "b.note",
      "b.held_for as heldFor",
      "b.drafted_by as draftedBy",
      "b.send_at as sendAt",
      "b.needs_overseer as needsOverseer",
      "b.approved_at as approvedAt",
      "b.overseen_at as overseenAt",
      "b.urgent_reason as urgentReason",
      "b.launched_at as launchedAt",
      "b.objected_at as objectedAt",
      sql<string>`coalesce(d.name, '')`.as("drafter"),
    ])
    .where("b.village_id", "=", villageId)
    .where((eb) =>
      eb.or([
        eb("b.state", "in", ["awaiting_approval", "returned", "held", "paused"]),
        eb.and([
          eb("b.urgent_reason", "is not", null),
          eb("b.launched_at", "is not", null),
          eb("b.approved_at", "is", null),
          eb("b.objected_at", "is", null),
        ]),
      ]),
    )
    .orderBy("b.id", "desc")
    .limit(20)
    .execute();
  const { rows } = await sql<{ doubtful: number; unregistered: number; schedules: number }>`
    select (select count(*) from messages where doubtful and village_id = ${villageId} and suggestion_id is null)::int as doubtful,
           (select count(*) from inbound where registered = false and dismissed_at is null)::int as unregistered,
           (select count(*) from schedules where village_id = ${villageId} and active and approved_by is null
              and made_by <> ${actorId})::int as schedules`.execute(db);
  const doubtfulCases = await sql<{ id: string; number: number }>`
    select s.id, s.number from suggestions s
     where s.village_id = ${villageId} and not s.sealed and s.id in (select suggestion_id from messages where doubtful)
     order by s.number limit 10`.execute(db);
  // What a villager adds to a case that was answered opens nothing by itself, so somebody has to see it.
  const unheeded = await sql<{ id: string; number: number }>`
    select s.id, s.number from suggestions s
     where s.village_id = ${villageId} and not s.sealed and s.id in (
       select e.suggestion_id from suggestion_events e
        where e.village_id = ${villageId} and e.kind = 'added_after_answer'
          and not exists (select from suggestion_events o
                           where o.suggestion_id = e.suggestion_id and o.voice = 'staff' and o.id > e.id))
     order by s.number limit 10`.execute(db);
  const others = broadcasts.filter((one) => one.draftedBy !== actorId);
  return {
    toSign: others
      .filter((one) => one.state === "awaiting_approval")
      .map((one) => ({ ...one, missing: missingKeys(one) })),
    missed: broadcasts.filter(
      (one) =>
        one.state === "awaiting_approval" && one.draftedBy === actorId && one.sendAt !== null && one.sendAt <= now,
    ),
    toCountersign: others.filter(waitsForCountersignature),
    returned: broadcasts.filter((one) => one.state === "returned" && one.draftedBy === actorId),
    stuck: broadcasts.filter((one) => one.state === "held" || one.state === "paused"),
    overBudget: broadcasts.filter((one) => one.heldFor === "budget" && one.state === "held"),
    schedules: rows[0]?.schedules ?? 0,
    doubtful: rows[0]?.doubtful ?? 0,
    doubtfulCases: doubtfulCases.rows,
    unheeded: unheeded.rows,
    unregistered: rows[0]?.unregistered ?? 0,
  };
}

export type VillageLine = { code: string; name: string; open: number; overdue: number; escalated: number };

/** The villages one may see, with what waits in each: the township's home page. */
export async function listVillageLines(db: Db, now: Date): Promise<VillageLine[]> {
  const { rows } = await sql<VillageLine>`
    select v.code, v.name,
           count(s.id)::int as open,
           count(s.id) filter (where s.due_at <= ${now})::int as overdue,
           count(s.id) filter (where s.escalated_at is not null)::int as escalated
      from villages v
      left join suggestions s on s.village_id = v.id and not s.sealed
       and s.state not in ('answered', 'closed', 'merged', 'declined', 'transferred')
     group by v.id order by overdue desc, open desc, v.code`.execute(db);
  return rows;
}
