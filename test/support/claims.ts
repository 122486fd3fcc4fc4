import { randomUUID } from "node:crypto";
import { type ClaimId, newId } from "../../src/lib/ids.ts";
import { type Claim, type ClaimRequest, claimChunk } from "../../src/message/claim.queries.ts";
import type { TestContext } from "./context.ts";

/** Claims as a worker does; without `begin`, nothing of it is begun. */
export async function claimAs(
  t: TestContext,
  request: Partial<ClaimRequest> = {},
): Promise<{ claimId: ClaimId; claim: Claim }> {
  const claimId = newId<ClaimId>();
  const claim = await claimChunk(t.ctx.db.system, {
    id: claimId,
    channelId: t.ctx.channelId,
    worker: randomUUID(),
    leaseMs: 60_000,
    now: t.clock.now(),
    max: 500,
    begin: 0,
    ...request,
  });
  return { claimId, claim };
}
