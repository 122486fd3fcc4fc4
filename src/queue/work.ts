import type { Db, Tx } from "../db/connect.ts";
import { asActor, asPublic, asSystem, inNameOf } from "../db/tenancy.ts";
import type { Clock } from "../lib/clock.ts";
import type { InboundId, VillageId } from "../lib/ids.ts";
import type { Actor } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Doorbells } from "./connect.ts";
import type { Bell } from "./queues.ts";

/**
 * A unit of work: one transaction, one reading of the clock, the bells to ring once it is committed, and what opens a
 * number that a text must name. A use case takes it as its first argument, so facts that must hold together are in one
 * commit, and no bell rings for a fact that was rolled back.
 */
export type SystemWork = { tx: Tx; now: Date; sealer: Sealer; ring(bell: Bell): void };
/** The same, done by a person or an API key. */
export type Work = SystemWork & {
  actor: Actor;
  /** The text by which he does it; without one it is by page or program. */
  inboundId?: InboundId;
};

export type WorkDeps = { app: Db; system: Db; clock: Clock; sealer: Sealer; bells: Pick<Doorbells, "ring"> };

export function inWork<T>(deps: WorkDeps, actor: Actor, body: (work: Work) => Promise<T>): Promise<T> {
  return commit(deps, (part) => asActor(deps.app, actor, (tx) => part(tx, (work) => body({ ...work, actor }))));
}

export function inSystemWork<T>(deps: WorkDeps, body: (work: SystemWork) => Promise<T>): Promise<T> {
  return commit(deps, (part) => asSystem(deps.system, (tx) => part(tx, body)));
}

/** What a visitor without an account may have of a village: rows that are public, and nothing that opens a number. */
export type PublicWork = Pick<SystemWork, "tx" | "now">;

export function inPublicWork<T>(
  deps: Pick<WorkDeps, "app" | "clock">,
  villageId: VillageId,
  body: (work: PublicWork) => Promise<T>,
): Promise<T> {
  return asPublic(deps.app, villageId, (tx) => body({ tx, now: deps.clock.now() }));
}

/**
 * A member of staff acts by text, inside the unit of work that understands the text: audited as his. What is refused,
 * or only rehearsed to learn whether it would be, is undone, and no bell rings for it.
 */
export async function inNameOfStaff<T>(
  work: SystemWork,
  actor: Actor,
  inboundId: InboundId,
  body: (work: Work) => Promise<T>,
  rehearse = false,
): Promise<T> {
  const bells: Bell[] = [];
  const part = { ...work, ring: (bell: Bell) => void bells.push(bell), actor, inboundId };
  const undo = (value: T) => rehearse || isRefusal(value);
  const value = await inNameOf(work.tx, actor, () => body(part), undo);
  if (!undo(value)) for (const bell of bells) work.ring(bell);
  return value;
}

/** A refusal is a value, but it must leave nothing half-done: it rolls back on its way out. */
class RolledBack<T> extends Error {
  readonly refused: T;
  constructor(refused: T) {
    super("refused");
    this.refused = refused;
  }
}

type Part<T> = (tx: Tx, body: (work: SystemWork) => Promise<T>) => Promise<T>;

async function commit<T>(deps: WorkDeps, transact: (part: Part<T>) => Promise<T>): Promise<T> {
  const bells: Bell[] = [];
  try {
    const value = await transact(async (tx, body) => {
      const { clock, sealer } = deps;
      const answer = await body({ tx, now: clock.now(), sealer, ring: (bell) => void bells.push(bell) });
      if (isRefusal(answer)) throw new RolledBack(answer);
      return answer;
    });
    if (bells.length > 0) await deps.bells.ring(bells);
    return value;
  } catch (error) {
    if (error instanceof RolledBack) return error.refused as T;
    throw error;
  }
}

const isRefusal = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "ok" in value && value.ok === false;
