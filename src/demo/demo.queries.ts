import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { BroadcastId, InboundId, SuggestionId, VillageId } from "../lib/ids.ts";
import type { Actor } from "../lib/roles.ts";
import { ACCOUNTS, type Login } from "./accounts.ts";

/** No password hashes to this, so an account that has it is one that nobody can sign in to yet. */
export const NO_PASSWORD = "";

export type DemoActors = Record<Login, Actor>;

/** The demo's accounts while their passwords are still to come; null before they are made and ever after. */
export async function waitingActors(db: Db): Promise<DemoActors | null> {
  const rows = await db
    .selectFrom("staff as s")
    .innerJoin("actors as a", "a.id", "s.id")
    .select([
      "s.login",
      "a.id",
      "a.kind",
      "a.role",
      "a.name",
      "a.township_id as township",
      sql<VillageId[]>`case when a.village_id is null then '{}' else array[a.village_id] end`.as("villages"),
    ])
    .where(
      "s.login",
      "in",
      ACCOUNTS.map((one) => one.login),
    )
    .where("s.password_hash", "=", NO_PASSWORD)
    .execute();
  const actors: Partial<DemoActors> = Object.fromEntries(rows.map(({ login, ...actor }) => [login, actor]));
  return rows.length === ACCOUNTS.length ? (actors as DemoActors) : null;
}

/** Whether the past of this village was begun, by us or by people. */
export async function hasHistory(db: Db, villageId: VillageId): Promise<boolean> {
  const { rows } = await sql<{ begun: boolean }>`
    select exists (select from broadcasts where village_id = ${villageId})
        or exists (select from inbound where village_id = ${villageId}) as begun`.execute(db);
  return rows[0]?.begun ?? false;
}

/** The case that a text opened or belongs to. */
export async function caseOfText(db: Db, id: InboundId): Promise<SuggestionId | null> {
  const row = await db.selectFrom("inbound").select("suggestion_id").where("id", "=", id).executeTakeFirst();
  return row?.suggestion_id ?? null;
}

/**
 * A launch dates its messages' ids by the database's clock. Theirs become those of the moment they were made, so that
 * a household's texts sort as they came.
 */
export async function dateMessages(tx: Tx, broadcastId: BroadcastId): Promise<void> {
  await sql`
    update messages
       set id = overlay(id::text placing left(uuid_floor(created_at)::text, 13) from 1 for 13)::uuid
     where broadcast_id = ${broadcastId}`.execute(tx);
}

/** What the carrier just said of numbers was said then, not now. */
export async function dateProblems(tx: Tx, villageId: VillageId, at: Date): Promise<void> {
  await tx
    .updateTable("phones")
    .set({ problem_at: at })
    .where("village_id", "=", villageId)
    .where("problem_at", ">", at)
    .execute();
}
