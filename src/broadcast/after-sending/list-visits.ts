import { audit } from "../../db/audit.queries.ts";
import type { BroadcastId, HouseholdId } from "../../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import { type Cause, causeOf } from "../../message/causes.ts";
import type { Work } from "../../queue/work.ts";
import { type Broadcast, findBroadcast } from "../broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { listUnreached, type UnreachedDoor } from "./unreached.queries.ts";
import { TELLINGS, type Telling } from "./visit.ts";
import { insertVisits, tickVisit } from "./visits.queries.ts";

export type Unreached = UnreachedDoor & { cause: Cause };

/** Every door that a notice did not reach, with the cause in one word. */
export async function readUnreached({ tx }: Work, broadcast: Broadcast): Promise<Unreached[]> {
  return (await listUnreached(tx, broadcast)).flatMap((door) => {
    const cause = door.state === null ? "no_phone" : causeOf(door.state, door.reason);
    return cause ? [{ ...door, cause }] : [];
  });
}

/** Puts the doors that a notice did not reach on its visiting list; `causes`: only those, all of them by default. */
export async function listForVisit(
  work: Work,
  id: BroadcastId,
  causes: readonly Cause[] | null,
): Promise<Outcome<{ id: BroadcastId; listed: number }>> {
  const broadcast = await findBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (!broadcast.launchedAt) return refusal("move_not_allowed", "这条通知还没有发出");
  if (causes?.length === 0) return invalid({ field: "causes", message: "请至少选一种原因" });
  const doors = (await readUnreached(work, broadcast)).filter(({ cause }) => causes === null || causes.includes(cause));
  const of = { broadcastId: id, villageId: broadcast.villageId, by: work.actor.id };
  const listed = await insertVisits(work.tx, of, doors, work.now);
  if (listed === 0) return refusal("move_not_allowed", "没有新的户要列入清单");
  const event = { broadcastId: id, villageId: broadcast.villageId, actorId: work.actor.id, kind: "visits_listed" };
  await noteEvent(work.tx, { ...event, note: `${listed} 户` }, work.now);
  await audit(work, {
    chain: broadcast.villageId,
    action: "visit.list",
    subject: "broadcast",
    subjectId: id,
    detail: { listed },
  });
  return ok({ id, listed });
}

const LONGEST_NOTE = 100;

/** What became of a visit: told to somebody's face, told by a call, or nobody was there. Said again, the last counts. */
export async function tellDoor(
  work: Work,
  broadcast: Pick<Broadcast, "id" | "villageId">,
  wish: { householdId: HouseholdId; how: string; note: string },
): Promise<Outcome<BroadcastId>> {
  const how: Telling | undefined = TELLINGS.find((one) => one === wish.how);
  if (!how) return invalid({ field: "how", message: "请选当面、打电话，还是没找到人" });
  const note = cleanText(wish.note).trim();
  if (Array.from(note).length > LONGEST_NOTE) {
    return invalid({ field: "note", message: `备注最多 ${LONGEST_NOTE} 个字` });
  }
  const { id, villageId } = broadcast;
  const of = { broadcastId: id, householdId: wish.householdId };
  if (!(await tickVisit(work.tx, of, { how, by: work.actor.id, note }, work.now))) {
    return refusal("not_found", "这户不在您的入户清单上");
  }
  await audit(work, {
    chain: villageId,
    action: "visit.tick",
    subject: "broadcast",
    subjectId: id,
    detail: { household: wish.householdId, how },
  });
  return ok(id);
}
