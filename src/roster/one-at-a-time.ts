import type { Tx } from "../db/connect.ts";
import type { VillageId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { findRunning, lockRoster } from "./roster-imports.queries.ts";

/**
 * Two imports at once would fight over every door. A running one is a row, and a unique index lets a village have one;
 * a program's lasts one transaction, and holds this lock to its end.
 */
export async function refuseWhileBusy(
  tx: Tx,
  villageId: VillageId,
): Promise<Extract<Outcome<never>, { ok: false }> | null> {
  if (!(await lockRoster(tx, villageId))) {
    return refusal("move_not_allowed", "有人正在导入这个村的名册，等他导完（一般一两分钟）再试");
  }
  const running = await findRunning(tx, villageId);
  if (!running) return null;
  const { who, taken, of } = running;
  return refusal("move_not_allowed", `${who}正在导入名册（已导 ${taken} / ${of} 人），等导完再试`);
}
