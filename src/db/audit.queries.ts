import { sql } from "kysely";
import type { TownshipId, VillageId } from "../lib/ids.ts";
import type { Db } from "./connect.ts";

/** The chain of what belongs to no village or township. */
export const PLATFORM_CHAIN = "00000000-0000-0000-0000-000000000000";
export type Chain = VillageId | TownshipId | typeof PLATFORM_CHAIN;

export type AuditEntry = {
  chain: Chain;
  action: string;
  subject: string;
  subjectId: string | null;
  /** Ids, counts and codes; never a text, a name or a number. */
  detail?: Record<string, string | number | boolean | null>;
};

/**
 * Adds a line to the audit log. The database takes the actor from the transaction's own settings, chains the hash
 * under a lock on the chain's head, and lets nobody change a line. Call it last in a unit of work: the lock is held
 * until the commit.
 */
export async function audit(work: { tx: Db; now: Date }, entry: AuditEntry): Promise<void> {
  await sql`select append_audit(${entry.chain}::uuid, ${work.now}, ${entry.action}, ${entry.subject},
    ${entry.subjectId}::uuid, ${JSON.stringify(entry.detail ?? {})}::jsonb)`.execute(work.tx);
}

export type AuditBreak = { chain: string; seq: string; problem: string };

export const verifyAudit = async (db: Db): Promise<AuditBreak[]> =>
  (await sql<AuditBreak>`select chain, seq, problem from verify_audit()`.execute(db)).rows;
