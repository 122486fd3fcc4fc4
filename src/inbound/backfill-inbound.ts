import type { Carrier } from "../carrier/port.ts";
import type { Db } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { knownCarrierIds } from "./inbound.queries.ts";
import type { InboundIntake } from "./intake-inbound.ts";

/**
 * Asks the carrier what it received for us, and stores what its webhooks never brought (we were down longer than it
 * repeats them). The text goes the same way as any other; its raw form is the carrier's listing.
 */
export async function backfillInbound(
  deps: { system: Db; carrier: Carrier; inbound: InboundIntake; log: Log },
  since: Date,
): Promise<number> {
  const listed = await deps.carrier.findReceived(since);
  const known = await knownCarrierIds(
    deps.system,
    deps.carrier.name,
    listed.map((text) => text.carrierMessageId),
  );
  const missing = listed.filter((text) => !known.has(text.carrierMessageId));
  // Oldest first, as they were written.
  for (const text of missing.reverse()) {
    const { carrierMessageId, from, to, body } = text;
    await deps.inbound.take({
      carrierMessageId,
      from,
      to,
      body,
      raw: Buffer.from(JSON.stringify(text)),
      backfilled: true,
    });
  }
  if (missing.length > 0) deps.log.warn({ texts: missing.length }, "texts back-filled that no webhook brought");
  return missing.length;
}
