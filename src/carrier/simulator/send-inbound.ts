import type { Db } from "../../db/connect.ts";
import { lastSenderTo } from "./messages.queries.ts";
import type { TakeMessage } from "./take-message.ts";

export type SendInboundDeps = { db: Db; sender: string; take: TakeMessage };

/**
 * Somebody texts: to the number that texted this phone last, else to the service's. The simulator shows it at once and
 * brings it to our webhook. Returns its sid.
 */
export async function sendInbound(deps: SendInboundDeps, text: { from: string; body: string }): Promise<string> {
  const to = (await lastSenderTo(deps.db, text.from)) ?? deps.sender;
  const { sid } = await deps.take.inbound({ ...text, to });
  return sid;
}
