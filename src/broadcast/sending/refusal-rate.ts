import { lookUpCode } from "../../carrier/refusals.ts";
import { audit } from "../../db/audit.queries.ts";
import type { MessageId } from "../../lib/ids.ts";
import { inSystemWork, type SystemWork, type WorkDeps } from "../../queue/work.ts";
import { lockBroadcast } from "../broadcast.queries.ts";
import { moveBroadcast } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { findRefused, type Refusals } from "./refusal-rate.queries.ts";

/** After refusals of these texts: pauses the broadcasts for which they were too many. Returns which and why. */
export async function weighRefusals(deps: WorkDeps, messageIds: readonly MessageId[]): Promise<Refusals[]> {
  const suspects = await findRefused(deps.system, messageIds);
  const paused: Refusals[] = [];
  for (const suspect of suspects) {
    const found = await inSystemWork(deps, (work) => pauseRefused(work, suspect, messageIds));
    if (found) paused.push(found);
  }
  return paused;
}

async function pauseRefused(
  work: SystemWork,
  { broadcastId: id }: Refusals,
  messageIds: readonly MessageId[],
): Promise<Refusals | null> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return null;
  // Counted again under the lock: somebody may have paused and resumed it meanwhile, knowing of these.
  const found = (await findRefused(work.tx, messageIds)).find((one) => one.broadcastId === id);
  if (!found) return null;
  const note = sayRefusals(found);
  if (!(await moveBroadcast(work.tx, id, "paused", { note }))) return null;
  const { villageId } = broadcast;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: null, kind: "stopped", note }, work.now);
  const { called, refused, code } = found;
  const detail = { called, refused, code };
  await audit(work, { chain: villageId, action: "broadcast.stop", subject: "broadcast", subjectId: id, detail });
  return found;
}

const sayRefusals = ({ called, refused, code }: Refusals): string =>
  `最近发的 ${called} 条里，运营商拒收了 ${refused} 条，多半因为“${lookUpCode(code).sentence}”。查清原因以后再接着发`;
