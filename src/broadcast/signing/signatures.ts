import type { Role } from "../../lib/roles.ts";
import type { Broadcast } from "../broadcast.queries.ts";

/** Whose signature a notice needs beside its drafter's hand: three different people. */
export const KEYS = ["approver", "overseer"] as const;
export type Key = (typeof KEYS)[number];

export const KEY_WORDS: Record<Key, string> = { approver: "书记", overseer: "村监会" };

/** When somebody is asked by text to sign; the last three after an emergency has left with one key. */
export const SIGN_RUNGS = ["first", "before", "after", "again", "township"] as const;
export type SignRung = (typeof SIGN_RUNGS)[number];

/** What tells whose signature is missing. */
export type Signed = Pick<
  Broadcast,
  "state" | "needsOverseer" | "approvedAt" | "overseenAt" | "urgentReason" | "launchedAt" | "objectedAt"
>;

/** Whose signature a notice still waits for. One that left with one key waits until somebody signs it or objects. */
export function missingKeys(broadcast: Signed): Key[] {
  const { state, needsOverseer, approvedAt, overseenAt } = broadcast;
  if (waitsForCountersignature(broadcast)) return ["approver"];
  if (state !== "awaiting_approval") return [];
  return KEYS.filter((key) => (key === "approver" ? approvedAt === null : needsOverseer && overseenAt === null));
}

/** The keys that a role holds in a village; the township stands in for an overseer whom the village does not have. */
export function keysOf(role: Role, overseerThere: boolean): Key[] {
  if (role === "secretary") return ["approver"];
  return role === "overseer" || (role === "township" && !overseerThere) ? ["overseer"] : [];
}

export const waitsForCountersignature = ({ urgentReason, launchedAt, approvedAt, objectedAt }: Signed): boolean =>
  urgentReason !== null && launchedAt !== null && approvedAt === null && objectedAt === null;
