import type { Clock } from "../lib/clock.ts";
import type { InboundId } from "../lib/ids.ts";
import { pause } from "../lib/slots.ts";
import type { Log } from "../log.ts";
import { inSystemWork, type WorkDeps } from "../queue/work.ts";
import { noteFailure, waitingByPhone } from "./inbound.queries.ts";
import { understandInbound } from "./understand-inbound.ts";

/** Texts understood side by side; each is one short transaction. */
const ABREAST = 6;
const PAGE = 200;

/**
 * Understands the text a bell rang for, and then whatever else waits, oldest first, until nothing does. A text that
 * cannot be understood is counted and left: the sweep rings for it again, and it stays visible to the township.
 */
export async function drainInbound(
  deps: WorkDeps & { clock: Clock; log: Log },
  first: InboundId,
  signal: AbortSignal,
): Promise<void> {
  await attempt(deps, first);
  const failed = new Set<InboundId>();
  while (!signal.aborted) {
    const waiting = (await waitingByPhone(deps.system, deps.clock.now(), PAGE))
      .map((texts) => texts.filter((id) => !failed.has(id)))
      .filter((texts) => texts.length > 0);
    if (waiting.length === 0) return;
    let understood = 0;
    let next = 0;
    // Side by side by phone: a thousand texts of one phone would else stand in each other's way.
    const work = async () => {
      for (let texts = waiting[next++]; texts; texts = waiting[next++]) {
        for (const id of texts) {
          if (signal.aborted) return;
          const done = await attempt(deps, id);
          if (done === "failed") failed.add(id);
          else if (done) understood++;
          // Somebody else has this text, and what follows it waits for it.
          else break;
        }
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    // All that is left is in somebody else's hands, or waits for an earlier text of its phone that is.
    if (understood === 0) await pause(50, signal);
  }
}

async function attempt(deps: WorkDeps & { log: Log }, id: InboundId): Promise<boolean | "failed"> {
  try {
    const understood = await inSystemWork(deps, (work) => understandInbound(work, id));
    if (understood?.alarmId) deps.log.warn({ alarmId: understood.alarmId, inboundId: id }, "alarm raised");
    return understood !== null;
  } catch (error) {
    deps.log.error({ err: error, inboundId: id }, "text not understood");
    await noteFailure(deps.system, id);
    return "failed";
  }
}
